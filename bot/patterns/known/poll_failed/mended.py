bl_info = {"name": "Subdivide Once", "blender": (3, 4, 0), "version": (1, 0, 0), "category": "Mesh"}

import bmesh
import bpy


class MESH_OT_subdivide_once(bpy.types.Operator):
    bl_idname = "mesh.subdivide_once"
    bl_label = "Subdivide Once"
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def poll(cls, context):
        return context.mode == "OBJECT" and context.object is not None and context.object.type == "MESH"

    def execute(self, context):
        mesh = context.object.data
        bm = bmesh.new()
        bm.from_mesh(mesh)
        bmesh.ops.subdivide_edges(bm, edges=bm.edges, cuts=1, use_grid_fill=True)
        bm.to_mesh(mesh)
        bm.free()
        return {"FINISHED"}


def register():
    bpy.utils.register_class(MESH_OT_subdivide_once)


def unregister():
    bpy.utils.unregister_class(MESH_OT_subdivide_once)
