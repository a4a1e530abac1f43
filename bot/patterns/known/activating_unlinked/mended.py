bl_info = {"name": "Add Plane Here", "blender": (3, 4, 0), "version": (1, 0, 0), "category": "Mesh"}

import bpy


class MESH_OT_add_plane_here(bpy.types.Operator):
    bl_idname = "mesh.add_plane_here"
    bl_label = "Add Plane Here"
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def poll(cls, context):
        return context.mode == "OBJECT"

    def execute(self, context):
        mesh = bpy.data.meshes.new("Plane")
        mesh.from_pydata([(-1, -1, 0), (1, -1, 0), (1, 1, 0), (-1, 1, 0)], [], [(0, 1, 2, 3)])
        plane = bpy.data.objects.new("Plane", mesh)
        context.collection.objects.link(plane)
        context.view_layer.objects.active = plane
        return {"FINISHED"}


def register():
    bpy.utils.register_class(MESH_OT_add_plane_here)


def unregister():
    bpy.utils.unregister_class(MESH_OT_add_plane_here)
