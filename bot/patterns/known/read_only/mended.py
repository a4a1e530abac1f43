bl_info = {"name": "Edit Active", "blender": (3, 4, 0), "version": (1, 0, 0), "category": "Object"}

import bpy


class OBJECT_OT_edit_active(bpy.types.Operator):
    bl_idname = "object.edit_active"
    bl_label = "Edit Active"
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def poll(cls, context):
        return context.object is not None and context.object.type == "MESH"

    def execute(self, context):
        bpy.ops.object.mode_set(mode="EDIT")
        return {"FINISHED"}


def register():
    bpy.utils.register_class(OBJECT_OT_edit_active)


def unregister():
    bpy.utils.unregister_class(OBJECT_OT_edit_active)
