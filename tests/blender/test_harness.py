"""What the harness says about add-ons, asked of real Blenders. The add-ons here are ours: no sandbox."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from bot.blender.base import Picture, Place, Probe, Runtime
from bot.blender.harness.code.addon import Addon
from bot.blender.harness.code.sources import SourceMap
from bot.blender.harness.seeing.describing import Describer
from bot.models.question import Question, QuestionKind
from bot.models.release import Release
from harness import ADDONS, Run, line_of


def test_a_healthy_addon_comes_back_clean_and_with_a_picture(runtime: Runtime, tmp_path: Path) -> None:
    file = tmp_path / "made" / "picture.png"
    run = Run(runtime, tmp_path, ADDONS / "healthy.py", picture=Picture(file=str(file), size=128))
    assert [probe.id for probe in run.result.probes if probe.outcome == "fail"] == []
    outcomes = {probe.id: probe.outcome for probe in run.result.probes}
    assert outcomes["operator:healthy.pyramid"] == "pass"
    assert (outcomes["operator:healthy.bones"], run.probes["operator:healthy.bones"].situation) == ("pass", "pose")
    assert outcomes["operator:healthy.pick"] == "refused"
    assert outcomes["operator:healthy.drag"] == "refused"
    assert outcomes["operator:healthy.export"] == "pass"
    assert outcomes["panel:HEALTHY_PT_panel"] == "pass"
    assert outcomes["function:draw_entry"] == "pass"
    assert outcomes["disable"] == outcomes["enable-again"] == "pass"
    assert run.result.main_operator == "healthy.pyramid"
    assert run.result.picture == str(file)
    assert len(run.result.camera) == 17
    with Image.open(file) as image:
        assert image.size == (128, 128)
        colours = image.convert("RGB").getcolors(128 * 128)
    assert colours is not None and len(colours) > 20, "the pyramid is not to be seen"
    assert line_of("healthy.py", "from_pydata") in run.result.executed["healthy.py"]
    assert run.result.release == runtime.release
    assert run.finished.returncode == 0


def test_a_given_camera_is_used_as_it_is(runtime: Runtime, tmp_path: Path) -> None:
    camera = (1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 9.0, 0.0, 0.0, 0.0, 1.0, 5.0)
    picture = Picture(file=str(tmp_path / "a.png"), size=64, camera=camera, operator="healthy.pyramid")
    run = Run(runtime, tmp_path, ADDONS / "healthy.py", picture=picture, exercise=False)
    assert run.result.camera == camera
    assert (tmp_path / "a.png").exists()


def test_each_kind_of_fault_is_found_at_its_place(runtime: Runtime, tmp_path: Path) -> None:
    run = Run(runtime, tmp_path, ADDONS / "broken.py", probe_seconds=1.5)
    member = ("AttributeError", "broken.py", line_of("broken.py", "use_auto_smoothing"), "Mesh", "use_auto_smoothing")
    assert run.raised("operator:broken.member") == member
    assert run.raised("operator:broken.outer") == member
    edit = run.probes["operator:broken.edit"]
    assert (edit.outcome, edit.situation) == ("fail", "edit_mesh")
    assigned = ("DeferredProperty", "broken.py", line_of("broken.py", "size ="), "BROKEN_OT_assigned", "size")
    assert run.raised("class:BROKEN_OT_assigned") == assigned
    says = run.probes["operator:broken.says"]
    assert (says.outcome, "nothing is chosen" in says.detail) == ("refused", True)
    endless = run.probes["operator:broken.endless"]
    assert (endless.outcome, "had not ended" in endless.detail) == ("skipped", True)
    assert run.raised("panel:BROKEN_PT_label")[::3] == ("TypeError", "UILayout")
    prop = ("UnknownProperty", "broken.py", line_of("broken.py", "no_such_setting"), "Scene", "no_such_setting")
    assert run.raised("panel:BROKEN_PT_prop") == prop
    assert run.raised("panel:BROKEN_PT_operator")[3:] == ("bpy.ops.broken", "nowhere")
    entry = run.probes["function:draw_entry"].raised
    assert entry is not None and 'enum "ZOOMIN" not found in' in entry.message and len(entry.message) < 400
    assert run.raised("disable")[3:] == ("bpy.types", "VIEW3D_MT_no_such_menu")
    assert run.probes["enable-again"].outcome == "fail"
    assert str(tmp_path) not in run.result.model_dump_json(), "a folder of this run is in the result"


def test_what_reading_a_shown_property_raises_is_found_though_blender_only_prints_it(
    runtime: Runtime, tmp_path: Path
) -> None:
    run = Run(runtime, tmp_path, ADDONS / "callbacks.py")
    line = line_of("callbacks.py", "no_such_depth")
    expected = ("AttributeError", "callbacks.py", line, "Scene", "no_such_depth")
    assert run.raised("panel:CALLBACKS_PT_depth") == expected


def test_what_an_operator_draws_of_its_options_is_tried(runtime: Runtime, tmp_path: Path) -> None:
    run = Run(runtime, tmp_path, ADDONS / "options.py")
    assert run.probes["panel:OPTIONS_OT_well"].outcome == "pass"
    assert line_of("options.py", 'prop(self, "size")') in run.result.executed["options.py"]
    kind, path, line, owner, member = run.raised("panel:OPTIONS_OT_positional")
    place = line_of("options.py", '"size", "Size"')
    assert (kind, path, line, owner, member) == ("TypeError", "options.py", place, "UILayout", "prop")
    lost = ("UnknownProperty", "options.py", line_of("options.py", '"length"'), "OPTIONS_OT_lost", "length")
    assert run.raised("panel:OPTIONS_OT_lost") == lost
    assert run.probes["panel:OPTIONS_OT_started"].outcome == "refused"


def test_two_runs_say_the_same(runtime: Runtime, tmp_path: Path) -> None:
    def probes(name: str) -> list[Probe]:
        folder = tmp_path / name
        folder.mkdir()
        skip = ("operator:broken.endless",)
        result = Run(runtime, folder, ADDONS / "broken.py", skip=skip).result
        return [probe.model_copy(update={"seconds": 0.0}) for probe in result.probes]

    first, second = probes("one"), probes("two")
    assert first == second
    assert "operator:broken.endless" not in {probe.id for probe in first}


def test_only_what_is_asked_for_is_tried(runtime: Runtime, tmp_path: Path) -> None:
    run = Run(runtime, tmp_path, ADDONS / "broken.py", only=("operator:broken.says",))
    assert list(run.probes) == ["enable", "operator:broken.says"]


def test_a_place_in_a_function_is_called_where_it_fails(runtime: Runtime, tmp_path: Path) -> None:
    place = Place(path="broken.py", line=line_of("broken.py", "no_such_length"), function="measure")
    run = Run(runtime, tmp_path, ADDONS / "broken.py", places=(place,), only=("function:measure",))
    found = run.probes["function:measure"]
    assert (found.outcome, found.situation, found.detail) == ("fail", "curve", "called with guessed arguments")
    assert run.raised("function:measure")[3:] == ("Curve", "no_such_length")


def test_changed_lines_are_reached_and_what_they_raise_is_not_held_against_anyone(
    runtime: Runtime, tmp_path: Path
) -> None:
    line = line_of("broken.py", "no_such_length")
    run = Run(
        runtime, tmp_path, ADDONS / "broken.py", changed={"broken.py": (line - 1, line)}, only=("function:measure",)
    )
    assert run.probes["function:measure"].outcome in {"skipped", "pass"}
    assert line in run.result.executed["broken.py"]


def test_an_extension_is_loaded_as_blender_does_it(runtime: Runtime, tmp_path: Path) -> None:
    run = Run(runtime, tmp_path, ADDONS / "small_extension", kind="extension")
    assert run.probes["enable"].outcome == "pass"
    assert run.raised("operator:small.run") == ("AttributeError", "tools.py", 3, "MeshPolygon", "no_such_member")
    assert run.probes["panel:SmallPreferences"].outcome == "pass"
    assert run.probes["enable-again"].outcome == "pass"
    assert not list((ADDONS / "small_extension").glob("__pycache__")), "something was written beside the source"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("import bpy\nimport no_such_module\n", ("ModuleNotFoundError", 2, "module", "no_such_module")),
        ("import bpy\ndef register(:\n", ("SyntaxError", 2, None, None)),
        (
            "bl_info = {'blender': (2, 80, 0)}\nimport bpy\ndef register():\n    bpy.utils.register_module(__name__)\n",
            ("AttributeError", 4, "bpy.utils", "register_module"),
        ),
        ("raise SystemExit('bye')\n", ("SystemExit", 1, None, None)),
    ],
    ids=["import", "syntax", "register", "exit"],
)
def test_an_addon_that_cannot_be_enabled_says_why(
    runtime: Runtime, tmp_path: Path, text: str, expected: tuple[Any, ...]
) -> None:
    source = tmp_path / "odd.py"
    source.write_text(text, encoding="utf-8")
    run = Run(runtime, tmp_path, source)
    kind, path, line, owner, member = run.raised("enable")
    assert (path, (kind, line, owner, member)) == ("odd.py", expected)
    assert list(run.probes) == ["enable"]


def test_a_probe_that_kills_blender_is_the_last_one_the_journal_names(runtime: Runtime, tmp_path: Path) -> None:
    source = tmp_path / "deadly.py"
    source.write_text(
        "bl_info = {'name': 'Deadly', 'blender': (2, 80, 0)}\nimport bpy, os\n"
        "class DEADLY_OT_die(bpy.types.Operator):\n    bl_idname = 'deadly.die'\n    bl_label = 'Die'\n"
        "    def execute(self, context):\n        os.abort()\n"
        "def register():\n    bpy.utils.register_class(DEADLY_OT_die)\n"
        "def unregister():\n    bpy.utils.unregister_class(DEADLY_OT_die)\n",
        encoding="utf-8",
    )
    run = Run(runtime, tmp_path, source)
    assert not (tmp_path / "result.json").exists()
    assert run.journal[-1] == {"running": "operator:deadly.die"}
    assert run.journal[0]["started"]["release"] == str(runtime.release)
    assert [line["outcome"] for line in run.journal if line.get("id") == "enable"] == ["pass"]


def asked(kind: str, owner: str, name: str = "") -> Question:
    return Question(kind=QuestionKind(kind), owner=owner, name=name)


QUESTIONS: dict[Question, Release | bool | None] = {
    asked("member", "bpy.types.Mesh", "vertices"): True,
    asked("member", "bpy.types.Mesh", "use_auto_smooth"): False,
    asked("member", "bpy.utils", "register_module"): False,
    asked("member", "bpy.types.Context", "user_preferences"): False,
    asked("member", "bpy.types.Context", "active_object"): True,
    asked("member", "bpy.types.NoSuchType", "x"): None,
    asked("member", "bpy.ops.object", "select_all"): True,
    asked("member", "bpy.ops.object", "no_such_operator"): False,
    asked("keyword", "bpy.types.UILayout.label", "text"): True,
    asked("keyword", "bpy.ops.mesh.bevel", "vertex_only"): False,
    asked("keyword", "bmesh.ops.create_cone", "diameter1"): False,
    asked("keyword", "bmesh.ops.create_cone", "radius1"): True,
    asked("keyword", "bmesh.ops.no_such_function", "radius"): None,
    asked("positional", "bpy.types.UILayout.label", "1"): False,
    asked("positional", "bpy.types.UILayout.prop", "2"): True,
    asked("positional", "bpy.ops.object.select_all", "override"): False,
    asked("enum_item", "bpy.types.UILayout.label.icon", "ZOOMIN"): False,
    asked("enum_item", "bpy.types.RenderSettings.engine", "BLENDER_WORKBENCH"): True,
    asked("enum_item", "gpu.shader.from_builtin.shader_name", "3D_UNIFORM_COLOR"): False,
    asked("enum_item", "gpu.shader.from_builtin.shader_name", "UNIFORM_COLOR"): True,
    asked("socket", "ShaderNodeBsdfPrincipled", "Specular"): False,
    asked("socket", "ShaderNodeBsdfPrincipled", "out:BSDF"): True,
    asked("module", "bpy_extras.io_utils"): True,
    asked("module", "no_such_module"): False,
    asked("assigned_property", "bpy.types.Operator"): False,
    asked("assigned_property", "bpy.types.Panel"): False,
    asked("product", "mathutils.Matrix", "mathutils.Vector"): False,
    asked("product", "mathutils.Matrix", "mathutils.Matrix"): False,
    asked("writable", "bpy.types.Object", "location"): True,
    asked("writable", "bpy.types.Object", "type"): False,
    asked("length", "bpy.types.Material.diffuse_color", "4"): True,
    asked("length", "bpy.types.Material.diffuse_color", "3"): False,
}
"""What every release from 4.2 on answers."""


def test_questions_about_the_api_are_answered(runtime: Runtime, tmp_path: Path) -> None:
    run = Run(runtime, tmp_path, ADDONS / "healthy.py", exercise=False, questions=tuple(QUESTIONS))
    answers = {answer.question: answer.exists for answer in run.result.answers}
    assert answers == QUESTIONS
    assert list(run.probes) == ["enable"]


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("'Mesh' object has no attribute 'use_auto_smooth'", ("Mesh", "use_auto_smooth")),
        ("module 'bpy.utils' has no attribute 'register_module'", ("bpy.utils", "register_module")),
        ('Calling operator "bpy.ops.foo.bar" error, could not be found', ("bpy.ops.foo", "bar")),
        ("'bpy_prop_collection[key]: key \"Specular\" not found'", ("bpy_prop_collection", "Specular")),
        ("bpy_struct: item.attr = val: enum \"A\" not found in ('B')", ("bpy_struct", "A")),
        ("UILayout.label(): takes at most 5 arguments, got 6", ("UILayout", "label")),
        ('bpy_struct: attribute "type" from "Object" is read-only', ("Object", "type")),
        ("something else entirely", (None, None)),
    ],
)
def test_what_does_not_fit_is_read_from_the_message(
    tmp_path: Path, message: str, expected: tuple[str | None, str | None]
) -> None:
    addon = Addon("a", str(tmp_path / "a.py"), True, "a.py")
    assert Describer(addon, str(tmp_path)).misfit(ValueError(message), message) == expected


def test_a_line_without_code_ran_with_its_statement(tmp_path: Path) -> None:
    text = "x = (\n    1,\n    print,\n)\nif x:\n    y = [\n        print,\n    ]\n"
    (tmp_path / "a.py").write_text(text, encoding="utf-8")
    sources = SourceMap(Addon("a", str(tmp_path / "a.py"), True, "a.py"))
    code = sources.executable("a.py")
    assert 4 not in code and 8 not in code
    assert sources.whole("a.py", {1, 5}) >= {1, 4, 5}
    assert 8 not in sources.whole("a.py", {1, 5})
    assert sources.whole("a.py", set()) == set()
    assert not (sources.whole("a.py", {1, 5}) - {1, 5}) & code, "a line with code has to run itself"


def test_only_lines_of_the_addon_are_recorded(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("def f(x):\n    if x:\n        return 1\n    return 2\nf(1)\n", encoding="utf-8")
    script = (
        "import sys, json\nfrom bot.blender.harness.code.addon import Addon\n"
        "from bot.blender.harness.code.coverage import Coverage\n"
        f"coverage = Coverage(Addon('a', {str(tmp_path / 'a.py')!r}, True, 'shown.py'))\n"
        f"coverage.start()\nsys.path.insert(0, {str(tmp_path)!r})\nimport a, textwrap\ntextwrap.dedent(' x')\n"
        "print(json.dumps(coverage.executed()))\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=30)
    assert json.loads(done.stdout) == {"shown.py": [1, 2, 3, 5]}
