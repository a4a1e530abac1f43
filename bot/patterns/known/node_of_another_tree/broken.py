bl_info = {"name": "Tint", "blender": (3, 4, 0), "version": (1, 0, 0), "category": "Compositing"}

import bpy


class NODE_OT_new_tint(bpy.types.Operator):
    bl_idname = "node.new_tint"
    bl_label = "New Tint"
    bl_options = {"REGISTER", "UNDO"}

    def execute(self, context):
        tree = bpy.data.node_groups.new("Tint", "CompositorNodeTree")
        tree.nodes.new("ShaderNodeBsdfDiffuse")
        return {"FINISHED"}


def register():
    bpy.utils.register_class(NODE_OT_new_tint)


def unregister():
    bpy.utils.unregister_class(NODE_OT_new_tint)
