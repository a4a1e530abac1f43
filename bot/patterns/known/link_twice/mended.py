bl_info = {"name": "Collect Active", "blender": (3, 4, 0), "version": (1, 0, 0), "category": "Object"}

import bpy


class OBJECT_OT_collect_active(bpy.types.Operator):
    bl_idname = "object.collect_active"
    bl_label = "Collect Active"
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def poll(cls, context):
        return context.mode == "OBJECT" and context.object is not None

    def execute(self, context):
        if context.object.name not in context.collection.objects:
            context.collection.objects.link(context.object)
        return {"FINISHED"}


def register():
    bpy.utils.register_class(OBJECT_OT_collect_active)


def unregister():
    bpy.utils.unregister_class(OBJECT_OT_collect_active)
