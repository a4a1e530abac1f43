bl_info = {"name": "Make Flat", "blender": (3, 4, 0), "version": (1, 0, 0), "category": "Mesh"}

import bpy


class MESH_OT_make_flat(bpy.types.Operator):
    bl_idname = "mesh.make_flat"
    bl_label = "Make Flat"
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def poll(cls, context):
        return context.mode == "OBJECT" and context.object is not None and context.object.type == "MESH"

    def execute(self, context):
        old = context.object.data
        flat = bpy.data.meshes.new(old.name)
        flat.from_pydata([(vertex.co.x, vertex.co.y, 0) for vertex in old.vertices], [], [])
        context.object.data = flat
        if not old.users:
            bpy.data.meshes.remove(old)
        return {"FINISHED"}


def register():
    bpy.utils.register_class(MESH_OT_make_flat)


def unregister():
    bpy.utils.unregister_class(MESH_OT_make_flat)
