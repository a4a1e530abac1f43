bl_info = {"name": "Half a Second", "blender": (3, 4, 0), "version": (1, 0, 0), "category": "Animation"}

import bpy

FRAMES = bpy.context.scene.render.fps // 2


class SCREEN_OT_half_second(bpy.types.Operator):
    bl_idname = "screen.half_second"
    bl_label = "Half a Second On"
    bl_options = {"REGISTER", "UNDO"}

    def execute(self, context):
        context.scene.frame_set(context.scene.frame_current + FRAMES)
        return {"FINISHED"}


def register():
    bpy.utils.register_class(SCREEN_OT_half_second)


def unregister():
    bpy.utils.unregister_class(SCREEN_OT_half_second)
