bl_info = {"name": "New Fan", "blender": (3, 4, 0), "version": (1, 0, 0), "category": "Geometry Nodes"}

import bpy


class NODE_OT_new_fan(bpy.types.Operator):
    bl_idname = "node.new_fan"
    bl_label = "New Fan"
    bl_options = {"REGISTER", "UNDO"}

    def execute(self, context):
        group = bpy.data.node_groups.new("Fan", "GeometryNodeTree")
        group.nodes.new("GeometryNodeExtrude")
        return {"FINISHED"}


def register():
    bpy.utils.register_class(NODE_OT_new_fan)


def unregister():
    bpy.utils.unregister_class(NODE_OT_new_fan)
