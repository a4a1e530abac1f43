"""The model tier as a user meets it: real command, real Blender, and answers from a script in a model's place."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import aimock
from aimock import fixture
from bot.blender.base import Runtime
from bot.cache import subfolder
from spread import ADDON, LIKES, LOG, MENDS_ZERO, SHOWS_ZERO

ROOT = Path(__file__).resolve().parent.parent
RELEASE = max(os.environ.get("BCRAG_TEST_RELEASES", "4.2,4.5").split(","))

ISSUE = """\
Name by Height gives the wrong number

I have a cube that is 2 wide, 2 deep and 5 high. Name by Height calls it "height 2.0". It should be "height 5.0".
"""

SHOWS_HEIGHT = """\
## Expects
AssertionError

## Where
-

## Claim
The name of a high object holds its depth.

## Script
```python
cube = bpy.data.objects["Cube"]
cube.scale = (1.0, 1.0, 2.5)
bpy.context.view_layer.update()
bpy.ops.object.name_by_height()
assert cube.name == "height 5.0", cube.name
```
"""
MENDS_HEIGHT = """\
## Summary
`height_of` read the depth. It reads the height now.

## Rests on
[c1]

## Patch
```diff
--- a/spread/measure.py
+++ b/spread/measure.py
@@
     \"\"\"How high a thing is, in units of the scene.\"\"\"
-    return thing.dimensions.y
+    return thing.dimensions.z
```
"""
DISLIKES = '{"api": 1.0, "context": 0.2, "idempotence": 1.0, "side_effects": 0.9, "objections": ["It is crude."]}'

Script = list[dict[str, Any]]


@dataclass(frozen=True)
class Done:
    """What came of a run."""

    status: int
    report: dict[str, Any]
    stderr: str
    bundle: Path

    @property
    def diff(self) -> str:
        """The patch; empty without one."""
        file = self.bundle / "patch.diff"
        return file.read_text("utf-8") if file.is_file() else ""

    @property
    def steps(self) -> list[tuple[str, str | None]]:
        """Role and failure of every call, in order."""
        return [(call["role"], call["failure"]) for call in self.report["cost"]["calls"]]


@pytest.fixture
def repository(tmp_path: Path, runtimes: tuple[Runtime, ...]) -> Path:
    """A checkout with the add-on `spread`, which has two faults nobody sees by trying everything."""
    assert runtimes
    shutil.copytree(ADDON, tmp_path / "repo" / "spread", ignore=shutil.ignore_patterns("__pycache__"))
    git = ["git", "-c", "user.name=T", "-c", "user.email=t@example.org"]
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "Start"]):
        subprocess.run([*git, *command], cwd=tmp_path / "repo", check=True)
    return tmp_path / "repo"


def run(repository: Path, script: Script, *arguments: str, log: str = "", issue: str = "") -> Done:
    folder = repository.parent
    (folder / "script.json").write_text(json.dumps(script))
    told: list[str] = []
    for flag, text in (("--log", log), ("--issue-file", issue)):
        if text:
            (folder / f"{flag[2:]}.txt").write_text(text)
            told += [flag, str(folder / f"{flag[2:]}.txt")]
    bundle = folder / "out"
    done = subprocess.run(
        [sys.executable, "-m", "bot", "run", str(repository), "--blender", RELEASE, "--json", "--out", str(bundle),
         "--llm", f"scripted:{folder / 'script.json'}", *told, *arguments],
        cwd=folder, capture_output=True, text=True, timeout=400, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert done.stdout, done.stderr
    return Done(done.returncode, json.loads(done.stdout), done.stderr, bundle)


def entry(role: str, reply: str, **more: Any) -> dict[str, Any]:
    return {"role": role, "reply": reply, **more}


def test_what_a_log_tells_of_is_reproduced_by_a_script_then_repaired_and_verified(repository: Path) -> None:
    done = run(
        repository,
        [entry("reproducer", SHOWS_ZERO), entry("patcher", MENDS_ZERO), entry("critic", LIKES)],
        log=LOG,
    )
    assert (done.status, done.report["status"], done.report["verified"]) == (0, "repaired", True)
    assert "max(len(things) - 1, 1)" in done.diff
    (shown,) = done.report["reproductions"]
    assert shown["counts"] and shown["author"] == "model" and shown["path"] == "spread/measure.py"
    (fault,) = done.report["faults"]
    assert (fault["proof"], fault["exception"], fault["line"]) == ("reproduced", "ZeroDivisionError", 7)
    assert done.report["plan"]["route"]["path"] == "one call"
    assert done.steps == [("reproducer", None), ("patcher", None), ("critic", None)]
    best = done.report["attempts"][0]
    assert best["patch"]["by"] == "model" and best["verdict"]["opinion"]["side_effects"] == 0.9
    assert any(cited["label"].startswith("spread/measure.py:") for cited in done.report["citations"])


def test_a_wrong_result_that_raises_nothing_is_shown_by_an_assertion_before_it_is_repaired(repository: Path) -> None:
    done = run(
        repository,
        [entry("reproducer", SHOWS_HEIGHT), entry("patcher", MENDS_HEIGHT), entry("critic", LIKES)],
        issue=ISSUE,
    )
    assert (done.status, done.report["verified"]) == (0, True)
    assert done.report["faults"][0]["kind"] == "scenario"
    assert "dimensions.z" in done.diff


def test_a_script_that_passes_or_fails_by_itself_does_not_count_and_is_kept_and_shown(repository: Path) -> None:
    passes = SHOWS_HEIGHT.replace('"height 5.0"', '"height 2.0"')
    own_error = SHOWS_HEIGHT.replace("cube.scale", "cubus.scale")
    done = run(
        repository,
        [
            entry("reproducer", passes),
            entry("reproducer", own_error, contains="It passed"),
            entry("reproducer", SHOWS_HEIGHT, contains="NameError"),
            entry("patcher", MENDS_HEIGHT),
            entry("critic", LIKES),
        ],
        issue=ISSUE,
    )
    assert done.report["verified"]
    assert [one["counts"] for one in done.report["reproductions"]] == [False, False, True]
    assert "NameError" in done.report["reproductions"][1]["said"]


def test_without_a_reproduction_a_patch_is_handed_over_and_never_called_verified(repository: Path) -> None:
    passes = SHOWS_HEIGHT.replace('"height 5.0"', '"height 2.0"')
    done = run(
        repository,
        [entry("reproducer", passes, repeat=True), entry("patcher", MENDS_HEIGHT), entry("critic", LIKES)],
        issue=ISSUE,
    )
    assert (done.status, done.report["verified"]) == (1, False)
    assert "dimensions.z" in done.diff
    assert "nothing was seen to fail" in done.report["summary"]


def test_a_patch_that_is_not_enough_is_healed_by_the_exact_failure(repository: Path) -> None:
    wrong = MENDS_HEIGHT.replace("dimensions.z", "dimensions.x")
    done = run(
        repository,
        [
            entry("reproducer", SHOWS_HEIGHT),
            entry("patcher", wrong),
            entry("healer", MENDS_HEIGHT, contains=["AssertionError: height 2.0", "+    return thing.dimensions.x"]),
            entry("critic", LIKES),
        ],
        issue=ISSUE,
    )
    assert (done.status, len(done.report["attempts"]), done.report["best"]) == (0, 2, 2)


def test_two_attempts_that_fail_alike_are_the_last(repository: Path) -> None:
    wrong = MENDS_HEIGHT.replace("dimensions.z", "dimensions.x")
    done = run(
        repository,
        [entry("reproducer", SHOWS_HEIGHT), entry("patcher", wrong), entry("healer", wrong, repeat=True)],
        issue=ISSUE,
    )
    assert (done.status, done.report["status"], len(done.report["attempts"])) == (1, "unrepaired", 2)
    assert not done.diff


def test_names_that_do_not_exist_are_sent_back_with_the_nearest_before_anything_runs(repository: Path) -> None:
    invented = MENDS_ZERO.replace(
        "+    return widest", "+    import bpy\n+    bpy.utils.register_klass(None)\n+    return widest"
    )
    done = run(
        repository,
        [
            entry("reproducer", SHOWS_ZERO),
            entry("patcher", invented),
            entry("patcher", MENDS_ZERO, contains=["bpy.utils.register_klass", "bpy.utils.register_class"]),
            entry("critic", LIKES),
        ],
        log=LOG,
    )
    assert (done.status, len(done.report["attempts"])) == (0, 1)
    assert "klass" not in done.diff


def test_a_citation_that_was_not_shown_is_sent_back(repository: Path) -> None:
    done = run(
        repository,
        [
            entry("reproducer", SHOWS_ZERO),
            entry("patcher", MENDS_ZERO.replace("[c1] [c2]", "[c99]")),
            entry("patcher", MENDS_ZERO, contains="c99"),
            entry("critic", LIKES),
        ],
        log=LOG,
    )
    assert done.status == 0


def test_what_a_model_would_see_first_is_looked_up_and_shown(repository: Path) -> None:
    done = run(
        repository,
        [
            entry("reproducer", SHOWS_ZERO),
            entry("patcher", "## Look up\n\n`OBJECT_OT_name_by_height`\n"),
            entry("patcher", MENDS_ZERO, contains="which was asked for"),
            entry("critic", LIKES),
        ],
        log=LOG,
    )
    assert (done.status, done.report["verified"]) == (0, True)


def test_a_malformed_answer_gets_three_reminders_and_no_more(repository: Path) -> None:
    done = run(
        repository,
        [entry("reproducer", SHOWS_ZERO), entry("patcher", "I am sure it works now.", repeat=True)],
        log=LOG,
    )
    assert (done.status, done.report["status"]) == (1, "unrepaired")
    assert [role for role, _ in done.steps].count("patcher") == 4


def test_a_critics_objection_is_worth_one_more_attempt_and_proves_nothing(repository: Path) -> None:
    finer = MENDS_ZERO.replace("max(len(things) - 1, 1)", "(len(things) - 1 or 1)")
    done = run(
        repository,
        [
            entry("reproducer", SHOWS_ZERO),
            entry("patcher", MENDS_ZERO),
            entry("critic", DISLIKES),
            entry("healer", finer, contains="It is crude."),
            entry("critic", LIKES),
        ],
        log=LOG,
    )
    assert (done.status, len(done.report["attempts"])) == (0, 2)
    assert all(attempt["verdict"]["verified"] for attempt in done.report["attempts"])
    assert "len(things) - 1 or 1" in done.diff


def test_of_several_candidates_the_one_with_the_better_evidence_is_kept(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BCRAG_CANDIDATES", "2")
    eloquent = MENDS_HEIGHT.replace("dimensions.z", "dimensions.x").replace("It reads", "Beyond any doubt it reads")
    done = run(
        repository,
        [
            entry("reproducer", SHOWS_HEIGHT),
            entry("patcher", eloquent),
            entry("patcher", MENDS_HEIGHT),
            entry("critic", LIKES),
        ],
        issue=ISSUE,
    )
    assert (done.status, len(done.report["attempts"]), done.report["best"]) == (0, 2, 2)


def test_where_no_model_answers_rules_are_all_there_is_and_the_report_says_so(repository: Path) -> None:
    done = run(repository, [{"failure": "unauthorised", "repeat": True}], log=LOG)
    assert (done.status, done.report["status"], done.report["verified"]) == (1, "unrepaired", False)
    assert done.report["remaining"]
    assert {failure for _, failure in done.steps} == {"unauthorised"}


def test_a_limit_on_money_is_kept_before_the_call(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BCRAG_PRICES", json.dumps({"costly": {"input": 10.0, "output": 10.0}}))
    (repository.parent / "log.txt").write_text(LOG)
    with aimock.serving(fixture("Write the reproduction.", {"content": SHOWS_ZERO})) as mock:
        reports = [asked_for_money(repository, f"{mock.url}#costly", limit) for limit in ("0.01", "1")]
        asked = mock.requests()
    assert [report["cost"]["input_tokens"] > 0 for report in reports] == [False, True]
    assert reports[0]["cost"]["calls"] == []  # nothing was begun that could be billed
    assert "limit of $0.01" in reports[0]["attempts"][0]["patch"]["unanswered"]
    assert asked, "the mock was never reached, so the first run's silence shows nothing"


def asked_for_money(repository: Path, address: str, limit: str) -> dict[str, Any]:
    """The report of a run that may spend `limit` US dollars at an endpoint."""
    folder = repository.parent
    done = subprocess.run(
        [sys.executable, "-m", "bot", "run", str(repository), "--blender", RELEASE, "--json", "--llm", address,
         "--out", str(folder / f"out-{limit}"), "--log", str(folder / "log.txt"), "--max-cost", limit],
        cwd=folder, capture_output=True, text=True, timeout=400, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def test_a_question_is_answered_with_citations_and_nothing_is_changed(repository: Path) -> None:
    answer = "It divides the gap by the number of gaps [c1], which is zero for one object [c2]."
    done = run(
        repository, [entry("explainer", answer)], "--mode", "explain", "--task", "Why does Spread fail?", log=LOG
    )
    assert (done.status, done.report["status"]) == (0, "answered")
    assert done.report["answer"]["text"] == answer and len(done.report["answer"]["cites"]) == 2
    assert done.report["attempts"] == [] and not done.diff


def test_a_question_without_a_model_is_answered_from_what_checks_know(repository: Path) -> None:
    done = run(repository, [{"failure": "ended", "repeat": True}], "--mode", "explain", "--task", "Why?", log=LOG)
    answer = done.report["answer"]
    assert answer["by"] == "rules"
    assert answer["text"].startswith("No model answered (") and "`spread/measure.py:7`: " in answer["text"]
    assert "division by zero" in answer["text"]
    # only the lines the fault lies in are what it rests on, and not all that was looked up
    places = [cite["label"].partition("@")[0] for cite in answer["cites"]]
    assert places and all(place.startswith("spread/measure.py:") for place in places)


def test_a_mode_that_needs_words_says_so(repository: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bot", "run", str(repository), "--mode", "explain"],
        capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert done.returncode == 2 and '--task "..."' in done.stderr


TESTS = """\
## Summary
The height is tested by a cube that is higher than deep.

## Rests on
[c1]

## Patch
```diff
--- /dev/null
+++ b/tests/test_spread.py
@@
+import bpy
+
+
+def test_the_gaps_are_shared():
+    from spread import measure
+
+    cube = bpy.data.objects["Cube"]
+    other = bpy.data.objects.new("Other", cube.data)
+    bpy.context.scene.collection.objects.link(other)
+    bpy.context.view_layer.update()
+    assert abs(measure.step_of([cube, other], 1.0) - 3.0) < 1e-5
```
"""


def test_tests_are_accepted_where_they_fail_without_the_behaviour(repository: Path) -> None:
    done = run(
        repository, [entry("patcher", TESTS), entry("critic", LIKES)], "--mode", "test", "--task", "Test step_of."
    )
    assert (done.status, done.report["status"], done.report["verified"]) == (0, "repaired", True)
    assert "tests/test_spread.py" in done.diff
    ids = {check["id"]: check["outcome"] for seen in done.report["attempts"][0]["validation"]["observations"]
           for check in seen["checks"]}  # fmt: skip
    assert ids == {
        "test:tests/test_spread.py::test_the_gaps_are_shared": "pass",
        "mutant:tests/test_spread.py:step_of": "pass",
    }


def test_a_test_that_cannot_fail_is_sent_back(repository: Path) -> None:
    idle = TESTS.replace("abs(measure.step_of([cube, other], 1.0) - 3.0) < 1e-5", "measure.step_of is not None")
    done = run(
        repository,
        [entry("patcher", idle), entry("healer", TESTS, contains="step_of does nothing"), entry("critic", LIKES)],
        "--mode", "test", "--task", "Test step_of.",
    )  # fmt: skip
    assert (done.status, len(done.report["attempts"])) == (0, 2)


def test_where_tests_are_asked_for_nothing_else_is_changed(repository: Path) -> None:
    done = run(
        repository, [entry("patcher", MENDS_HEIGHT), entry("healer", TESTS), entry("critic", LIKES)],
        "--mode", "test", "--task", "Test it.",
    )  # fmt: skip
    assert done.report["attempts"][0]["patch"]["refused"]
    assert "measure.py" not in done.diff


def test_a_refactoring_is_accepted_where_nothing_broke_and_its_lines_ran(repository: Path) -> None:
    refactored = MENDS_HEIGHT.replace(
        "+    return thing.dimensions.z", "+    size = thing.dimensions\n+    return size.y"
    )
    done = run(
        repository, [entry("patcher", refactored), entry("critic", LIKES)], "--mode", "refactor", "--task",
        "Take the dimensions out of height_of into a variable.",
    )  # fmt: skip
    assert (done.status, done.report["verified"]) == (0, True)
    assert "+    size = thing.dimensions" in done.diff


def test_a_refactoring_that_breaks_an_operator_is_not(repository: Path) -> None:
    broken = MENDS_HEIGHT.replace("+    return thing.dimensions.z", "+    return thing.dimensions.height")
    done = run(
        repository, [entry("patcher", broken), entry("healer", broken, repeat=True)], "--mode", "refactor", "--task",
        "Make height_of shorter.",
    )  # fmt: skip
    assert (done.status, done.report["verified"], done.diff) == (1, False, "")


def test_a_refactoring_that_changes_what_an_operator_makes_is_not_verified(repository: Path) -> None:
    other = MENDS_HEIGHT.replace("+    return thing.dimensions.z", "+    return thing.dimensions.y * 2")
    done = run(
        repository, [entry("patcher", other), entry("critic", LIKES)], "--mode", "refactor", "--task",
        "Make height_of clearer.",
    )  # fmt: skip
    assert not done.report["verified"]
    assert (
        "what object.name_by_height makes is not the same as before" in done.report["attempts"][0]["verdict"]["reason"]
    )
    differing = [one for one in done.report["sameness"] if one["differences"]]
    assert {one["operator"] for one in differing} == {"object.name_by_height"}
    assert all(one["settled"] for one in differing)


SHOWS_FEATURE = """\
## Expects
AssertionError

## Where
-

## Claim
There is no operator that resets the places of the objects.

## Script
```python
assert hasattr(bpy.types, "OBJECT_OT_unspread"), "no such operator"
bpy.data.objects["Cube"].location.x = 3.0
bpy.ops.object.unspread()
assert bpy.data.objects["Cube"].location.x == 0.0
```
"""
PLAN = {
    "tasks": [
        {"id": "t2", "title": "Register the operator.", "files": ["spread/__init__.py"], "needs": ["t1"], "query": ""},
        {"id": "t1", "title": "Add the operator.", "files": ["spread/__init__.py"], "needs": [], "query": "spread"},
    ]
}
ADDS = """\
## Summary
An operator puts every mesh object back to X = 0.

## Rests on
[c1]

## Patch
```diff
--- a/spread/__init__.py
+++ b/spread/__init__.py
@@
         return {"FINISHED"}
\x20
\x20
+class OBJECT_OT_unspread(bpy.types.Operator):
+    \"\"\"Put the mesh objects of the scene back to X = 0.\"\"\"
+
+    bl_idname = "object.unspread"
+    bl_label = "Unspread"
+
+    def execute(self, context):
+        for thing in context.scene.objects:
+            if thing.type == "MESH":
+                thing.location.x = 0.0
+        return {"FINISHED"}
+
+
 class OBJECT_OT_name_by_height(bpy.types.Operator):
```
"""
REGISTERS = """\
## Summary
It is registered like the others.

## Rests on
[c1]

## Patch
```diff
--- a/spread/__init__.py
+++ b/spread/__init__.py
@@
     bpy.utils.register_class(OBJECT_OT_spread)
+    bpy.utils.register_class(OBJECT_OT_unspread)
     bpy.utils.register_class(OBJECT_OT_name_by_height)
@@
     bpy.utils.unregister_class(OBJECT_OT_name_by_height)
+    bpy.utils.unregister_class(OBJECT_OT_unspread)
     bpy.utils.unregister_class(OBJECT_OT_spread)
```
"""


def test_a_feature_is_taken_apart_shown_missing_and_added_step_by_step(repository: Path) -> None:
    done = run(
        repository,
        [
            entry("reproducer", SHOWS_FEATURE),
            {"role": "planner", "reply": PLAN},
            entry("patcher", ADDS, contains="Add the operator."),
            entry("patcher", REGISTERS, contains=["Register the operator.", "OBJECT_OT_unspread"]),
            entry("critic", LIKES),
        ],
        "--mode", "feature", "--task", "An operator that puts every mesh object back to X = 0.",
    )  # fmt: skip
    assert (done.status, done.report["verified"]) == (0, True)
    assert done.report["plan"]["route"]["path"] == "agentic"
    assert [task["id"] for task in done.report["plan"]["tasks"]] == ["t1", "t2"]
    assert "+    bpy.utils.register_class(OBJECT_OT_unspread)" in done.diff


def test_another_try_heeds_the_hint_and_what_was_said_before(repository: Path) -> None:
    thread = repository.parent / "thread.json"
    thread.write_text(json.dumps([{"author": "ann", "text": "It is the same in edit mode."}]))
    done = run(
        repository,
        [
            entry("reproducer", SHOWS_ZERO, contains=["use max instead", "It is the same in edit mode."]),
            entry("patcher", MENDS_ZERO, contains="use max instead"),
            entry("critic", LIKES),
        ],
        "--hint", "use max instead", "--thread", str(thread), log=LOG,
    )  # fmt: skip
    assert done.status == 0


CANARY = "sk-canary-0123456789abcdef"


def test_an_endpoint_with_a_key_is_asked_by_the_broker_and_the_key_is_nowhere_else(repository: Path) -> None:
    folder = repository.parent
    (folder / "log.txt").write_text(LOG)
    with aimock.serving(
        fixture("Write the reproduction.", {"content": SHOWS_ZERO}),
        fixture("Write the patch that repairs this.", {"content": MENDS_ZERO}),
        fixture("shown with it applied", {"content": json.loads(LIKES)}),
    ) as mock:
        done = subprocess.run(
            [sys.executable, "-m", "bot", "run", str(repository), "--blender", RELEASE, "--json", "--llm", "openai",
             "--out", str(folder / "out"), "--log", str(folder / "log.txt"), "--max-cost", "1"],
            cwd=folder, capture_output=True, text=True, timeout=400, stdin=subprocess.DEVNULL,
            env={**os.environ, "OPENAI_API_KEY": CANARY, "BCRAG_LLM_URLS": json.dumps({"openai": mock.url})},
        )  # fmt: skip
        asked = mock.requests()
    report = json.loads(done.stdout)
    assert (done.returncode, report["verified"]) == (0, True), done.stderr
    assert {call["provider"] for call in report["cost"]["calls"]} == {"openai"}
    assert report["cost"]["input_tokens"] > 0
    assert len(asked) == 3
    for text in (done.stdout, done.stderr, *written_below(folder), *written_below(subfolder("replies"))):
        assert CANARY not in text


def written_below(folder: Path) -> list[str]:
    """Everything a run wrote: bundle and checkout, or what is kept of answers."""
    files = [path for path in folder.rglob("*") if path.is_file() and path.suffix != ".png"]
    return [path.read_text("utf-8", "replace") for path in files]


def test_a_script_enters_the_add_on_where_a_traceback_of_one_function_does(repository: Path) -> None:
    alone = LOG.replace(LOG.split("\n")[1] + "\n" + LOG.split("\n")[2] + "\n", "")
    direct = SHOWS_ZERO.replace(
        'assert bpy.ops.object.spread() == {"FINISHED"}',
        "import importlib\nmeasure = importlib.import_module(MODULE + '.measure')\n"
        "measure.step_of([bpy.data.objects['Cube']], 1.0)",
    )
    done = run(
        repository,
        [
            entry("reproducer", SHOWS_ZERO),
            entry("reproducer", direct, contains="the traceback enters it by"),
            entry("patcher", MENDS_ZERO),
            entry("critic", LIKES),
        ],
        log=alone,
    )
    assert done.report["verified"]
    assert [one["counts"] for one in done.report["reproductions"]] == [False, True]
