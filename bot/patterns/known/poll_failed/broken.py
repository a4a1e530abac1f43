bl_info = {"name": "Subdivide Once", "blender": (3, 4, 0), "version": (1, 0, 0), "category": "Mesh"}

import bpy


class MESH_OT_subdivide_once(bpy.types.Operator):
    bl_idname = "mesh.subdivide_once"
    bl_label = "Subdivide Once"
    bl_options = {"REGISTER", "UNDO"}

    def execute(self, context):
        bpy.ops.mesh.subdivide(number_cuts=1)
        return {"FINISHED"}


def register():
    bpy.utils.register_class(MESH_OT_subdivide_once)


def unregister():
    bpy.utils.unregister_class(MESH_OT_subdivide_once)
