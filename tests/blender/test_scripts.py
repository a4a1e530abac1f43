"""Scripts that say what a person expects, run in real Blenders, in the real sandbox."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from bot.blender.base import Ending, HarnessRequest, Picture, Probe, Raised, Runtime, Session
from bot.blender.session import BlenderExerciser
from bot.blender.tampering import RESTORED, TEXTS
from bot.models.reproduction import Script
from bot.sandbox.base import Sandbox

ADDONS = Path(__file__).parents[1] / "data" / "addons"

ADDON = """
bl_info = {"name": "Trial", "blender": (2, 80, 0), "version": (1, 0, 0), "category": "Object"}
import bpy
CALLS = []


def double(number):
    return number + number + 1


def look_up(table):
    return table["missing"]


def updated(scene, context):
    scene["missing"]


class TRIAL_OT_fails(bpy.types.Operator):
    bl_idname = "trial.fails"
    bl_label = "Fails"

    def execute(self, context):
        look_up({})
        return {"FINISHED"}


class TRIAL_OT_says(bpy.types.Operator):
    bl_idname = "trial.says"
    bl_label = "Says"

    def execute(self, context):
        self.report({"ERROR"}, "nothing is chosen")
        return {"CANCELLED"}


class TRIAL_OT_poll(bpy.types.Operator):
    bl_idname = "trial.poll"
    bl_label = "Poll"

    @classmethod
    def poll(cls, context):
        return context.object.no_such_member

    def execute(self, context):
        return {"FINISHED"}


class TRIAL_OT_makes(bpy.types.Operator):
    bl_idname = "trial.makes"
    bl_label = "Makes"

    def execute(self, context):
        mesh = bpy.data.meshes.new("Tile")
        mesh.from_pydata([(5, 5, 0), (6, 5, 0), (6, 6, 0), (5, 6, 0)], [], [(0, 1, 2, 3)])
        context.collection.objects.link(bpy.data.objects.new("Tile", mesh))
        return {"FINISHED"}


CLASSES = (TRIAL_OT_fails, TRIAL_OT_says, TRIAL_OT_poll, TRIAL_OT_makes)


def register():
    bpy.types.Scene.trial = bpy.props.IntProperty(default=3)
    bpy.types.Scene.watched = bpy.props.IntProperty(update=updated)
    for cls in CLASSES:
        bpy.utils.register_class(cls)


def unregister():
    for cls in CLASSES:
        bpy.utils.unregister_class(cls)
    del bpy.types.Scene.trial, bpy.types.Scene.watched
"""


def line_of(text: str) -> int:
    return next(number for number, line in enumerate(ADDON.splitlines(), 1) if text in line)


def run(
    sandbox: Sandbox, runtime: Runtime, folder: Path, *texts: str, source: Path | None = None, **asked: object
) -> Session:
    """One exercise with these scripts, named `first`, `second` and so on."""
    work = folder / "work"
    (work / "scratch").mkdir(parents=True)
    if source is None:
        source = folder / "trial.py"
        source.write_text(ADDON)
    names = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")
    request = HarnessRequest.model_validate(
        {
            "addon_source": str(source),
            "module": source.stem,
            "kind": "legacy",
            "scratch": str(work / "scratch"),
            "exercise": False,
            "budget_seconds": 30.0,
            "probe_seconds": 5.0,
            "scripts": [Script(name=name, text=text) for name, text in zip(names, texts, strict=False)],
            **asked,
        }
    )
    return BlenderExerciser(sandbox).exercise(runtime, request, work)


def probes(session: Session) -> dict[str, Probe]:
    assert session.result is not None, session.output
    return {probe.id.removeprefix("script:"): probe for probe in session.result.probes}


def raised(probe: Probe) -> Raised:
    assert probe.outcome == "fail" and probe.raised is not None, probe
    return probe.raised


def test_what_scripts_do_is_told_by_how_they_end(sandbox: Sandbox, runtime: Runtime, tmp_path: Path) -> None:
    session = run(
        sandbox, runtime, tmp_path,
        "print('two and two')\naddon.double(2)\n",
        "x = 1\nundefined_name\n",
        "bpy.ops.trial.fails()\n",
        "assert addon.double(2) == 4, f'{addon.double(2)} is not 4'\n",
        "bpy.ops.trial.says()\n",
        "bpy.ops.trial.poll()\n",
        "assert False, 'nothing of it ran'\n",
        "def (:\n",
    )  # fmt: skip
    assert (session.ending, session.starts, session.tampering) == (Ending.COMPLETED, 1, ()), session.output
    found = probes(session)
    assert list(found) == ["enable", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth"]
    passed = found["first"]
    assert (passed.outcome, passed.detail, passed.reached, passed.made) == ("pass", "two and two\n", 1, {})
    own = raised(found["second"])
    assert (own.type, own.path) == ("NameError", "")
    assert 'File "<script:second>", line 2' in own.traceback and "    undefined_name\n" in own.traceback
    operator = raised(found["third"])
    assert (operator.type, operator.path, operator.line) == ("KeyError", "trial.py", line_of('table["missing"]'))
    assert found["third"].reached > 1
    wrong = raised(found["fourth"])
    assert (wrong.type, wrong.path, wrong.message) == ("AssertionError", "", "5 is not 4")
    assert found["fourth"].reached == 1
    says = raised(found["fifth"])
    assert (says.type, says.path) == ("RuntimeError", "")
    assert "harness" not in says.traceback, says.traceback
    assert "nothing is chosen" in says.message and says.message.endswith("(bpy.ops.trial.says)")
    poll = raised(found["sixth"])
    assert (poll.type, poll.path, poll.member) == ("AttributeError", "trial.py", "no_such_member")
    assert (raised(found["seventh"]).type, found["seventh"].reached) == ("AssertionError", 0)
    syntax = raised(found["eighth"])
    assert (syntax.type, syntax.path, 'File "<script:eighth>", line 1' in syntax.traceback) == ("SyntaxError", "", True)
    assert session.result is not None and str(tmp_path) not in session.result.model_dump_json()


def test_what_blender_only_prints_fails_a_script_and_what_it_catches_does_not(
    sandbox: Sandbox, runtime: Runtime, tmp_path: Path
) -> None:
    catches = "try:\n    bpy.ops.trial.fails()\nexcept RuntimeError:\n    pass\n"
    session = run(sandbox, runtime, tmp_path, "bpy.context.scene.watched = 2\n", catches)
    found = probes(session)
    update = raised(found["first"])
    assert (update.type, update.path, update.line) == ("KeyError", "trial.py", line_of('scene["missing"]'))
    assert found["second"].outcome == "pass"


SCENE = """
import os
assert sorted(bpy.data.objects.keys()) == ["Camera", "Cube", "Light"], bpy.data.objects.keys()
cube = bpy.context.active_object
assert (cube.name, bpy.context.selected_objects, cube.mode) == ("Cube", [cube], "OBJECT")
assert [slot.name for slot in cube.material_slots] == ["Material"] and len(cube.data.vertices) == 8
assert bpy.context.scene.camera.name == "Camera" and bpy.context.collection.name == "Collection"
assert (bpy.context.scene.frame_end, bpy.context.scene.trial, bpy.context.scene.get("mark")) == (250, 3, None)
assert bpy.context.area.type == "VIEW_3D" and bpy.context.mode == "OBJECT"
assert __name__ == "__main__" and MODULE == addon.__name__ == "trial" and addon.CALLS == []
assert os.path.isdir(TMP) and os.listdir(TMP) == [] and "secret" not in globals()
assert not bpy.data.texts and bpy.data.materials["Material"].roughness < 0.8
assert "look_up" in dir(addon) and addon.double(1) == 3
"""

LEAVES = """
open(os.path.join(TMP, "left"), "w").close()
secret = 1
addon.CALLS.append(1)
addon.double = lambda number: 0
bpy.data.texts.new("Note")
bpy.data.materials["Material"].roughness = 0.9
bpy.context.scene.frame_end, bpy.context.scene.trial, bpy.context.scene["mark"] = 10, 7, 1
bpy.data.objects.remove(bpy.data.objects["Camera"])
bpy.ops.object.mode_set(mode="EDIT")
"""


def test_each_script_begins_where_a_user_begins_and_sees_nothing_of_the_others(
    sandbox: Sandbox, runtime: Runtime, tmp_path: Path
) -> None:
    disables = "import addon_utils\naddon_utils.disable(MODULE, default_set=True)\n"
    session = run(sandbox, runtime, tmp_path, SCENE + LEAVES, SCENE + LEAVES + disables, SCENE, exercise=True)
    found = probes(session)
    for name in ("first", "second", "third"):
        assert found[name].outcome == "pass", raised(found[name]).traceback
    assert list(found)[-4:] == ["disable:unused", "first", "second", "third"], "what is tried first rests on no script"
    assert found["operator:trial.makes"].outcome == "pass"


def test_an_extension_is_enabled_under_the_name_blender_gives_it(
    sandbox: Sandbox, runtime: Runtime, tmp_path: Path
) -> None:
    text = "assert MODULE == addon.__name__ == 'bl_ext.user_default.small_extension', MODULE\nbpy.ops.small.run()\n"
    session = run(sandbox, runtime, tmp_path, text, text, source=ADDONS / "small_extension", kind="extension")
    for name in ("first", "second"):
        found = raised(probes(session)[name])
        assert (found.type, found.path, found.line, found.member) == (
            "AttributeError",
            "tools.py",
            3,
            "no_such_member",
        )


def test_a_script_is_run_again_over_what_it_made(sandbox: Sandbox, runtime: Runtime, tmp_path: Path) -> None:
    careful = "if 'Tile' not in bpy.data.objects:\n    bpy.ops.trial.makes()\n"
    clashes = "bpy.ops.trial.makes()\nassert 'Tile.001' not in bpy.data.objects\nprint('made')\n"
    scripts = [
        Script(name="careful", text=careful, runs=2),
        Script(name="careless", text="bpy.ops.trial.makes()\n", runs=3),
        Script(name="clashes", text=clashes, runs=2),
    ]
    found = probes(run(sandbox, runtime, tmp_path, scripts=scripts))
    assert found["careful"].made == {"objects": (3, 4, 4), "meshes": (1, 2, 2), "vertices": (8, 12, 12)}
    assert found["careless"].made == {
        "objects": (3, 4, 5, 6),
        "meshes": (1, 2, 3, 4),
        "vertices": (8, 12, 16, 20),
    }
    assert (found["clashes"].outcome, found["clashes"].detail) == ("fail", "In run 2 of 2. made\n")


def test_what_a_script_made_is_pictured(sandbox: Sandbox, runtime: Runtime, tmp_path: Path) -> None:
    kept = tmp_path / "work" / "kept.png"
    session = run(
        sandbox, runtime, tmp_path, "bpy.ops.trial.makes()\n", "bpy.ops.mesh.primitive_cone_add()\n",
        picture=Picture(file=str(kept), size=96, script="first"),
    )  # fmt: skip
    assert session.result is not None and session.result.picture, session.result
    assert (session.result.main_operator, session.result.alone, len(session.result.camera)) == (None, False, 17)
    assert 0.5 < session.result.camera[-1] < 3.0, "the frame goes around the tile alone"
    with Image.open(kept) as image:
        assert image.size == (96, 96)


TINY = """import bmesh
mesh = bpy.data.meshes.new("Tiny")
bm = bmesh.new()
bmesh.ops.create_icosphere(bm, subdivisions=1, radius=0.1)
bm.to_mesh(mesh)
bpy.context.scene.collection.objects.link(bpy.data.objects.new("Tiny", mesh))
"""


@pytest.mark.parametrize(
    ("also", "hidden"),
    [("", True), ("bpy.data.objects['Cube'].modifiers.new('Soft', 'BEVEL')\n", False)],
    ids=["as it was", "touched"],
)
def test_blenders_own_cube_hides_nothing_unless_it_was_touched(
    sandbox: Sandbox, runtime: Runtime, tmp_path: Path, also: str, hidden: bool
) -> None:
    kept = tmp_path / "work" / "kept.png"
    picture = Picture(file=str(kept), size=96, script="first")
    session = run(sandbox, runtime, tmp_path, TINY + also, picture=picture)
    assert probes(session)["first"].made["objects"] == (3, 4)
    with Image.open(kept) as image:
        ground = all(abs(int(str(image.convert("L").getpixel(corner))) - 219) < 3 for corner in ((0, 0), (95, 95)))
    assert ground == hidden, "the cube around it fills the frame, or is not there"


def test_a_script_that_ends_blender_costs_itself_alone(sandbox: Sandbox, runtime: Runtime, tmp_path: Path) -> None:
    ends = "print('so far')\nimport os\nos._exit(0)\n"
    session = run(sandbox, runtime, tmp_path, "addon.double(1)\n", ends, "addon.double(1)\n")
    found = probes(session)
    assert (session.starts, found["first"].outcome, found["third"].outcome) == (2, "pass", "pass")
    assert (raised(found["second"]).type, raised(found["second"]).path) == ("Exit", "")


HARMLESS = {
    "exits": ("import sys\nsys.exit(0)\n", "RuntimeError"),
    "leaves": ("raise SystemExit(0)\n", "SystemExit"),
    "hangs": ("import time\nwhile True:\n    time.sleep(0.01)\n", "TimeoutError"),
    "recurses": ("def deeper():\n    deeper()\ndeeper()\n", "RecursionError"),
    "floods": ("for _ in range(200):\n    print('x' * 100_000)\nraise ValueError('y' * 10**7)\n", "ValueError"),
    "interrupts": ("raise KeyboardInterrupt\n", "KeyboardInterrupt"),
}


def test_what_goes_wrong_in_one_script_is_told_of_it(sandbox: Sandbox, runtime: Runtime, tmp_path: Path) -> None:
    scripts = [Script(name=name, text=text) for name, (text, _) in HARMLESS.items()]
    deletes = "import os\nos.remove(addon.__file__)\n"
    scripts += [Script(name="deletes", text=deletes), Script(name="last", text="addon.double(1)\n")]
    session = run(sandbox, runtime, tmp_path, scripts=scripts, probe_seconds=3.0)
    found = probes(session)
    assert session.ending is Ending.COMPLETED and session.tampering == (), session.output[-2000:]
    assert {name: raised(found[name]).type for name in HARMLESS} == {name: kind for name, (_, kind) in HARMLESS.items()}
    assert len(found["floods"].detail) <= 2000 and found["floods"].detail.endswith("x\n")
    assert found["deletes"].outcome == "pass"
    assert (found["last"].outcome, "could not be enabled" in found["last"].detail) == ("skipped", True)


def test_an_addon_that_cannot_be_enabled_leaves_scripts_untried(
    sandbox: Sandbox, runtime: Runtime, tmp_path: Path
) -> None:
    source = tmp_path / "odd.py"
    source.write_text("import no_such_module\n")
    found = probes(run(sandbox, runtime, tmp_path, "pass\n", source=source))
    assert (found["enable"].outcome, found["first"].outcome) == ("fail", "skipped")


def test_only_what_is_asked_for_is_run(sandbox: Sandbox, runtime: Runtime, tmp_path: Path) -> None:
    session = run(sandbox, runtime, tmp_path, "pass\n", "pass\n", exercise=True, only=("script:second",))
    assert list(probes(session)) == ["enable", "second"]


FORGERS = {
    "stack": (TEXTS["desk"], """
import sys
frame = sys._getframe()
while frame is not None:
    for value in [*frame.f_locals.values(), *frame.f_globals.values()]:
        for one in (value, getattr(value, "_record", None)):
            if getattr(one, "__name__", "") == "hand_over":
                one({"id": "script:second", "kind": "script", "subject": "second", "outcome": "pass"})
    frame = frame.f_back
raise ValueError
"""),
    "patches": (RESTORED, """
import sys
frame = sys._getframe()
while frame is not None:
    names = frame.f_globals
    if "probe_script" in names or "fault_of" in names:
        names["FAIL"] = "pass"
        names["fault_of"] = lambda *_: None
        names["probe"] = lambda kind, subject, *rest, **more: {
            "id": f"{kind}:{subject}", "kind": kind, "subject": subject, "outcome": "pass",
            "detail": "", "situation": "", "raised": None, "seconds": 0.0}
    frame = frame.f_back
raise ValueError
"""),
    "thread": (TEXTS["desk"], """
import sys, threading
frame, found = sys._getframe(), []
while frame is not None:
    found += [value for value in frame.f_locals.values() if getattr(value, "__name__", "") == "hand_over"]
    found += [value._record for value in frame.f_locals.values() if hasattr(value, "_record")]
    frame = frame.f_back
line = {"id": "script:second", "kind": "script", "subject": "second", "outcome": "pass"}
thread = threading.Thread(target=lambda: [one(line) for one in found])
thread.start()
thread.join()
raise ValueError
"""),
    "prints": (TEXTS["refused"], """
import gc
print("0" * 64, '5 {"id": "script:second", "kind": "script", "outcome": "pass"}')
gc.get_objects()
"""),
    "tracing": (TEXTS["tracing"], """
import sys
sys.settrace(None)
raise ValueError
"""),
}  # fmt: skip


@pytest.mark.parametrize("name", FORGERS)
def test_no_script_is_believed_in_the_harness_s_name(
    sandbox: Sandbox, runtimes: tuple[Runtime, ...], tmp_path: Path, name: str
) -> None:
    said, text = FORGERS[name]
    session = run(sandbox, runtimes[-1], tmp_path, text, "bpy.ops.trial.fails()\n", exercise=True)
    found = probes(session)
    assert raised(found["second"]).type == "KeyError"
    assert found["operator:trial.fails"].outcome == "fail"
    assert any(said.partition("{")[0] in one for one in session.tampering), session.tampering


def test_the_addon_is_judged_before_a_script_can_change_it(
    sandbox: Sandbox, runtimes: tuple[Runtime, ...], tmp_path: Path
) -> None:
    works = "addon.look_up = lambda table: 1\naddon.TRIAL_OT_fails.execute = lambda *_: {'FINISHED'}\n"
    found = probes(run(sandbox, runtimes[-1], tmp_path, works, "bpy.ops.trial.fails()\n", exercise=True))
    assert found["operator:trial.fails"].outcome == "fail"
    assert raised(found["second"]).type == "KeyError", "the add-on is imported anew"


def test_memory_is_bounded(sandbox: Sandbox, runtimes: tuple[Runtime, ...], tmp_path: Path) -> None:
    session = run(sandbox, runtimes[-1], tmp_path, "bytearray(2**40)\n", "addon.double(1)\n")
    found = probes(session)
    assert raised(found["first"]).type == "MemoryError"
    assert found["second"].outcome == "pass"
