bl_info = {"name": "Smooth Selected", "blender": (3, 4, 0), "version": (1, 0, 0), "category": "Object"}

import bpy


class OBJECT_OT_smooth_selected(bpy.types.Operator):
    bl_idname = "object.smooth_selected"
    bl_label = "Smooth Selected"
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def poll(cls, context):
        return context.mode == "OBJECT"

    def execute(self, context):
        meshes = [obj for obj in context.selected_objects if obj.type == "MESH"]
        for obj in meshes:
            for polygon in obj.data.polygons:
                polygon.use_smooth = True
        return {"FINISHED"}


def register():
    bpy.utils.register_class(OBJECT_OT_smooth_selected)


def unregister():
    bpy.utils.unregister_class(OBJECT_OT_smooth_selected)
