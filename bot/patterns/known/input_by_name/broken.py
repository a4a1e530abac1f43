bl_info = {"name": "Row", "blender": (4, 0, 0), "version": (1, 0, 0), "category": "Geometry Nodes"}

import bpy


def row():
    """A group of nodes with one number as its input."""
    group = bpy.data.node_groups.new("Row", "GeometryNodeTree")
    group.interface.new_socket("Geometry", in_out="INPUT", socket_type="NodeSocketGeometry")
    group.interface.new_socket("Count", in_out="INPUT", socket_type="NodeSocketInt")
    group.interface.new_socket("Geometry", in_out="OUTPUT", socket_type="NodeSocketGeometry")
    given, line, made = (
        group.nodes.new(kind) for kind in ("NodeGroupInput", "GeometryNodeMeshLine", "NodeGroupOutput")
    )
    group.links.new(given.outputs["Count"], line.inputs["Count"])
    group.links.new(line.outputs["Mesh"], made.inputs["Geometry"])
    return group


class OBJECT_OT_row(bpy.types.Operator):
    bl_idname = "object.row"
    bl_label = "Row of Five"
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def poll(cls, context):
        return context.mode == "OBJECT" and context.object is not None and context.object.type == "MESH"

    def execute(self, context):
        modifier = context.object.modifiers.new("Row", "NODES")
        modifier.node_group = row()
        modifier["Count"] = 5
        return {"FINISHED"}


def register():
    bpy.utils.register_class(OBJECT_OT_row)


def unregister():
    bpy.utils.unregister_class(OBJECT_OT_row)
