bl_info = {"name": "Length of Action", "blender": (3, 4, 0), "version": (1, 0, 0), "category": "Animation"}

import bpy


class ANIM_OT_action_length(bpy.types.Operator):
    bl_idname = "anim.action_length"
    bl_label = "Length of Action"
    bl_options = {"REGISTER"}

    @classmethod
    def poll(cls, context):
        return context.mode == "OBJECT" and context.object is not None

    def execute(self, context):
        start, end = context.object.animation_data.action.frame_range
        self.report({"INFO"}, f"{end - start + 1:.0f} frames")
        return {"FINISHED"}


def register():
    bpy.utils.register_class(ANIM_OT_action_length)


def unregister():
    bpy.utils.unregister_class(ANIM_OT_action_length)
