bl_info = {"name": "Lift First Vertex", "blender": (3, 4, 0), "version": (1, 0, 0), "category": "Mesh"}

import bmesh
import bpy


class MESH_OT_lift_first(bpy.types.Operator):
    bl_idname = "mesh.lift_first"
    bl_label = "Lift First Vertex"
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def poll(cls, context):
        return context.mode == "OBJECT" and context.object is not None and context.object.type == "MESH"

    def execute(self, context):
        mesh = context.object.data
        bm = bmesh.new()
        bm.from_mesh(mesh)
        bm.verts.ensure_lookup_table()
        bm.verts[0].co.z += 1.0
        bm.to_mesh(mesh)
        bm.free()
        return {"FINISHED"}


def register():
    bpy.utils.register_class(MESH_OT_lift_first)


def unregister():
    bpy.utils.unregister_class(MESH_OT_lift_first)
