"""A repository on GitHub whose workflow runs: the one `bot init` writes, carried out job by job, with the real bot.

Payloads are GitHub's own examples with our names put in; every request the bot makes is held against GitHub's
description of its API (`wiretap.py`).
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import octokit
from actions import JobResult, Runner
from bot.cache import subfolder
from bot.reporting.progress import read_marker
from bot.workflows.filling import workflows
from generated_workflows import PIN, answers
from hub import Hub, github

ROOT = Path(__file__).resolve().parents[2]
BOT = Path(sys.executable).parent / "bot"
JOBS = ("listen", "repair", "progress", "publish")

NOTHING: Mapping[str, str] = {}
_PREPARE = re.compile(r"      - name: Prepare\n(?:        .*\n)+")


@dataclass
class Place:
    """A repository with a broken add-on, on GitHub and on this disk."""

    hub: Hub
    folder: Path
    runs: list[dict[str, JobResult]] = field(default_factory=list)
    also: Callable[[str, str], None] | None = None
    """What else happens when a step begins, by job and step."""

    def ask(
        self, number: int, body: str, user: str = "maintainer", *, issue: dict[str, Any] | None = None, **more: Any
    ) -> dict[str, JobResult]:
        """Comment, and let the workflow run."""
        comment = self.hub.comment(number, body, user)
        payload = octokit.payload("issue_comment", "created")
        payload["repository"] |= {"full_name": self.hub.repository}
        payload["sender"] |= {"login": user, "id": comment["user"]["id"], "type": "User"}
        subject = issue or {"number": number, "title": "It does not work", "body": "It does not work in Blender 4.5."}
        payload["issue"] |= {key: value for key, value in subject.items() if key in payload["issue"]}
        payload["issue"] |= {"state": "open", "locked": False}
        if "pull_request" in subject:
            payload["issue"]["pull_request"] = subject["pull_request"]
        else:
            payload["issue"].pop("pull_request", None)
        payload["comment"] |= {key: comment[key] for key in ("id", "body", "created_at", "updated_at")}
        payload["comment"]["user"] |= {"login": user, "id": comment["user"]["id"], "type": "User"}
        return self.run("issue_comment", payload, **more)

    def mine(self, number: int) -> list[dict[str, Any]]:
        """The bot's progress comments on an issue."""
        return [each for each in self.hub.comments(number) if read_marker(each["body"])]

    def label(self, issue: dict[str, Any], name: str, user: str = "maintainer", **more: Any) -> dict[str, JobResult]:
        """Put a label on an issue, and let the workflow run."""
        payload = octokit.payload("issues", "labeled")
        payload["repository"] |= {"full_name": self.hub.repository}
        payload["sender"] |= {"login": user, "id": self.hub.comment(issue["number"], "!", user)["user"]["id"]}
        payload["sender"]["type"] = "User"
        payload["issue"] |= {key: value for key, value in issue.items() if key in payload["issue"]}
        payload["issue"] |= {"state": "open", "locked": False}
        payload["label"] |= {"name": name}
        return self.run("issues", payload, **more)

    def dispatch(
        self, event: str = "workflow_dispatch", workflow: str = "bcrag.yml", **inputs: str
    ) -> dict[str, JobResult]:
        """Start a workflow by hand, or by the clock."""
        payload = octokit.payload("workflow_dispatch")
        payload["repository"] |= {"full_name": self.hub.repository, "fork": False}
        payload["sender"] |= {"login": "owner", "id": 1, "type": "User"}
        payload |= {"inputs": inputs, "ref": "refs/heads/main"}
        if event == "schedule":
            payload = {"repository": payload["repository"], "schedule": "23 5 * * 1"}
        return self.run(event, payload, workflow=workflow)

    def run(
        self,
        event: str,
        payload: dict[str, Any],
        *,
        workflow: str = "bcrag.yml",
        prepared: bool = True,
        change: Mapping[str, str] = NOTHING,
        env: Mapping[str, str] = NOTHING,
        **more: Any,
    ) -> dict[str, JobResult]:
        """Let a workflow run for an event. `prepared`: the machine is ready, and that is not seen to anew; `change` has
        texts of the workflow that are other ones."""
        number = 5_000_001 + len(self.runs)
        job = {"name": "Repair", "status": "in_progress", "conclusion": None, "steps": []}
        self.hub.actions.run(number, [job], status="in_progress", conclusion=None, event=event)
        told = self.hub.actions.jobs[number][0]

        def began(name: str, step: str) -> None:
            if self.also is not None:
                self.also(name, step)
            if name == "repair" and step in ("Reproduce", "Repair", "Verify"):
                made = {"name": step, "status": "in_progress", "conclusion": None, "number": len(told["steps"]) + 1}
                told["steps"].append({**made, "started_at": None, "completed_at": None})
            if name == "repair" and step == "Conclude":
                told.update(status="completed", conclusion="success")

        file = self.folder.parent / "workflows" / str(number) / workflow
        file.parent.mkdir(parents=True)
        text = (self.folder / ".github/workflows" / workflow).read_text()
        for before, after in change.items():
            assert before in text, before
            text = text.replace(before, after)
        file.write_text(_PREPARE.sub("", text) if prepared else text)
        runner = Runner(
            workflow_path=file,
            event_name=event,
            payload=payload,
            repository_folder=self.folder,
            env={
                "BCRAG_BOT": str(BOT),
                "BCRAG_CACHE_DIR": str(subfolder("work").parent),
                "BCRAG_PROGRESS_SECONDS": "0.5",
                **env,
            },
            actions={PIN.repository: ROOT},
            token=lambda _, rights: self.hub.token("actions", {k.replace("-", "_"): v for k, v in rights.items()}),
            api_url=self.hub.url,
            server_url=self.hub.url,
            run_id=number,
            started=began,
            **more,
        )
        self.runs.append(runner.run())
        return self.runs[-1]


def git(folder: Path, *arguments: str) -> str:
    who = ("-c", "user.name=Ann", "-c", "user.email=ann@example.org")
    return subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True, text=True).stdout


@contextmanager
def working(folder: Path, addon: Path | None, configuration: str, workflow: str = "plain") -> Iterator[Place]:
    """A repository with an add-on (or none), its `bcrag.toml`, and the workflows of a configuration."""
    repository = folder / "addon"
    repository.mkdir()
    if addon is not None:
        shutil.copytree(addon, repository / addon.name, ignore=shutil.ignore_patterns("__pycache__"))
    repository.joinpath("bcrag.toml").write_text(configuration)
    for made in workflows(answers(workflow)):
        file = repository / made.path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(made.text)
    git(repository, "init", "-q", "-b", "main")
    git(repository, "add", ".")
    git(repository, "commit", "-q", "-m", "As it was")
    folder.chmod(0o755)  # sandboxes of other users look in here
    with github(folder, repository) as hub:
        yield Place(hub, repository)


def said(jobs: Mapping[str, JobResult]) -> str:
    """The logs, for whoever wonders what went wrong."""
    return "\n".join(f"--- {name}: {job.result}\n{job.log}" for name, job in jobs.items())
