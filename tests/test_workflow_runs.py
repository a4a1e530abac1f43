"""The generated workflows carried out, all jobs, step by step, with a stand-in for `bot` that notes what it was given.

The whole way with the real bot, GitHub's emulator and Blender is in `test_github_end_to_end.py`; here is what the jobs
hand to each other, what each of them sees, and that there is a result however `repair` ends.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import textwrap
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from actions import JobResult, Runner
from generated_workflows import PIN, written

ROOT = Path(__file__).resolve().parent.parent
SECRETS = {
    "OPENAI_API_KEY": "sk-model-key",
    "BCRAG_TOKEN": "github_pat_personal",
    "BCRAG_APP_ID": "12345",
    "BCRAG_APP_PRIVATE_KEY": "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----",
}
WRITES = ("github_pat_personal", "BEGIN RSA PRIVATE KEY")
HOSTILE = "/bcrag fix `id`; $(touch /tmp/owned) ${{ github.token }} '\"\n::set-output name=go::true"

FAKE = '''#!{python}
"""Notes its arguments and environment, and does what FAKE says for them."""
import json, os, pathlib, signal, sys, time
said = " ".join(sys.argv[1:])
with open(os.environ["FAKE_LOG"], "a") as log:
    log.write(json.dumps([sys.argv, dict(os.environ)]) + "\\n")
def put(**outputs):
    with open(os.environ["GITHUB_OUTPUT"], "a") as file:
        for name, value in outputs.items():
            file.write(f"{{name.replace('_', '-')}}<<--end\\n{{value}}\\n--end\\n")
plan = json.loads(os.environ.get("FAKE", "{{}}"))
for words, deed in plan.items():
    if words == said[:len(words)]:
        if deed == "fail":
            sys.exit(1)
        if deed == "hang":
            time.sleep(60)
if said.startswith("respond listen"):
    put(go=plan.get("go", "true"), errand=plan.get("errand", "{{}}"), problem="fix-12", commit=plan["commit"],
        trusted=plan.get("trusted", "true"))
if said.startswith("respond repair"):
    bundle = pathlib.Path(sys.argv[sys.argv.index("--out") + 1])
    bundle.mkdir(parents=True, exist_ok=True)
    (bundle / ("report.json" if "--until" not in said else "started.json")).write_text("{{}}")
    if "--until" not in said:
        put(status="repaired", verified="true")
if said.startswith("respond conclude"):
    bundle = pathlib.Path(sys.argv[sys.argv.index("--out") + 1])
    bundle.mkdir(parents=True, exist_ok=True)
    (bundle / "ended.json").write_text(sys.argv[-1])
    with open(os.environ["GITHUB_STEP_SUMMARY"], "a") as file:
        file.write("what became of it\\n")
if said.startswith("publish"):
    bundle = pathlib.Path(sys.argv[2])
    put(pull_request=len(list(bundle.iterdir())) if bundle.is_dir() else 0)
'''


@dataclass
class Stage:
    """A repository, workflows in it, and a stand-in for the bot."""

    repository: Path
    bot: Path
    log: Path

    @property
    def commit(self) -> str:
        return subprocess.run(
            ["git", "-C", self.repository, "rev-parse", "HEAD"], capture_output=True, text=True, check=True
        ).stdout.strip()

    def runner(self, name: str, event: str, payload: dict[str, Any], plan: dict[str, str], **more: Any) -> Runner:
        plan = {"commit": self.commit, **plan}
        env = {"BCRAG_BOT": str(self.bot), "FAKE_LOG": str(self.log), "FAKE": json.dumps(plan), **more.pop("env", {})}
        actions = more.pop("actions", {PIN.repository: ROOT})
        workflow = self.repository / ".github" / "workflows" / name
        return Runner(workflow, event, payload, SECRETS, self.repository, env, actions=actions, **more)

    def comment(
        self, plan: dict[str, str] | None = None, body: str = "/bcrag fix", **more: Any
    ) -> dict[str, JobResult]:
        """What comes of a comment."""
        payload = {
            "action": "created",
            "comment": {"id": 1, "body": body},
            "issue": {"number": 12},
            "sender": {"login": "ann", "type": "User"},
            "repository": {"full_name": "ann/addon", "fork": False},
        }
        return self.runner("bcrag.yml", "issue_comment", payload, plan or {}, **more).run()

    def calls(self) -> list[tuple[list[str], dict[str, str]]]:
        """What the stand-in was called with: arguments and environment."""
        return [
            (argv[1:], environment)
            for argv, environment in (json.loads(line) for line in self.log.read_text().splitlines())
        ]

    def called(self, *words: str) -> dict[str, str]:
        """The environment of the call that begins so."""
        return next(environment for argv, environment in self.calls() if tuple(argv[: len(words)]) == words)


def prepared(tmp_path: Path) -> Stage:
    """All of it."""
    repository, tools = tmp_path / "addon", tmp_path / "tools"
    repository.mkdir()
    (repository / "__init__.py").write_text('bl_info = {"name": "a", "blender": (4, 2, 0)}\n')
    written("openai", repository)
    for command in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-q", "-m", "Start"]):
        subprocess.run(
            ["git", "-C", repository, "-c", "user.name=Ann", "-c", "user.email=ann@example.org", *command], check=True
        )
    tools.mkdir()
    for name in ("bot", "indexer"):
        (tools / name).write_text(FAKE.format(python=sys.executable))
        (tools / name).chmod(0o755)
    (tmp_path / "log").touch()
    return Stage(repository, tools / "bot", tmp_path / "log")


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    """All of it, new."""
    return prepared(tmp_path)


@dataclass
class Whole:
    """A run in which all went well."""

    stage: Stage
    errand: str
    jobs: dict[str, JobResult]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Whole:
    """Looked at by several tests."""
    stage = prepared(tmp_path_factory.mktemp("whole"))
    errand = json.dumps({"command": {"verb": "fix", "words": HOSTILE}})
    return Whole(stage, errand, stage.comment({"errand": errand}, body=HOSTILE))


def results(jobs: dict[str, JobResult]) -> dict[str, str]:
    return {name: job.result for name, job in jobs.items()}


def test_a_command_goes_through_all_four_jobs(whole: Whole) -> None:
    stage, errand, jobs = whole.stage, whole.errand, whole.jobs
    assert results(jobs) == dict.fromkeys(("listen", "repair", "progress", "publish"), "success")
    assert jobs["listen"].outputs["errand"] == errand
    done = [argv for argv, _ in stage.calls() if argv[0] in ("respond", "publish") and argv[1] != "progress"]
    bundle = done[-1][1]
    there = done[1][done[1].index("--out") + 1]
    assert done == [
        ["respond", "listen"],
        ["respond", "repair", "--out", there, "--until", "reproduced", "--deadline", "25"],
        ["respond", "repair", "--out", there, "--until", "repaired", "--deadline", "40"],
        ["respond", "repair", "--out", there, "--deadline", "40"],
        ["respond", "conclude", "--out", there, "--job-status", "success"],
        ["publish", bundle, "--job-result", "success"],
    ]
    for words in (("respond", "repair"), ("respond", "progress"), ("publish",)):
        assert stage.called(*words)["BCRAG_ERRAND"] == errand
    assert jobs["repair"].step("Verify").outputs["verified"] == "true"
    assert jobs["repair"].summary == "what became of it\n"
    assert jobs["publish"].step("run").outputs == {"pull-request": "3"}
    assert jobs["repair"].concurrency == {"group": "bcrag-fix-12", "cancel-in-progress": True}


def test_the_steps_have_the_names_that_the_progress_comment_knows(whole: Whole) -> None:
    names = [step.name for step in whole.jobs["repair"].steps]
    assert names[1:] == ["Prepare", "Reproduce", "Repair", "Verify", "Conclude"]


def test_no_process_of_the_job_that_runs_foreign_code_has_a_token_that_may_write(whole: Whole) -> None:
    stage, jobs = whole.stage, whole.jobs
    repair = jobs["repair"]
    assert set(repair.permissions.values()) == {"read"}
    seen = [step.environment for step in repair.all() if step.environment]
    assert len(seen) > 8
    for environment in seen:
        everything = json.dumps(environment)
        assert not any(word in everything for word in WRITES)
        assert not any(job.token in everything for name, job in jobs.items() if name != "repair")
    assert stage.called("respond", "repair")["GITHUB_TOKEN"] == repair.token


def test_the_models_key_is_in_three_steps_and_nowhere_else(whole: Whole) -> None:
    stage, jobs = whole.stage, whole.jobs
    with_key = {
        step.name
        for job in jobs.values()
        for step in job.steps
        if any(one.environment.get("OPENAI_API_KEY") for one in step.all())
    }
    assert with_key == {"Reproduce", "Repair", "Verify"}
    names = [argv[:2] for argv, environment in stage.calls() if environment.get("OPENAI_API_KEY")]
    assert names == [["respond", "repair"]] * 3
    assert "sk-model-key" not in json.dumps([step.environment for step in jobs["repair"].step("Prepare").all()])


def test_where_code_comes_from_a_fork_there_is_no_key(stage: Stage) -> None:
    stage.comment({"trusted": "false"})
    assert not any(environment.get("OPENAI_API_KEY") for _, environment in stage.calls())


def test_a_personal_token_and_an_app_reach_the_jobs_that_answer(whole: Whole) -> None:
    stage, jobs = whole.stage, whole.jobs
    for words in (("respond", "listen"), ("respond", "progress"), ("publish",)):
        seen = stage.called(*words)
        assert seen["BCRAG_TOKEN"] == SECRETS["BCRAG_TOKEN"]
        assert seen["BCRAG_APP_PRIVATE_KEY"] == SECRETS["BCRAG_APP_PRIVATE_KEY"]
        assert seen["GITHUB_TOKEN"] == jobs[words[-1]].token
    assert "BCRAG_TOKEN" not in stage.called("respond", "repair")


def test_secrets_stand_in_no_log(whole: Whole) -> None:
    for job in whole.jobs.values():
        assert not any(value in job.log for value in SECRETS.values())


def test_without_an_errand_nothing_runs(stage: Stage) -> None:
    jobs = stage.comment({"go": "false"})
    assert results(jobs) == {"listen": "success", "repair": "skipped", "progress": "skipped", "publish": "skipped"}


def test_where_listening_fails_nothing_runs(stage: Stage) -> None:
    jobs = stage.comment({"respond listen": "fail"})
    assert results(jobs) == {"listen": "failure", "repair": "skipped", "progress": "skipped", "publish": "skipped"}


@pytest.mark.parametrize("step", ["respond repair", "doctor"])
def test_a_failure_ends_in_a_result(stage: Stage, step: str) -> None:
    jobs = stage.comment({step: "fail"})
    assert jobs["repair"].result == "failure"
    assert jobs["repair"].step("Verify").outcome == "skipped"
    assert jobs["repair"].step("Conclude").outcome == "success"
    assert jobs["publish"].result == "success"
    assert [argv[2:] for argv, _ in stage.calls() if argv[0] == "publish"] == [["--job-result", "failure"]]
    assert jobs["publish"].step("run").outputs["pull-request"] == "1"  # the bundle has what `conclude` wrote


def test_a_cancelled_run_ends_in_a_result(stage: Stage) -> None:
    jobs = stage.comment({"respond repair": "hang"}, cancel={"repair": "Reproduce"})
    assert jobs["repair"].result == "cancelled"
    assert jobs["repair"].step("Reproduce").outcome == "cancelled"
    assert jobs["repair"].step("Conclude").outcome == "success"
    assert [argv[2:] for argv, _ in stage.calls() if argv[0] == "publish"] == [["--job-result", "cancelled"]]
    assert jobs["publish"].result == "success"


def test_a_step_that_takes_too_long_ends_in_a_result(stage: Stage) -> None:
    jobs = stage.comment({"respond repair": "hang"}, limits={"Reproduce": 0.5})
    assert jobs["repair"].step("Reproduce").outcome == "failure"
    assert jobs["repair"].result == "failure"
    assert jobs["publish"].result == "success"
    assert stage.called("respond", "conclude")


def test_a_job_that_takes_too_long_ends_in_a_result(stage: Stage) -> None:
    jobs = stage.comment({"respond repair": "hang"}, limits={"repair": 2.5})
    assert jobs["repair"].result == "cancelled"
    assert jobs["repair"].step("Conclude").outcome == "success"
    assert jobs["publish"].result == "success"


def test_where_bcrag_cannot_be_installed_the_job_says_so_and_there_is_a_result(stage: Stage, tmp_path: Path) -> None:
    action = tmp_path / "action"
    shutil.copytree(ROOT / "action", action / "action")
    shutil.copy(ROOT / "action.yml", action)
    (action / "action" / "install").write_text(
        f'#!/bin/sh\n[ "$GITHUB_JOB" != repair ] && mkdir -p "$2/bin" "$3" && ln -s {stage.bot} "$2/bin/bot"\n'
    )
    jobs = stage.comment(actions={PIN.repository: action}, env={"BCRAG_BOT": ""}, caches=tmp_path / "caches")
    assert jobs["repair"].step("Prepare").outcome == "failure"
    assert jobs["repair"].step("Conclude").outcome == "success"
    assert "could not be installed" in jobs["repair"].summary
    assert [argv[0] for argv, _ in stage.calls()] == ["respond", "respond", "publish"]
    assert jobs["publish"].result == "success"
    assert len(list((tmp_path / "caches").iterdir())) == 1, "the packages are not in the cache"


def test_the_machine_is_prepared_once_in_a_job_and_never_where_no_blender_is_needed(whole: Whole) -> None:
    once = [argv for argv, _ in whole.stage.calls() if argv[0] in ("blender", "doctor")]
    assert once == [["blender", "install", "--", "4.2", "4.5"], ["doctor"]]


@pytest.mark.parametrize(
    ("event", "payload"),
    [
        ("issue_comment", {"action": "created", "comment": {"body": "I like /bcrag fix"}}),
        ("issue_comment", {"action": "created", "comment": {"body": "> /bcrag fix"}}),
        ("issue_comment", {"action": "created", "comment": {"body": "```\n/bcrag fix\n```"}}),
        ("issue_comment", {"action": "created", "comment": {"body": "/\u0432crag fix"}}),
        ("issue_comment", {"action": "created", "comment": {"body": "/bcrag fix"}, "sender": {"type": "Bot"}}),
        ("issue_comment", {"action": "edited", "comment": {"body": "/bcrag fix"}}),
        ("issues", {"action": "opened", "issue": {"body": "It fails."}}),
        ("issues", {"action": "labeled", "label": {"name": "bug"}, "issue": {"body": "/bcrag fix"}}),
        ("pull_request", {"action": "labeled", "label": {"name": "bcrag"},
                          "pull_request": {"head": {"repo": {"full_name": "eve/addon"}}}}),
        ("pull_request", {"action": "opened", "pull_request": {"head": {"repo": {"full_name": "ann/addon"}}}}),
        ("push", {"ref": "refs/heads/main"}),
    ],
)  # fmt: skip
def test_no_machine_starts_for_what_cannot_be_meant(stage: Stage, event: str, payload: dict[str, Any]) -> None:
    payload = {"sender": {"type": "User"}, "repository": {"full_name": "ann/addon"}, **payload}
    jobs = stage.runner("bcrag.yml", event, payload, {}).run()
    assert set(results(jobs).values()) <= {"skipped"}
    assert stage.calls() == []


@pytest.mark.parametrize(
    ("event", "payload"),
    [
        ("issues", {"action": "opened", "issue": {"body": "/bcrag fix\n\nIt fails."}}),
        ("issues", {"action": "labeled", "label": {"name": "bcrag: check"}, "issue": {"body": ""}}),
        ("pull_request", {"action": "labeled", "label": {"name": "bcrag"},
                          "pull_request": {"head": {"repo": {"full_name": "ann/addon"}}}}),
        ("workflow_dispatch", {"inputs": {"command": "fix", "number": "12"}, "ref": "refs/heads/main"}),
    ],
)  # fmt: skip
def test_a_machine_starts_for_the_other_ways_to_ask(stage: Stage, event: str, payload: dict[str, Any]) -> None:
    payload = {"sender": {"type": "User"}, "repository": {"full_name": "ann/addon"}, **payload}
    jobs = stage.runner("bcrag.yml", event, payload, {}).run()
    assert jobs["publish"].result == "success"


def test_once_a_week_it_looks_by_itself(stage: Stage) -> None:
    payload = {"schedule": "23 5 * * 1", "repository": {"full_name": "ann/addon", "fork": False}}
    jobs = stage.runner("bcrag-weekly.yml", "schedule", payload, {}).run()
    assert jobs["publish"].result == "success"
    assert stage.called("respond", "listen")["BCRAG_COMMAND"] == "fix"
    assert [argv for argv, _ in stage.calls() if argv[0] == "blender"] == [
        ["blender", "install", "--", "4.2", "4.5", "5.1"]
    ]
    fork = {**payload, "repository": {"full_name": "eve/addon", "fork": True}}
    assert stage.runner("bcrag-weekly.yml", "schedule", fork, {}).run()["listen"].result == "skipped"


def test_a_push_fills_the_caches_and_other_jobs_find_them(stage: Stage, tmp_path: Path) -> None:
    caches = tmp_path / "caches"
    (stage.bot.parent / "indexer").write_text(
        textwrap.dedent("""\
            #!/bin/sh
            mkdir -p "$BCRAG_CACHE_DIR/index" "$BCRAG_CACHE_DIR/blender/4.5.15" "$BCRAG_CACHE_DIR/stubs"
            echo "$@" >> "$BCRAG_CACHE_DIR/index/said"
        """)
    )
    payload = {"ref": "refs/heads/main", "repository": {"full_name": "ann/addon"}}
    jobs = stage.runner("bcrag-index.yml", "push", payload, {}, caches=caches).run()
    assert results(jobs) == {"index": "success"}
    later = stage.comment(caches=caches)
    found = [step for step in later["repair"].step("Prepare").all() if step.id in ("blenders", "indexes")]
    assert [step.outputs["cache-matched-key"].rpartition("-")[0] for step in found] == [
        "bcrag-blender-Linux-X64",
        "bcrag-index-Linux",
    ]
    saved = {path.name for shelf in caches.iterdir() for path in shelf.iterdir()}
    assert len(saved) == 2, "a job that runs foreign code has written to the cache"
    other = {**payload, "ref": "refs/heads/feature"}
    assert stage.runner("bcrag-index.yml", "push", other, {}).run() == {}


def test_nothing_of_a_comment_is_run(stage: Stage, tmp_path: Path) -> None:
    """Whatever stands in it: in a payload, in an errand, in outputs."""
    mark = tmp_path / "owned"
    evil = f"/bcrag fix $(touch {mark}) `touch {mark}` '; touch {mark}; \" ; touch {mark} #\n::add-mask::true"
    jobs = stage.comment({"errand": json.dumps({"words": evil})}, body=evil)
    assert jobs["publish"].result == "success"
    assert not mark.exists()
