"""What code leaves behind when it runs again and again, in real Blenders."""

from __future__ import annotations

from pathlib import Path

from bot.blender.base import HarnessRequest, Probe, Runtime
from bot.blender.session import BlenderExerciser
from bot.models.measures import Expectations
from bot.models.reproduction import Script
from bot.sandbox.base import Sandbox

ADDON = """
bl_info = {"name": "Again", "blender": (2, 80, 0), "category": "Object"}

import time

import bpy


class AGAIN_OT_leaves(bpy.types.Operator):
    bl_idname = "again.leaves"
    bl_label = "Leaves two meshes and an image each time"

    def execute(self, context):
        context.object.data = context.object.data.copy()
        bpy.data.meshes.new("Left")
        bpy.data.images.new("Left", 2, 2)
        return {"FINISHED"}


class AGAIN_OT_once(bpy.types.Operator):
    bl_idname = "again.once"
    bl_label = "Leaves one mesh, the first time"

    def execute(self, context):
        bpy.data.meshes.get("Kept") or bpy.data.meshes.new("Kept")
        return {"FINISHED"}


class AGAIN_OT_makes(bpy.types.Operator):
    bl_idname = "again.makes"
    bl_label = "Makes an object each time"

    def execute(self, context):
        context.collection.objects.link(bpy.data.objects.new("Made", bpy.data.meshes.new("Made")))
        return {"FINISHED"}


class AGAIN_OT_hangs(bpy.types.Operator):
    bl_idname = "again.hangs"
    bl_label = "Does not end the second time"

    def execute(self, context):
        while "Left" in bpy.data.meshes:
            time.sleep(0.01)
        bpy.data.meshes.new("Left")
        return {"FINISHED"}


class AGAIN_OT_fails(bpy.types.Operator):
    bl_idname = "again.fails"
    bl_label = "Says no the second time"

    def execute(self, context):
        if "Left" in bpy.data.meshes:
            self.report({"ERROR"}, "it was made already")
            return {"CANCELLED"}
        bpy.data.meshes.new("Left")
        return {"FINISHED"}


CLASSES = (AGAIN_OT_leaves, AGAIN_OT_once, AGAIN_OT_makes, AGAIN_OT_hangs, AGAIN_OT_fails)


def register():
    for cls in CLASSES:
        bpy.utils.register_class(cls)


def unregister():
    for cls in CLASSES:
        bpy.utils.unregister_class(cls)
"""


def probes(sandbox: Sandbox, runtime: Runtime, folder: Path, *scripts: Script, exercise: bool) -> dict[str, Probe]:
    work, source = folder / "work", folder / "again.py"
    (work / "scratch").mkdir(parents=True)
    source.write_text(ADDON, encoding="utf-8")
    request = HarnessRequest(
        addon_source=str(source),
        module="again",
        kind="legacy",
        scratch=str(work / "scratch"),
        exercise=exercise,
        scripts=scripts,
        probe_seconds=15.0,
    )
    session = BlenderExerciser(sandbox).exercise(runtime, request, work)
    assert session.result is not None and not session.tampering, session.output
    return {probe.id: probe for probe in session.result.probes}


def test_an_operator_that_leaves_unused_data_each_time_is_told_of_and_no_fault(
    sandbox: Sandbox, runtime: Runtime, tmp_path: Path
) -> None:
    found = probes(sandbox, runtime, tmp_path, exercise=True)
    told = {name: found[f"operator:again.{name}"] for name in ("leaves", "once", "makes", "hangs", "fails")}
    assert {probe.outcome for probe in told.values()} == {"pass"}, told
    assert "2 in bpy.data.meshes" in told["leaves"].detail and "1 in bpy.data.images" in told["leaves"].detail
    assert {name: probe.detail for name, probe in told.items() if name != "leaves"} == {
        "once": "",
        "makes": "",
        "hangs": "",
        "fails": "",
    }
    assert told["hangs"].seconds < 10, "a call that does not end costs its own limit alone"


def test_a_script_that_has_to_leave_as_much_as_it_found_fails_where_it_adds(
    sandbox: Sandbox, runtime: Runtime, tmp_path: Path
) -> None:
    def script(name: str, operator: str, *steady: str) -> Script:
        return Script(name=name, text=f"bpy.ops.again.{operator}()", runs=3, expects=Expectations(steady=steady))

    found = probes(
        sandbox,
        runtime,
        tmp_path,
        script("grows", "makes", "images", "objects"),
        script("stays", "once", "meshes", "objects"),
        script("unknown", "once", "things"),
        exercise=False,
    )
    grows, unknown = found["script:grows"].raised, found["script:unknown"].raised
    assert grows is not None and (grows.type, grows.message) == (
        "AssertionError",
        "there were 4 objects after the first run, and 6 after 3 runs",
    )
    assert found["script:stays"].outcome == "pass", found["script:stays"]
    assert unknown is not None and "'things'" in unknown.message
