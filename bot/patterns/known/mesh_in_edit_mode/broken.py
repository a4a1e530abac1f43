bl_info = {"name": "Raise", "blender": (3, 4, 0), "version": (1, 0, 0), "category": "Mesh"}

import bpy


class MESH_OT_raise(bpy.types.Operator):
    bl_idname = "mesh.raise_up"
    bl_label = "Raise"
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def poll(cls, context):
        return context.mode in {"OBJECT", "EDIT_MESH"} and context.object is not None and context.object.type == "MESH"

    def execute(self, context):
        for vertex in context.object.data.vertices:
            vertex.co.z += 1.0
        return {"FINISHED"}


def register():
    bpy.utils.register_class(MESH_OT_raise)


def unregister():
    bpy.utils.unregister_class(MESH_OT_raise)
