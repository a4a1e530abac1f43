bl_info = {"name": "Glow", "blender": (3, 4, 0), "version": (1, 0, 0), "category": "Material"}

import bpy


class MATERIAL_OT_glow(bpy.types.Operator):
    bl_idname = "material.glow"
    bl_label = "Glow"
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def poll(cls, context):
        material = context.object and context.object.active_material
        return material is not None and any(node.type == "BSDF_PRINCIPLED" for node in material.node_tree.nodes)

    def execute(self, context):
        tree = context.object.active_material.node_tree
        output = tree.get_output_node("ALL")
        emission = tree.nodes.new("ShaderNodeEmission")
        tree.links.new(emission.outputs["Emission"], output.inputs["Surface"])
        return {"FINISHED"}


def register():
    bpy.utils.register_class(MATERIAL_OT_glow)


def unregister():
    bpy.utils.unregister_class(MATERIAL_OT_glow)
