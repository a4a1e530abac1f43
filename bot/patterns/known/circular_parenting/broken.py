bl_info = {"name": "Swap Parent", "blender": (3, 4, 0), "version": (1, 0, 0), "category": "Rigging"}

import bpy


class OBJECT_OT_swap_parent(bpy.types.Operator):
    bl_idname = "object.swap_parent"
    bl_label = "Swap Parent"
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def poll(cls, context):
        return context.mode == "OBJECT" and context.object is not None and context.object.parent is not None

    def execute(self, context):
        child, parent = context.object, context.object.parent
        parent.parent = child
        child.parent = None
        return {"FINISHED"}


def register():
    bpy.utils.register_class(OBJECT_OT_swap_parent)


def unregister():
    bpy.utils.unregister_class(OBJECT_OT_swap_parent)
