bl_info = {"name": "Make Heavy", "blender": (3, 4, 0), "version": (1, 0, 0), "category": "Physics"}

import bpy


class RIGIDBODY_OT_make_heavy(bpy.types.Operator):
    bl_idname = "rigidbody.make_heavy"
    bl_label = "Make Heavy"
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def poll(cls, context):
        return context.mode == "OBJECT" and context.object is not None

    def execute(self, context):
        for obj in context.selected_objects:
            obj.rigid_body.mass = 100.0
        return {"FINISHED"}


def register():
    bpy.utils.register_class(RIGIDBODY_OT_make_heavy)


def unregister():
    bpy.utils.unregister_class(RIGIDBODY_OT_make_heavy)
