# ruff: noqa
"""An extension whose operator lives in a module of its own."""

import bpy

from . import tools


class SMALL_OT_run(bpy.types.Operator):
    bl_idname = "small.run"
    bl_label = "Run"

    def execute(self, context):
        tools.run(context.object)
        return {"FINISHED"}


class SmallPreferences(bpy.types.AddonPreferences):
    bl_idname = __package__

    number: bpy.props.IntProperty()

    def draw(self, context):
        self.layout.prop(self, "number")


def register():
    bpy.utils.register_class(SMALL_OT_run)
    bpy.utils.register_class(SmallPreferences)


def unregister():
    bpy.utils.unregister_class(SmallPreferences)
    bpy.utils.unregister_class(SMALL_OT_run)
