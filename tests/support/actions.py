"""A runner for workflows of GitHub Actions: jobs and composite actions, step by step, in temporary folders.

    result = Runner(workflow, "issue_comment", payload, secrets, checkout, env, actions={"owner/name": ROOT}).run()
    result["publish"].result                       # success, failure, cancelled or skipped
    result["repair"].step("Reproduce").outcome

What is like on GitHub: which events start it, `if`, `needs`, outputs, environment files, `env` from the outside in,
secrets that are masked, a token a job made of its permissions, time limits, cancellation, artifacts and caches between
jobs, jobs side by side. The actions everybody uses are done by `toolkit.py`. What is not there (matrices, services,
reusable workflows) is an error, not a guess.
"""

from __future__ import annotations

import itertools
import json
import os
import re
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

import toolkit
from expressions import Scope, condition, interpolate, text, truthy

JOB_KEYS = frozenset(
    {"name", "needs", "if", "permissions", "env", "outputs", "steps", "concurrency", "runs-on", "timeout-minutes"}
)
STEP_KEYS = frozenset(
    {"id", "name", "if", "uses", "with", "run", "shell", "env", "working-directory", "continue-on-error"}
    | {"timeout-minutes"}
)
COMPOSITE_CONTEXTS = ("github", "inputs", "job", "runner", "env", "steps")
"""What an expression in a composite action can name: no secrets, no `needs`."""
CONDITION_CONTEXTS = ("github", "needs", "vars", "inputs")
"""What the `if` of a job can name."""
PASSED_ON = ("LANG", "LC_ALL", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "PIP_CERT", "TMPDIR")
"""What steps get of the environment of the tests themselves."""
SHIMS = {
    "sudo": '#!/bin/sh\nexec "$@"\n',
    "apt-get": '#!/bin/sh\necho "apt-get $*"\n',
    "apparmor_parser": '#!/bin/sh\necho "apparmor_parser $*"\n',
}
"""Programs that stand before those of the machine: nothing is installed on it, nothing of it is changed."""

_RUN_IDS = itertools.count(1000)


@dataclass
class StepResult:
    """What became of a step. `environment` is what its process got, where it is one."""

    name: str
    id: str = ""
    outcome: str = "skipped"
    conclusion: str = "skipped"
    outputs: dict[str, str] = field(default_factory=dict)
    log: str = ""
    environment: dict[str, str] = field(default_factory=dict)
    inputs: dict[str, str] = field(default_factory=dict)
    steps: list[StepResult] = field(default_factory=list)
    """Those inside, where it is a composite action."""

    def all(self) -> Iterator[StepResult]:
        """This step and all inside."""
        yield self
        for step in self.steps:
            yield from step.all()


@dataclass
class JobResult:
    """What became of a job."""

    result: str = "skipped"
    outputs: dict[str, str] = field(default_factory=dict)
    steps: list[StepResult] = field(default_factory=list)
    log: str = ""
    summary: str = ""
    annotations: list[str] = field(default_factory=list)
    permissions: dict[str, str] = field(default_factory=dict)
    token: str = ""
    concurrency: dict[str, Any] = field(default_factory=dict)

    def step(self, name: str) -> StepResult:
        """The step of this name or id, those inside of composite actions too."""
        return next(one for step in self.steps for one in step.all() if name in (one.name, one.id))

    def all(self) -> Iterator[StepResult]:
        """Every step, those inside of composite actions too."""
        for step in self.steps:
            yield from step.all()


@dataclass
class Runner:
    """One run of a workflow.

    `repository_folder` is the repository on GitHub: a local one, that checkouts are cloned from. `actions` says which
    folder stands for a repository of an action. `token` makes the token of a job from its name and permissions. `env`
    is what the machine adds to the environment of each step. `limits` has other time limits for jobs and for steps of
    jobs, by name, in seconds. `cancel` names a step by job, during which the job is cancelled. `started` is called as
    soon as a step begins, with the names of job and step.
    """

    workflow_path: Path
    event_name: str
    payload: Mapping[str, Any]
    secrets: Mapping[str, str] = field(default_factory=dict)
    repository_folder: Path | None = None
    env: Mapping[str, str] = field(default_factory=dict)
    actions: Mapping[str, Path] = field(default_factory=dict)
    variables: Mapping[str, str] = field(default_factory=dict)
    token: Callable[[str, Mapping[str, str]], str] = lambda job, permissions: (
        f"ghs_{job}_" + "_".join(f"{name}.{level}" for name, level in sorted(permissions.items()))
    )
    api_url: str = "https://api.github.com"
    server_url: str = "https://github.com"
    run_id: int = 0
    attempt: int = 1
    sha: str = ""
    ref: str = ""
    path: tuple[Path, ...] = ()
    shims: Mapping[str, str] = field(default_factory=lambda: SHIMS)
    caches: Path | None = None
    """A folder that outlives the run, where caches are to do so."""
    limits: Mapping[str, float] = field(default_factory=dict)
    cancel: Mapping[str, str] = field(default_factory=dict)
    cancel_after: float = 0.3
    """Seconds from the beginning of the step that `cancel` names."""
    started: Callable[[str, str], None] = lambda job, step: None
    results: dict[str, JobResult] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.workflow = load(self.workflow_path)
        self.run_id = self.run_id or next(_RUN_IDS)

    def wanted(self) -> bool:
        """Whether the event starts this workflow at all."""
        triggers = self.workflow["on"]
        if isinstance(triggers, str | list):
            return self.event_name in triggers
        if self.event_name not in triggers:
            return False
        filters = triggers[self.event_name] or {}
        if "types" in filters and self.payload.get("action") not in filters["types"]:
            return False
        branch = str(self.payload.get("ref", "")).removeprefix("refs/heads/")
        return "branches" not in filters or branch in filters["branches"]

    def run(self) -> dict[str, JobResult]:
        """Every job, each as soon as those it needs are done; empty where the event starts nothing."""
        if not self.wanted():
            return {}
        with tempfile.TemporaryDirectory(prefix="actions-") as folder:
            self.folder = Path(folder)
            self.folder.chmod(0o755)  # sandboxes of other users look in here
            self.artifacts = self.folder / "artifacts"
            self.artifacts.mkdir()
            if self.caches is None:
                self.caches = self.folder / "caches"
            self.shims_folder = self._shims()
            if not self.sha and self.repository_folder is not None:
                self.sha = toolkit.git(self.repository_folder, "rev-parse", "HEAD")
            if not self.ref and self.repository_folder is not None:
                self.ref = "refs/heads/" + toolkit.git(self.repository_folder, "rev-parse", "--abbrev-ref", "HEAD")
            self._schedule()
        return self.results

    def _schedule(self) -> None:
        jobs = self.workflow["jobs"]
        done = {name: threading.Event() for name in jobs}

        def work(name: str) -> None:
            try:
                for needed in needs(jobs[name]):
                    done[needed].wait()
                self.results[name] = Job(self, name, jobs[name]).run()
            finally:
                done[name].set()

        with ThreadPoolExecutor(len(jobs)) as pool:
            for finished in [pool.submit(work, name) for name in jobs]:
                finished.result()

    def _shims(self) -> Path:
        folder = self.folder / "shims"
        folder.mkdir()
        for name, script in self.shims.items():
            (folder / name).write_text(script, encoding="utf-8")
            (folder / name).chmod(0o755)
        return folder

    def github(self, job: str, token: str) -> dict[str, Any]:
        """The context `github`."""
        repository = str(self.payload.get("repository", {}).get("full_name", "owner/repository"))
        sender = self.payload.get("sender", {}).get("login", "")
        name = self.workflow_path.name
        return {
            "event_name": self.event_name,
            "event": dict(self.payload),
            "repository": repository,
            "repository_owner": repository.partition("/")[0],
            "sha": self.sha,
            "ref": self.ref,
            "ref_name": self.ref.removeprefix("refs/heads/"),
            "head_ref": self.payload.get("pull_request", {}).get("head", {}).get("ref", ""),
            "base_ref": self.payload.get("pull_request", {}).get("base", {}).get("ref", ""),
            "actor": sender,
            "triggering_actor": sender,
            "run_id": str(self.run_id),
            "run_attempt": str(self.attempt),
            "run_number": "1",
            "workflow": self.workflow.get("name", name),
            "workflow_ref": f"{repository}/.github/workflows/{name}@{self.ref}",
            "api_url": self.api_url,
            "server_url": self.server_url,
            "token": token,
            "job": job,
        }


@dataclass
class Frame:
    """The steps of a job, or of a composite action inside one: what they know of each other."""

    contexts: dict[str, Any]
    environment: dict[str, str]
    """What `env:` says, from the outside in."""
    steps: dict[str, Any] = field(default_factory=dict)
    status: str = "success"
    action: Path | None = None
    depth: int = 0
    until: float = float("inf")
    """When the step around these is out of time."""
    late: bool = False
    """Begun although the job was cancelled, because it wants to."""


class Job:
    """One job of a run, on a machine of its own: a folder."""

    def __init__(self, runner: Runner, name: str, definition: Mapping[str, Any]) -> None:
        if unknown := set(definition) - JOB_KEYS:
            raise NotImplementedError(f"{name}: {', '.join(sorted(unknown))}")
        self.runner, self.name, self.definition = runner, name, definition
        rights = definition.get("permissions", runner.workflow.get("permissions", {"contents": "read"}))
        self.result = JobResult(permissions=dict(rights or {}))
        self.result.token = runner.token(name, self.result.permissions)
        self.folder = runner.folder / f"job-{name}"
        self.workspace = self.folder / "work" / "repository" / "repository"
        self.temp = self.folder / "work" / "_temp"
        self.more_environment: dict[str, str] = {}
        self.more_path: list[str] = []
        self.masks = [value for value in (*runner.secrets.values(), self.result.token) if value]
        self.cancelled = threading.Event()
        self.deadline = float("inf")
        self.output = ""

    def run(self) -> JobResult:
        """All of it."""
        self._settle()
        for value in self.masks:
            self.output = self.output.replace(value, "***")
        self.result.log = self.output
        return self.result

    def _settle(self) -> None:
        runner, definition = self.runner, self.definition
        github = runner.github(self.name, self.result.token)
        inputs = self.runner.payload.get("inputs") or {}
        needed = {
            name: {"result": runner.results[name].result, "outputs": runner.results[name].outputs}
            for name in needs(definition)
        }
        contexts: dict[str, Any] = {"github": github, "needs": needed, "vars": dict(runner.variables), "inputs": inputs}
        results = [one["result"] for one in needed.values()]
        before = "success" if all(one == "success" for one in results) else "failure"
        assert set(contexts) == set(CONDITION_CONTEXTS)
        if not condition(definition.get("if"), Scope(contexts, before)):
            return
        for folder in (self.workspace, self.temp, self.folder / "home", self.folder / "tools"):
            folder.mkdir(parents=True)
        event = self.temp / "_github_workflow" / "event.json"
        event.parent.mkdir()
        event.write_text(json.dumps(runner.payload), encoding="utf-8")
        github["workspace"], github["event_path"] = str(self.workspace), str(event)
        contexts |= {
            "secrets": {**runner.secrets, "GITHUB_TOKEN": self.result.token},
            "runner": {"os": "Linux", "arch": "X64", "name": "test", "temp": str(self.temp),
                       "tool_cache": str(self.folder / "tools"), "environment": "github-hosted", "debug": ""},
            "job": {"status": "success"},
        }  # fmt: skip
        if "concurrency" in definition:
            self.result.concurrency = interpolate(definition["concurrency"], self._scope(contexts))
        environment: dict[str, str] = {}
        for block in (runner.workflow.get("env"), definition.get("env")):
            environment |= strings(interpolate(block or {}, self._scope(contexts)))
        frame = Frame(contexts, environment)
        minutes = float(definition.get("timeout-minutes", "inf"))
        self.deadline = time.monotonic() + runner.limits.get(self.name, minutes * 60)
        for number, step in enumerate(definition["steps"], 1):
            self.result.steps.append(self._step(step, frame, number))
        self.result.result = frame.status
        self.result.outputs = strings(
            interpolate(definition.get("outputs", {}), self._scope({**contexts, "steps": frame.steps}))
        )

    def _scope(self, contexts: Mapping[str, Any], status: str = "success") -> Scope:
        return Scope(contexts, status, self.workspace)

    def _step(self, step: Mapping[str, Any], frame: Frame, number: int) -> StepResult:
        if unknown := set(step) - STEP_KEYS:
            raise NotImplementedError(f"{self.name}, step {number}: {', '.join(sorted(unknown))}")
        if time.monotonic() > self.deadline:
            self.cancelled.set()
        if self.cancelled.is_set() and not frame.late:
            frame.status = "cancelled"
        contexts = {**frame.contexts, "steps": frame.steps, "env": {**self.more_environment, **frame.environment}}
        contexts["job"] = {"status": frame.status}
        if frame.action is not None:
            contexts = {name: contexts[name] for name in COMPOSITE_CONTEXTS}
        scope = self._scope(contexts, frame.status)
        own = strings(interpolate(step.get("env", {}), scope))
        name = text(interpolate(step.get("name"), scope)) or str(step.get("uses") or f"Run {_first_line(step)}")
        result = StepResult(name, str(step.get("id", "")))
        asked = {one: value for one, value in contexts.items() if one != "secrets"}
        asked["env"] = {**contexts["env"], **own}
        if condition(step.get("if"), self._scope(asked, frame.status)):
            scope = self._scope({**contexts, "env": asked["env"]}, frame.status)
            if not frame.depth:
                self.runner.started(self.name, name)
                if self.runner.cancel.get(self.name) == name:
                    threading.Timer(self.runner.cancel_after, self.cancelled.set).start()
            self.output += f"##[group]{name}\n"
            limit = float(interpolate(step.get("timeout-minutes", "inf"), scope)) * 60
            if not frame.depth:
                limit = self.runner.limits.get(name, limit)
            inner = Frame(
                frame.contexts,
                {**frame.environment, **own},
                action=frame.action,
                depth=frame.depth,
                until=min(frame.until, time.monotonic() + limit),
                late=self.cancelled.is_set(),
            )
            result.outcome = self._perform(step, result, inner, scope)
            if not result.steps:  # those inside have said it
                self.output += result.log
            self.output += "##[endgroup]\n"
            forgiven = result.outcome == "failure" and truthy(interpolate(step.get("continue-on-error", False), scope))
            result.conclusion = "success" if forgiven else result.outcome
            if result.conclusion in ("failure", "cancelled") and frame.status != "cancelled":
                frame.status = result.conclusion
        if result.id:
            frame.steps[result.id] = {
                "outputs": result.outputs, "outcome": result.outcome, "conclusion": result.conclusion
            }  # fmt: skip
        return result

    def _perform(self, step: Mapping[str, Any], result: StepResult, frame: Frame, scope: Scope) -> str:
        """Do it; how it ended."""
        if "run" in step:
            return self._script(step, result, frame, scope)
        uses, given = str(step["uses"]), strings(interpolate(step.get("with", {}), scope))
        result.inputs = given
        folder = self._own(uses)
        if folder is not None:
            return self._composite(folder, result, given, frame)
        name, _, version = uses.partition("@")
        if not re.fullmatch(r"[0-9a-f]{40}", version):
            raise ValueError(f"{uses} is not pinned to a commit")
        machine = toolkit.Machine(
            workspace=self.workspace,
            temp=self.temp,
            repository=self.runner.repository_folder,
            artifacts=self.runner.artifacts,
            caches=self.runner.caches or self.runner.folder,
            token=self.result.token,
            sha=self.runner.sha,
        )
        try:
            result.outputs, result.log = toolkit.ACTIONS[name](given, machine)
        except toolkit.ActionError as error:
            result.log = f"##[error]{error}\n"
            return "failure"
        return "success"

    def _own(self, uses: str) -> Path | None:
        """The folder of an action that is here."""
        if uses.startswith("./"):
            return self.workspace / uses
        repository, _, _ = uses.partition("@")
        return self.runner.actions.get(repository)

    def _composite(self, folder: Path, result: StepResult, given: Mapping[str, str], outer: Frame) -> str:
        action = load(folder / "action.yml")
        if action["runs"]["using"] != "composite":
            raise NotImplementedError(action["runs"]["using"])
        if unknown := set(given) - set(action["inputs"]):
            raise ValueError(f"{folder.name}: there is no input {', '.join(sorted(unknown))}")
        github = {**outer.contexts["github"], "action_path": str(folder)}
        defaults = {
            name: interpolate(one.get("default", ""), self._scope({"github": github}))
            for name, one in action["inputs"].items()
        }
        if lacking := [name for name, one in action["inputs"].items() if one.get("required") and name not in given]:
            raise ValueError(f"the input {lacking[0]} is required")
        contexts = {**outer.contexts, "github": github, "inputs": strings({**defaults, **given})}
        frame = Frame(contexts, dict(outer.environment), action=folder, depth=outer.depth + 1)
        frame.until, frame.late = outer.until, outer.late
        for number, step in enumerate(action["runs"]["steps"], 1):
            if time.monotonic() > frame.until:
                frame.status = "failure"
                break
            result.steps.append(self._step(step, frame, number))
        outputs = self._scope({**contexts, "steps": frame.steps, "env": {}})
        result.outputs = strings({
            name: interpolate(one["value"], outputs) for name, one in action.get("outputs", {}).items()
        })  # fmt: skip
        result.log = "".join(one.log for one in result.steps)
        return frame.status

    def _script(self, step: Mapping[str, Any], result: StepResult, frame: Frame, scope: Scope) -> str:
        script = self.temp / f"{len(list(self.temp.iterdir()))}.sh"
        script.write_text(text(interpolate(step["run"], scope)), encoding="utf-8")
        if step.get("shell", "bash") != "bash":
            raise NotImplementedError(f"shell: {step['shell']}")
        place = Path(tempfile.mkdtemp(dir=self.temp))
        files = {name: place / name for name in
                 ("GITHUB_ENV", "GITHUB_OUTPUT", "GITHUB_PATH", "GITHUB_STEP_SUMMARY", "GITHUB_STATE")}  # fmt: skip
        for file in files.values():
            file.touch()
        result.environment = self._environment(frame) | {name: str(path) for name, path in files.items()}
        where = self.workspace / text(interpolate(step.get("working-directory", "."), scope))
        # A plain `run` of a workflow is `bash -e`; one that names its shell, as actions have to, fails for pipes, too.
        flags = ["--noprofile", "--norc", "-eo", "pipefail"] if "shell" in step else ["-e"]
        status, said = self._start(["bash", *flags, str(script)], result.environment, where, frame)
        result.log = self._heard(said)
        self.more_environment |= parse(files["GITHUB_ENV"])
        result.outputs = parse(files["GITHUB_OUTPUT"])
        self.more_path += [line for line in files["GITHUB_PATH"].read_text("utf-8").splitlines() if line]
        self.result.summary += files["GITHUB_STEP_SUMMARY"].read_text("utf-8")
        return status

    def _environment(self, frame: Frame) -> dict[str, str]:
        """What a process gets."""
        github = frame.contexts["github"]
        places = [*map(str, self.runner.path), str(self.runner.shims_folder), *reversed(self.more_path)]
        found = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
        found |= {
            "PATH": ":".join([*places, "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin"]),
            "HOME": str(self.folder / "home"),
            "CI": "true",
            "GITHUB_ACTIONS": "true",
            **{f"RUNNER_{name.upper()}": str(value) for name, value in frame.contexts["runner"].items() if value},
        }
        given = ("event_name", "event_path", "repository", "repository_owner", "sha", "ref", "ref_name", "head_ref",
                 "base_ref", "actor", "triggering_actor", "run_id", "run_attempt", "run_number", "workflow",
                 "workflow_ref", "api_url", "server_url", "workspace", "job")  # fmt: skip
        found |= {f"GITHUB_{name.upper()}": text(github[name]) for name in given}
        if frame.action is not None:
            found["GITHUB_ACTION_PATH"] = str(frame.action)
        return found | dict(self.runner.env) | self.more_environment | frame.environment

    def _start(self, command: list[str], environment: dict[str, str], where: Path, frame: Frame) -> tuple[str, str]:
        """Run a process to its end, to a limit, or until the job is cancelled; how that ended, and what it said."""
        with (
            tempfile.TemporaryFile() as said,
            subprocess.Popen(
                command, env=environment, cwd=where, stdin=subprocess.DEVNULL, stdout=said, stderr=said,
                start_new_session=True,
            ) as process,
        ):  # fmt: skip
            ended, asked = "", 0.0
            while process.poll() is None:
                now = time.monotonic()
                if now > self.deadline:
                    self.cancelled.set()
                if not ended and self.cancelled.is_set() and not frame.late:
                    ended = "cancelled"
                elif not ended and now > frame.until:
                    ended = "failure"
                if ended and not asked:
                    asked = now
                    _signal(process, signal.SIGINT)
                elif asked and now > asked + 7.5:
                    _signal(process, signal.SIGKILL)
                with suppress(subprocess.TimeoutExpired):
                    process.wait(0.05)
            _signal(process, signal.SIGKILL)  # what it left behind
            said.seek(0)
            words = said.read().decode("utf-8", "replace")
        return ended or ("success" if process.returncode == 0 else "failure"), words

    def _heard(self, said: str) -> str:
        """The log of a step, its workflow commands obeyed and its secrets hidden."""
        silenced = ""
        for line in said.splitlines():
            found = re.fullmatch(r"::([a-z-]+)(?: .*?)?::(.*)", line)
            if silenced:
                silenced = "" if line == f"::{silenced}::" else silenced
            elif found is None:
                continue
            elif found[1] == "stop-commands":
                silenced = found[2]
            elif found[1] == "add-mask":
                self.masks.append(found[2])
            elif found[1] in ("error", "warning", "notice"):
                self.result.annotations.append(line)
        for value in self.masks:
            said = said.replace(value, "***")
        return said


def needs(job: Mapping[str, Any]) -> list[str]:
    """The jobs that have to be over before this one."""
    found = job.get("needs", [])
    return [found] if isinstance(found, str) else list(found)


def load(path: Path) -> dict[str, Any]:
    """A workflow or an action. `on` is a word here, not YAML 1.1's `true`."""
    found: dict[str, Any] = yaml.load(path.read_text("utf-8"), _Loader)
    return found


class _Loader(yaml.SafeLoader):
    """Booleans are `true` and `false` alone, as in YAML 1.2."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))


def strings(values: Mapping[str, Any]) -> dict[str, str]:
    """Values as inputs, outputs and variables have them."""
    return {name: text(value) for name, value in values.items()}


def parse(file: Path) -> dict[str, str]:
    """An environment file: `name=value`, or `name<<END` and lines up to END.

    Raises:
        ValueError: it is neither; GitHub fails the step.
    """
    found: dict[str, str] = {}
    lines = iter(file.read_text("utf-8").splitlines())
    for line in lines:
        name, sign, value = line.partition("=")
        before, heredoc, end = line.partition("<<")
        if heredoc and (not sign or len(before) < len(name)):
            kept = []
            for inner in lines:
                if inner == end:
                    break
                kept.append(inner)
            else:
                raise ValueError(f"{file.name}: {end} is missing")
            found[before] = "\n".join(kept)
        elif sign:
            found[name] = value
        elif line:
            raise ValueError(f"{file.name}: invalid line {line!r}")
    return found


def _first_line(step: Mapping[str, Any]) -> str:
    return str(step.get("run", "")).partition("\n")[0]


def _signal(process: subprocess.Popen[bytes], number: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)
