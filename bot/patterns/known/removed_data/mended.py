bl_info = {"name": "Remove Active", "blender": (3, 4, 0), "version": (1, 0, 0), "category": "Object"}

import bpy


class OBJECT_OT_remove_active(bpy.types.Operator):
    bl_idname = "object.remove_active"
    bl_label = "Remove Active"
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def poll(cls, context):
        return context.mode == "OBJECT" and context.object is not None

    def execute(self, context):
        obj = context.object
        name = obj.name
        bpy.data.objects.remove(obj)
        self.report({"INFO"}, f"{name} is removed")
        return {"FINISHED"}


def register():
    bpy.utils.register_class(OBJECT_OT_remove_active)


def unregister():
    bpy.utils.unregister_class(OBJECT_OT_remove_active)
