bl_info = {"name": "Pass Through", "blender": (4, 0, 0), "version": (1, 0, 0), "category": "Geometry Nodes"}

import bpy


class NODE_OT_new_group(bpy.types.Operator):
    bl_idname = "node.new_pass_through"
    bl_label = "New Pass-Through"
    bl_options = {"REGISTER", "UNDO"}

    def execute(self, context):
        group = bpy.data.node_groups.new("Pass Through", "GeometryNodeTree")
        given, made = group.nodes.new("NodeGroupInput"), group.nodes.new("NodeGroupOutput")
        group.links.new(given.outputs["Geometry"], made.inputs["Geometry"])
        return {"FINISHED"}


def register():
    bpy.utils.register_class(NODE_OT_new_group)


def unregister():
    bpy.utils.unregister_class(NODE_OT_new_group)
