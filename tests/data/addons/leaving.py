# ruff: noqa
"""Holds on to data that is gone once a file is loaded, and leaves behind what fails when the rest is gone."""

bl_info = {"name": "Leaving", "blender": (2, 80, 0), "category": "Object"}

import bpy
from bpy.app.handlers import persistent

KEPT = {}


@persistent
def before_saving(*given):
    KEPT["thing"] = bpy.context.object


@persistent
def after_loading(*given):
    if "thing" in KEPT:
        print("it was", KEPT["thing"].name)


@persistent
def at_each_frame(scene):
    print("the value is", scene.leaving_value)


def entry(self, context):
    self.layout.operator("leaving.run")


class LEAVING_OT_run(bpy.types.Operator):
    bl_idname = "leaving.run"
    bl_label = "Run"

    def execute(self, context):
        return {"FINISHED"}


def register():
    bpy.utils.register_class(LEAVING_OT_run)
    bpy.types.Scene.leaving_value = bpy.props.IntProperty()
    bpy.types.Object.leaving_other = bpy.props.IntProperty()
    bpy.app.handlers.save_pre.append(before_saving)
    bpy.app.handlers.load_post.append(after_loading)
    bpy.app.handlers.frame_change_post.append(at_each_frame)
    bpy.types.VIEW3D_MT_mesh_add.append(entry)


def unregister():
    bpy.app.handlers.save_pre.remove(before_saving)
    bpy.app.handlers.load_post.remove(after_loading)
    bpy.types.VIEW3D_MT_mesh_add.remove(entry)
    del bpy.types.Scene.leaving_value
    bpy.utils.unregister_class(LEAVING_OT_run)
