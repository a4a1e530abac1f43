bl_info = {"name": "Orange", "blender": (3, 4, 0), "version": (1, 0, 0), "category": "Material"}

import bpy


class MATERIAL_OT_orange(bpy.types.Operator):
    bl_idname = "material.orange"
    bl_label = "Orange"
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def poll(cls, context):
        return context.mode == "OBJECT" and context.object is not None and context.object.type == "MESH"

    def execute(self, context):
        material = bpy.data.materials.new("Orange")
        material.diffuse_color = (1.0, 0.4, 0.0, 1.0)
        context.object.active_material = material
        return {"FINISHED"}


def register():
    bpy.utils.register_class(MATERIAL_OT_orange)


def unregister():
    bpy.utils.unregister_class(MATERIAL_OT_orange)
