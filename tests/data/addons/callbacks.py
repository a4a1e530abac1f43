# ruff: noqa: E402, N801
"""An add-on whose property cannot be read, and that keeps Blender's errors to itself."""

bl_info = {"name": "Callbacks", "blender": (3, 0, 0), "category": "Object"}

import sys

import bpy


def depth(self):
    return self.no_such_depth


class CALLBACKS_PT_depth(bpy.types.Panel):
    bl_label = "Depth"
    bl_space_type = "VIEW_3D"
    bl_region_type = "UI"

    def draw(self, context):
        self.layout.prop(context.scene, "callbacks_depth")


def register():
    sys.excepthook = lambda *_: None
    bpy.types.Scene.callbacks_depth = bpy.props.IntProperty(get=depth)
    bpy.utils.register_class(CALLBACKS_PT_depth)


def unregister():
    bpy.utils.unregister_class(CALLBACKS_PT_depth)
    del bpy.types.Scene.callbacks_depth
