"""Faults the exerciser sees become scripts that show them by themselves, in real Blenders that were just started."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from alone import Bench
from bot.blender.base import Place, Runtime
from bot.models.addon import AddonKind
from bot.models.recipe import Recipe
from bot.models.reproducer import Came
from bot.reproducing.usual import usual
from bot.sandbox.base import Sandbox

ADDONS = Path(__file__).parents[1] / "data" / "addons"
SHOWING = ADDONS / "showing.py"
FAILING = ("broken", "callbacks", "eventful", "leaving", "listed", "noded", "settled")
"""Add-ons with faults of every kind a probe finds."""


def line_of(text: str) -> int:
    lines = SHOWING.read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if text in line)


def mended(folder: Path) -> Path:
    """The add-on without its faults."""
    text = SHOWING.read_text(encoding="utf-8")
    text = re.sub(r"\w+\.no_such_measure \* factor", "factor", text)
    text = re.sub(r"\.no_such_\w+", ".bl_rna.identifier", text).replace("NO_SUCH_ICON", "NONE")
    file = folder / "mended" / SHOWING.name
    file.parent.mkdir()
    file.write_text(text, encoding="utf-8")
    return file


def test_every_fault_gets_a_script_that_shows_it_and_passes_once_it_is_mended(
    runtime: Runtime, sandbox: Sandbox, tmp_path: Path
) -> None:
    bench = Bench(runtime, sandbox, tmp_path, SHOWING)
    place = Place(path="showing.py", line=line_of("no_such_measure"), function="measure")
    failing = bench.failing([place])
    assert set(failing) >= {
        *(f"operator:showing.{name}" for name in ("plain", "poll", "pose", "read")),
        *("panel:SHOWING_OT_options", "panel:SHOWING_PT_context", "panel:SHOWING_PT_keyword"),
        *("panel:ShowingPreferences", "function:entry", "function:measure", "disable"),
    }
    whole = mended(tmp_path)
    for name, probe in failing.items():
        text, tried = list(bench.shown(probe))[-1]
        assert tried.came is Came.SHOWS, f"{name}: {tried.said}\n{text}"
        after = bench.run(text, bench.fault(probe), whole)
        assert after.came is Came.PASSES, f"{name}: {after.said}\n{text}"


def test_a_script_holds_no_more_than_it_needs(runtime: Runtime, sandbox: Sandbox, tmp_path: Path) -> None:
    bench = Bench(runtime, sandbox, tmp_path, SHOWING)
    ids = ("operator:showing.plain", "operator:showing.pose")
    plain, pose = (bench.failing(only=ids)[name] for name in ids)
    ((text, tried),) = bench.shown(plain)
    assert tried.came is Came.SHOWS and body(text) == ["enable()", "bpy.ops.showing.plain()"]
    assert "def pose" not in text and "def armature" not in text and "def draw" not in text
    first, last = list(bench.shown(pose))
    assert first[1].came is Came.OTHERWISE, "without a rig that is posed there is nothing to see"
    assert (last[1].came, "def pose" in last[0], "def curve" in last[0]) == (Came.SHOWS, True, False)


def body(text: str) -> list[str]:
    """The steps of a script."""
    (function,) = (one for one in ast.parse(text).body if isinstance(one, ast.FunctionDef) and one.name == "reproduce")
    return [ast.unparse(step) for step in function.body[1:]]


def test_another_exception_or_another_place_is_not_taken_for_the_fault(
    runtime: Runtime, sandbox: Sandbox, tmp_path: Path
) -> None:
    bench = Bench(runtime, sandbox, tmp_path, SHOWING)
    probe = bench.failing(only=("operator:showing.plain",))["operator:showing.plain"]
    fault = bench.fault(probe)
    assert probe.recipe is not None
    for other in (
        fault.model_copy(update={"exception": "KeyError"}),
        fault.model_copy(update={"line": fault.line + 1}),
    ):
        tried = bench.run(bench.texts(other, probe.recipe)[0], other)
        assert tried.came is Came.OTHERWISE
        assert f"AttributeError at showing.py:{fault.line}, which is not what was expected" in tried.said


def test_a_script_that_fails_by_itself_shows_nothing(runtime: Runtime, sandbox: Sandbox, tmp_path: Path) -> None:
    """Python ends with status 1 then, as it does for the fault: the script's own word decides."""
    bench = Bench(runtime, sandbox, tmp_path, SHOWING)
    probe = bench.failing(only=("operator:showing.plain",))["operator:showing.plain"]
    assert probe.recipe is not None
    (text, *_) = bench.texts(bench.fault(probe), probe.recipe)
    tried = bench.run(text.replace("import bpy\n", "import bpy\nno_such_name\n", 1), bench.fault(probe))
    assert tried.came is Came.OTHERWISE


def test_a_script_of_somebody_is_run_as_it_stands(runtime: Runtime, sandbox: Sandbox, tmp_path: Path) -> None:
    bench = Bench(runtime, sandbox, tmp_path, SHOWING)
    script = (
        'assert addon.measure.__name__ == "measure"\n"""\nquotes \'\'\' and \\\\ slashes"""\nbpy.ops.showing.plain()\n'
    )
    fault = bench.fault(bench.failing(only=("operator:showing.plain",))["operator:showing.plain"])
    tried = bench.run(bench.texts(fault, Recipe(), script=script)[0], fault)
    assert tried.came is Came.SHOWS, tried.said


DYING = """
bl_info = {"name": "Dying", "blender": (2, 80, 0), "category": "Object"}
import bpy, os, signal

class DYING_OT_dies(bpy.types.Operator):
    bl_idname = "dying.dies"
    bl_label = "Dies"
    def execute(self, context):
        os.kill(os.getpid(), signal.SIGSEGV)
        return {"FINISHED"}

def register():
    bpy.utils.register_class(DYING_OT_dies)

def unregister():
    bpy.utils.unregister_class(DYING_OT_dies)
"""
ENDLESS = """
bl_info = {"name": "Endless", "blender": (2, 80, 0), "category": "Object"}

def register():
    while True:
        pass

def unregister():
    pass
"""


def test_a_crash_is_shown_by_blender_dying_again(runtime: Runtime, sandbox: Sandbox, tmp_path: Path) -> None:
    source = tmp_path / "dying.py"
    source.write_text(DYING, encoding="utf-8")
    bench = Bench(runtime, sandbox, tmp_path, source)
    probe = bench.failing()["operator:dying.dies"]
    assert probe.recipe is None, "a Blender that is dead says nothing more"
    fault = bench.fault(probe)
    tried = bench.run(bench.texts(fault, *usual(probe.id))[0], fault)
    assert (tried.came, tried.said) == (Came.SHOWS, "Blender died of signal 11.")


def test_what_does_not_end_is_shown_by_where_it_hangs(runtime: Runtime, sandbox: Sandbox, tmp_path: Path) -> None:
    source = tmp_path / "endless.py"
    source.write_text(ENDLESS, encoding="utf-8")
    bench = Bench(runtime, sandbox, tmp_path, source)
    probe = bench.failing(probe_seconds=2.0)["enable"]
    assert probe.recipe is not None
    fault = bench.fault(probe)
    (text,) = bench.texts(fault, probe.recipe)
    assert bench.run(text, fault).came is Came.SHOWS
    whole = tmp_path / "whole.py"
    whole.write_text(ENDLESS.replace("while True:\n        pass", "pass"), encoding="utf-8")
    assert bench.run(text, fault, whole).came is Came.PASSES


def test_an_extension_is_shown_as_one(runtime: Runtime, sandbox: Sandbox, tmp_path: Path) -> None:
    folder = tmp_path / "reach"
    folder.mkdir()
    (folder / "blender_manifest.toml").write_text(
        'schema_version = "1.0.0"\nid = "reach"\nversion = "1.0.0"\nname = "Reach"\ntagline = "Reach"\n'
        'maintainer = "N"\ntype = "add-on"\nblender_version_min = "4.2.0"\nlicense = ["SPDX:GPL-3.0-or-later"]\n'
    )
    (folder / "__init__.py").write_text(
        "from . import inner\n\n\ndef register():\n    inner.start()\n\n\ndef unregister():\n    pass\n"
    )
    (folder / "inner.py").write_text("import bpy\n\n\ndef start():\n    bpy.context.scene.no_such_start\n")
    bench = Bench(runtime, sandbox, tmp_path, folder, AddonKind.EXTENSION)
    ((text, tried),) = bench.shown(bench.failing()["enable"])
    assert (tried.came, 'MODULE = "reach", "bl_ext.user_default.reach"' in text) == (Came.SHOWS, True), tried.said


@pytest.mark.parametrize("name", [f"{name}.py" for name in FAILING])
def test_whatever_fails_says_how_it_comes_about(name: str, runtime: Runtime, sandbox: Sandbox, tmp_path: Path) -> None:
    """A kind of probe that does not say it leaves a fault without a script."""
    bench = Bench(runtime, sandbox, tmp_path, ADDONS / name)
    failing = bench.failing(probe_seconds=2.0, budget_seconds=60.0)
    silent = [probe.id for probe in failing.values() if probe.recipe is None and probe.kind.value != "class"]
    assert not silent, f"give the probe of {silent[0]} a recipe: see bot/blender/harness/recipes.py"
    for probe in failing.values():
        if probe.recipe is not None:
            assert bench.texts(bench.fault(probe), probe.recipe)
