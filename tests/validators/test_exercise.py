"""What a hostile add-on writes as its result decides nothing about files of the machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.blender.base import Ending, HarnessRequest, HarnessResult, Probe, ProbeKind, Raised, Runtime, Session
from bot.blender.session import BlenderExerciser
from bot.models.addon import Addon, AddonKind
from bot.models.fault import FaultKind, FaultSource, Proof
from bot.models.release import Release
from bot.models.reproduction import Script
from bot.sandbox.base import Sandbox
from bot.validators.base import Subject
from bot.validators.compare import differences
from bot.validators.exercise import PNG, Exercise
from bot.validators.merging import merged
from bot.validators.reproduction import agree

R45 = Release(4, 5)
ADDON = Addon(
    path="a.py", module="a", kind=AddonKind.LEGACY, single_file=True, name="A", declared_minimum=None, files=("a.py",)
)
RUNTIME = Runtime(release=R45, version="4.5.1", kind="executable", path=Path("/nowhere/blender"))


class Forger:
    """Stands where Blender would be: leaves a file, and a result that names another one."""

    def __init__(self, named: str, left: bytes | None = None, link: Path | None = None, lacks: str = "") -> None:
        self.named, self.left, self.link, self.lacks = named, left, link, lacks

    def exercise(self, runtime: Runtime, request: HarnessRequest, work: Path) -> Session:
        assert request.picture is not None
        if self.left is not None:
            Path(request.picture.file).write_bytes(self.left)
        if self.link is not None:
            Path(request.picture.file).symlink_to(self.link)
        raised = Raised(type="ModuleNotFoundError", message="no", member=self.lacks) if self.lacks else None
        probe = Probe(id="enable", kind=ProbeKind.ENABLE, outcome="fail" if raised else "pass", raised=raised)
        result = HarnessResult(version="4.5.1", release=R45, python="3.11", probes=(probe,), picture=self.named)
        return Session(ending=Ending.COMPLETED, result=result)


def observe(tmp_path: Path, forger: Forger):
    root = tmp_path / "clone"
    root.mkdir()
    (root / "a.py").write_bytes(b"bl_info = {}\n")
    work = tmp_path / "work"
    work.mkdir()
    subject = Subject(root=root, work=work, addon=ADDON, files={}, releases=(R45,), target=R45)
    (seen,) = Exercise(forger, (RUNTIME,)).observe(subject)
    return seen


def test_the_render_is_the_file_that_was_asked_for(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(PNG + b"secret")
    seen = observe(tmp_path, Forger(str(secret), left=PNG + b"render"))
    assert Path(seen.pictures["picture"]).read_bytes() == PNG + b"render"


@pytest.mark.parametrize("left", [None, b"not a picture", b""])
def test_a_result_that_names_another_file_shows_nothing(tmp_path: Path, left: bytes | None) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(PNG + b"secret")
    assert observe(tmp_path, Forger(str(secret), left=left)).pictures == {}


def test_a_link_in_the_place_of_the_render_shows_nothing(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(PNG + b"secret")
    assert observe(tmp_path, Forger("picture.png", link=secret)).pictures == {}


def test_a_blender_without_the_modules_blender_has_is_no_runtime(tmp_path: Path) -> None:
    seen = observe(tmp_path, Forger("picture.png", lacks="requests"))
    assert (seen.reached, seen.unsuited) == (False, True)
    assert "python3-requests" in seen.note


TRIAL = """
bl_info = {{"name": "Trial", "blender": (2, 80, 0), "category": "Object"}}
import bpy


def widest(objects):
    return {result}(objects, key=lambda one: one.dimensions.x)


class TRIAL_OT_measure(bpy.types.Operator):
    bl_idname = "trial.measure"
    bl_label = "Measure"

    def execute(self, context):
        widest(context.selected_objects)
        return {{"FINISHED"}}


def register():
    bpy.utils.register_class(TRIAL_OT_measure)


def unregister():
    bpy.utils.unregister_class(TRIAL_OT_measure)
"""
WRONG = Script(
    name="wrong",
    text="bpy.ops.mesh.primitive_cube_add(size=9)\nassert addon.widest(bpy.data.objects).name == 'Cube.001'\n",
)
LOST = Script(name="lost", text="addon.widest([])\n")


def tree(tmp_path: Path, name: str, runtime: Runtime, result: str, scripts: tuple[Script, ...] = ()) -> Subject:
    root, work = tmp_path / name / "clone", tmp_path / name / "work"
    root.mkdir(parents=True)
    work.mkdir()
    (root / "a.py").write_text(TRIAL.format(result=result))
    return Subject(
        root=root, work=work, addon=ADDON, files={}, releases=(runtime.release,), target=runtime.release,
        scripts=scripts,
    )  # fmt: skip


def test_scripts_alone_extend_a_baseline_and_are_run_with_everything_else_on_a_candidate(
    sandbox: Sandbox, runtime: Runtime, tmp_path: Path
) -> None:
    exercise = Exercise(BlenderExerciser(sandbox), (runtime,), picture=False)
    base = tree(tmp_path, "base", runtime, "min")
    baseline = exercise.observe(base)
    seen = exercise.scripts(base, runtime.release, (WRONG, LOST))
    assert [check.id for check in seen.checks] == ["enable", "script:wrong", "script:lost"]
    wrong, lost = seen.checks[1].fault, seen.checks[2].fault
    assert wrong is not None and lost is not None
    assert (wrong.kind, wrong.source, wrong.proof) == (FaultKind.SCENARIO, FaultSource.TEST, Proof.REPRODUCED)
    assert (wrong.subject, wrong.exception, wrong.path, seen.checks[1].reached) == ("wrong", "AssertionError", "", 1)
    assert (lost.exception, lost.path, lost.line) == ("ValueError", "a.py", 7)
    again = exercise.scripts(base, runtime.release, (WRONG, LOST))
    assert all(agree(*pair) for pair in zip(seen.checks, again.checks, strict=True))

    elsewhere = LOST.model_copy(update={"releases": (Release(9, 9),)})
    candidate = tree(tmp_path, "candidate", runtime, "max", (WRONG, elsewhere))
    after = exercise.observe(candidate)
    (row,) = differences(merged(baseline, [seen]), after)
    assert (row.fixed, row.broken, row.remaining) == (("script:wrong",), (), ("script:lost",))
    assert after[0].starts == 1
