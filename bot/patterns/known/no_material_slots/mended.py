bl_info = {"name": "Matte", "blender": (3, 4, 0), "version": (1, 0, 0), "category": "Material"}

import bpy


class MATERIAL_OT_matte(bpy.types.Operator):
    bl_idname = "material.matte"
    bl_label = "Matte"
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def poll(cls, context):
        return context.mode == "OBJECT" and context.object is not None and context.object.type == "MESH"

    def execute(self, context):
        for slot in context.object.material_slots:
            if slot.material is not None:
                slot.material.roughness = 1.0
        return {"FINISHED"}


def register():
    bpy.utils.register_class(MATERIAL_OT_matte)


def unregister():
    bpy.utils.unregister_class(MATERIAL_OT_matte)
