# ruff: noqa
"""Operators that draw their own options: well, with what is not there any more, with what only a person starts."""

bl_info = {"name": "Options", "blender": (2, 80, 0), "category": "Mesh"}

import bpy


class OPTIONS_OT_well(bpy.types.Operator):
    bl_idname = "options.well"
    bl_label = "Well"

    KINDS = ("a", "b")
    size: bpy.props.FloatProperty(name="Size", default=2.0)

    def execute(self, context):
        return {"FINISHED"}

    def caption(self):
        return f"{self.KINDS[0]} {self.size:.1f}"

    def draw(self, context):
        self.layout.label(text=self.caption())
        self.layout.prop(self, "size")


class OPTIONS_OT_positional(OPTIONS_OT_well):
    bl_idname = "options.positional"

    def draw(self, context):
        self.layout.prop(self, "size", "Size")


class OPTIONS_OT_lost(OPTIONS_OT_well):
    bl_idname = "options.lost"

    def draw(self, context):
        self.layout.prop(self, "length")


class OPTIONS_OT_started(OPTIONS_OT_well):
    bl_idname = "options.started"

    def invoke(self, context, event):
        self.mouse = event.mouse_x
        return self.execute(context)

    def draw(self, context):
        self.layout.label(text=str(self.mouse))


CLASSES = (OPTIONS_OT_well, OPTIONS_OT_positional, OPTIONS_OT_lost, OPTIONS_OT_started)


def register():
    for cls in CLASSES:
        bpy.utils.register_class(cls)


def unregister():
    for cls in reversed(CLASSES):
        bpy.utils.unregister_class(cls)
