"""From a comment to a pull request: the generated workflow carried out job by job, GitHub's emulator, real Blender.

Payloads are GitHub's own examples with our names put in; every request the bot makes is held against GitHub's
description of its API (`wiretap.py`).
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

import octokit
from actions import JobResult, Runner
from bot.cache import subfolder
from bot.reporting.progress import read_marker
from bot.workflows.filling import workflows
from generated_workflows import PIN, answers
from hub import Hub, github

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = ROOT / "examples" / "wave_279"
BOT = Path(sys.executable).parent / "bot"
JOBS = ("listen", "repair", "progress", "publish")
pytestmark = pytest.mark.blender


@dataclass
class Place:
    """A repository with a broken add-on, on GitHub and on this disk."""

    hub: Hub
    folder: Path
    runs: list[dict[str, JobResult]] = field(default_factory=list)
    bodies: list[str] = field(default_factory=list)
    """What the progress comment said, one after the other."""

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

    def run(self, event: str, payload: dict[str, Any], **more: Any) -> dict[str, JobResult]:
        """Let the workflow run for an event."""
        number = 5_000_001 + len(self.runs)
        job = {"name": "Repair", "status": "in_progress", "conclusion": None, "steps": []}
        self.hub.actions.run(number, [job], status="in_progress", conclusion=None, event=event)
        told = self.hub.actions.jobs[number][0]

        def began(name: str, step: str) -> None:
            if name == "repair" and step in ("Reproduce", "Repair", "Verify"):
                made = {"name": step, "status": "in_progress", "conclusion": None, "number": len(told["steps"]) + 1}
                told["steps"].append({**made, "started_at": None, "completed_at": None})
            if name == "repair" and step == "Conclude":
                told.update(status="completed", conclusion="success")

        secrets = more.pop("secrets", {})
        runner = Runner(
            workflow_path=self.folder / ".github/workflows/bcrag.yml",
            event_name=event,
            payload=payload,
            secrets=secrets,
            repository_folder=self.folder,
            env={
                "BCRAG_BOT": str(BOT),
                "BCRAG_CACHE_DIR": str(subfolder("work").parent),
                "BCRAG_PROGRESS_SECONDS": "0.5",
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


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("end") / "addon"
    shutil.copytree(EXAMPLE, folder / "wave_279", ignore=shutil.ignore_patterns("__pycache__"))
    folder.joinpath("bcrag.toml").write_text('blender = ["4.5"]\noldest = "4.5"\n')
    for workflow in workflows(answers("plain")):
        file = folder / workflow.path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(workflow.text)
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "An add-on of 2017")
    folder.parent.chmod(0o755)
    with github(folder.parent, folder) as hub:
        yield Place(hub, folder)


def said(jobs: dict[str, JobResult]) -> str:
    return "\n".join(f"--- {name}: {job.result}\n{job.log}" for name, job in jobs.items())


def test_a_comment_becomes_a_pull_request(place: Place) -> None:
    hub = place.hub
    issue = hub.issue("It does not load", "In Blender 4.5 nothing happens. cc @someone", "stranger")
    jobs = place.ask(issue["number"], "/bcrag fix", issue=issue)
    assert {name: jobs[name].result for name in JOBS} == dict.fromkeys(JOBS, "success"), said(jobs)

    (pull,) = hub.pulls()
    assert pull["head"]["ref"] == f"bcrag/fix-{issue['number']}"
    assert pull["base"]["ref"] == "main"
    assert pull["title"].startswith("fix(wave_279): ")
    assert not pull["draft"], "a verified repair is no draft"
    assert f"Fixes #{issue['number']}" in pull["body"]
    assert "**Verified** in Blender 4.5" in pull["body"]
    assert "raw=true" in pull["body"], "the renders are shown"
    assert {label["name"] for label in pull["labels"]} == {"bcrag"}

    files = hub.files(pull["head"]["ref"])
    before = {path: (place.folder / path).read_bytes() for path in files}
    changed = [path for path in files if files[path] != before[path]]
    assert changed == ["wave_279/__init__.py"]
    assert b"register_module" not in files["wave_279/__init__.py"]
    (commit,) = hub.client().commits_between(git(place.folder, "rev-parse", "HEAD").strip(), pull["head"]["ref"])
    assert f"Fixes #{issue['number']}" in commit.message
    assert "Co-authored-by: maintainer <" in commit.message

    mine = [each for each in hub.comments(issue["number"]) if read_marker(each["body"])]
    assert len(mine) == 1, "one comment"
    assert f"#{pull['number']}" in mine[0]["body"]
    assert "- [" not in mine[0]["body"], "it says what became of it, and not what is being done"
    stages = [each.body["body"] for each in hub.changes() if each.path.endswith(f"/issues/comments/{mine[0]['id']}")]
    assert any("Reproducing" in each for each in stages), "progress was told"
    assert 2 <= len(stages) <= 6, "a handful of edits"
    assert ("comment", jobs and hub.actions.reactions[0][1], "eyes") in hub.actions.reactions


def test_the_same_problem_has_the_same_pull_request(place: Place) -> None:
    hub = place.hub
    (pull,) = hub.pulls()
    number = int(pull["head"]["ref"].rpartition("-")[2])
    jobs = place.ask(number, "/bcrag retry use a collection", issue=place.hub._dict("GET", f"issues/{number}"))
    assert jobs["publish"].result == "success", said(jobs)
    (again,) = hub.pulls()
    assert again["number"] == pull["number"]
    mine = [each for each in hub.comments(number) if read_marker(each["body"])]
    assert len(mine) == 2
    assert f"#{pull['number']}" in mine[1]["body"]


def test_a_stranger_is_not_heard_and_cancels_nothing(place: Place) -> None:
    before = len(place.hub.changes())
    jobs = place.ask(1, "/bcrag fix", user="stranger")
    assert jobs["listen"].outputs["go"] == "false", said(jobs)
    assert "may not write" in jobs["listen"].log
    assert {jobs[name].result for name in JOBS[1:]} == {"skipped"}
    assert len(place.hub.changes()) == before, "nothing is said to strangers"


def test_a_run_that_cannot_be_done_says_so(place: Place) -> None:
    """The repository holds no add-on at the commit: an error for people reaches the issue as a sentence."""
    hub = place.hub
    issue = hub.issue("Please add a thing", "…", "maintainer")
    jobs = place.ask(issue["number"], "/bcrag feature add a cube button", issue=issue)
    assert jobs["repair"].result in ("success", "failure")
    assert jobs["publish"].result == "success", said(jobs)
    (mine,) = [each for each in hub.comments(issue["number"]) if read_marker(each["body"])]
    assert "- [" not in mine["body"]
    assert len(hub.pulls()) == 1


def test_the_token_of_the_job_that_runs_the_add_on_only_reads(place: Place) -> None:
    definition = yaml.safe_load((place.folder / ".github/workflows/bcrag.yml").read_text())["jobs"]
    assert set(definition["repair"]["permissions"].values()) == {"read"}
    jobs = place.runs[0]
    writing = [token for name, job in jobs.items() if name != "repair" and (token := job.token)]
    for step in jobs["repair"].all():
        assert not set(writing) & set(step.environment.values())
    assert json.loads(jobs["listen"].outputs["errand"])["command"]["verb"] == "fix"
    assert threading.active_count() < 20


def test_help_is_answered_at_once(place: Place) -> None:
    hub = place.hub
    issue = hub.issue("How does this work", "…", "maintainer")
    jobs = place.ask(issue["number"], "/bcrag help", issue=issue)
    assert jobs["listen"].outputs["go"] == "false"
    assert {jobs[name].result for name in JOBS[1:]} == {"skipped"}
    answer = hub.comments(issue["number"])[-1]
    assert answer["user"]["login"] == "github-actions[bot]"
    assert "/bcrag retry" in answer["body"]


def test_a_command_in_a_quote_is_none(place: Place) -> None:
    hub = place.hub
    issue = hub.issue("Quoted", "…", "maintainer")
    jobs = place.ask(issue["number"], "> /bcrag fix\n\nWhat does this do?", issue=issue)
    assert all(job.result == "skipped" for job in jobs.values()), "no runner starts for what begins otherwise"
    assert len(hub.comments(issue["number"])) == 1
