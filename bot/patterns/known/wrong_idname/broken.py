bl_info = {"name": "Drop", "blender": (3, 4, 0), "version": (1, 0, 0), "category": "Object"}

import bpy


class OBJECT_OT_drop(bpy.types.Operator):
    bl_idname = "DropToFloor"
    bl_label = "Drop to Floor"
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def poll(cls, context):
        return context.object is not None

    def execute(self, context):
        context.object.location.z = 0.0
        return {"FINISHED"}


def register():
    bpy.utils.register_class(OBJECT_OT_drop)


def unregister():
    bpy.utils.unregister_class(OBJECT_OT_drop)
