bl_info = {"name": "Step and Mark", "blender": (3, 4, 0), "version": (1, 0, 0), "category": "Animation"}

import bpy


class OBJECT_OT_marker_ahead(bpy.types.Operator):
    bl_idname = "object.marker_ahead"
    bl_label = "Step and Mark"
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def poll(cls, context):
        return context.mode == "OBJECT" and context.object is not None

    def execute(self, context):
        obj = context.object
        obj.location.x += 2.0
        marker = bpy.data.objects.new("Marker", None)
        marker.location = obj.matrix_world.translation
        context.collection.objects.link(marker)
        return {"FINISHED"}


def register():
    bpy.utils.register_class(OBJECT_OT_marker_ahead)


def unregister():
    bpy.utils.unregister_class(OBJECT_OT_marker_ahead)
