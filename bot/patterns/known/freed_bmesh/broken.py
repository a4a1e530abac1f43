bl_info = {"name": "Longest Edge", "blender": (3, 4, 0), "version": (1, 0, 0), "category": "Mesh"}

import bmesh
import bpy


class MESH_OT_longest_edge(bpy.types.Operator):
    bl_idname = "mesh.longest_edge"
    bl_label = "Longest Edge"
    bl_options = {"REGISTER"}

    @classmethod
    def poll(cls, context):
        return context.mode == "OBJECT" and context.object is not None and context.object.type == "MESH"

    def execute(self, context):
        bm = bmesh.new()
        bm.from_mesh(context.object.data)
        longest = max(bm.edges, key=lambda edge: edge.calc_length())
        bm.free()
        self.report({"INFO"}, f"{longest.calc_length():.3f}")
        return {"FINISHED"}


def register():
    bpy.utils.register_class(MESH_OT_longest_edge)


def unregister():
    bpy.utils.unregister_class(MESH_OT_longest_edge)
