bl_info = {"name": "Add Marker", "blender": (3, 4, 0), "version": (1, 0, 0), "category": "Object"}

import bpy


class OBJECT_OT_add_marker(bpy.types.Operator):
    bl_idname = "object.add_marker"
    bl_label = "Add Marker"
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def poll(cls, context):
        return context.mode == "OBJECT"

    def execute(self, context):
        marker = bpy.data.objects.new("Marker", None)
        marker.location = context.scene.cursor.location
        context.collection.objects.link(marker)
        marker.select_set(True)
        return {"FINISHED"}


def register():
    bpy.utils.register_class(OBJECT_OT_add_marker)


def unregister():
    bpy.utils.unregister_class(OBJECT_OT_add_marker)
