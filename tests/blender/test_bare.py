"""What lacks what nobody has to give it is an add-on's own matter; what a user has to choose first is not."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from bot.blender.base import Probe, Runtime
from harness import Run

HEAD = """\
import bpy
from bpy.app.handlers import persistent
from bpy_extras.io_utils import ExportHelper

bl_info = {"name": "Bare", "blender": (3, 4, 0), "category": "Object"}


class OBJECT_OT_bare(bpy.types.Operator%(base)s):
    bl_idname = "object.bare"
    bl_label = "Bare"
    filename_ext = ".txt"

    def execute(self, context):
        mesh = context.object.data
        mesh.calc_loop_triangles()
        count = len(mesh.polygons), len(mesh.uv_layers.active.data)
        return {"FINISHED"}


class OBJECT_OT_link(bpy.types.Operator):
    bl_idname = "object.bare_link"
    bl_label = "What another operator has chosen before"

    def execute(self, context):
        nodes = context.object.active_material.node_tree.nodes
        nodes[context.scene.bare_source].select = True
        return {"FINISHED"}


@persistent
def loaded(_):
    %(loop)s


def register():
    bpy.types.Scene.bare_source = bpy.props.StringProperty(default="x")
    bpy.utils.register_class(OBJECT_OT_bare)
    bpy.utils.register_class(OBJECT_OT_link)
    bpy.app.handlers.load_post.append(loaded)


def unregister():
    bpy.app.handlers.load_post.remove(loaded)
    bpy.utils.unregister_class(OBJECT_OT_link)
    bpy.utils.unregister_class(OBJECT_OT_bare)
    del bpy.types.Scene.bare_source
"""
ALL = "for mesh in bpy.data.meshes:\n        mesh.animation_data.action"
CHOSEN = "bpy.context.active_pose_bone.name"


def probes(runtime: Runtime, tmp_path: Path, *, exports: bool = False, loop: str = "pass") -> dict[str, Probe]:
    """What came of everything."""
    source = tmp_path / "bare.py"
    text = textwrap.dedent(HEAD) % {"base": ", ExportHelper" if exports else "", "loop": loop}
    source.write_text(text, encoding="utf-8")
    (tmp_path / "work" / "scratch").mkdir(parents=True)
    return Run(runtime, tmp_path / "work", source).probes


@pytest.mark.parametrize("exports", [True, False])
def test_what_writes_a_mesh_has_to_put_up_with_one_that_has_less(
    runtime: Runtime, tmp_path: Path, exports: bool
) -> None:
    found = [one for one in probes(runtime, tmp_path, exports=exports).values() if one.raised is not None]
    assert [(one.kind, one.situation) for one in found] == ([("variation", "bare_mesh")] if exports else [])


def test_where_there_is_no_second_fault_nothing_is_said_to_have_passed(runtime: Runtime, tmp_path: Path) -> None:
    found = probes(runtime, tmp_path, exports=True)
    assert found["variation:object.bare"].outcome == "fail"
    assert found["variation:object.bare #2"].outcome == "skipped", "once the first is repaired, it is not there"


@pytest.mark.parametrize(("loop", "faulty"), [(ALL, True), (CHOSEN, False)])
def test_what_goes_through_all_there_is_meets_some_that_have_none(
    runtime: Runtime, tmp_path: Path, loop: str, faulty: bool
) -> None:
    found = probes(runtime, tmp_path, loop=loop)["handler:load_post.loaded"]
    assert (found.raised is not None) == faulty
