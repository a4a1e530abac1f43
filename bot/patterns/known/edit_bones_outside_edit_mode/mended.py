bl_info = {"name": "Add Tip Bone", "blender": (3, 4, 0), "version": (1, 0, 0), "category": "Rigging"}

import bpy


class ARMATURE_OT_add_tip(bpy.types.Operator):
    bl_idname = "armature.add_tip"
    bl_label = "Add Tip Bone"
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def poll(cls, context):
        return context.object is not None and context.object.type == "ARMATURE"

    def execute(self, context):
        mode = context.object.mode
        bpy.ops.object.mode_set(mode="EDIT")
        bones = context.object.data.edit_bones
        tip = bones.new("Tip")
        tip.head, tip.tail = (0, 0, 1), (0, 0, 2)
        bpy.ops.object.mode_set(mode=mode)
        return {"FINISHED"}


def register():
    bpy.utils.register_class(ARMATURE_OT_add_tip)


def unregister():
    bpy.utils.unregister_class(ARMATURE_OT_add_tip)
