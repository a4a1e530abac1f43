bl_info = {"name": "New Gloss", "blender": (3, 4, 0), "version": (1, 0, 0), "category": "Material"}

import bpy


class MATERIAL_OT_new_gloss(bpy.types.Operator):
    bl_idname = "material.new_gloss"
    bl_label = "New Gloss"
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def poll(cls, context):
        return context.mode == "OBJECT" and context.object is not None and context.object.type == "MESH"

    def execute(self, context):
        material = bpy.data.materials.new("Gloss")
        principled = material.node_tree.nodes.get("Principled BSDF")
        principled.inputs["Roughness"].default_value = 0.1
        context.object.active_material = material
        return {"FINISHED"}


def register():
    bpy.utils.register_class(MATERIAL_OT_new_gloss)


def unregister():
    bpy.utils.unregister_class(MATERIAL_OT_new_gloss)
