bl_info = {"name": "Wide Lens", "blender": (3, 4, 0), "version": (1, 0, 0), "category": "Camera"}

import bpy


class SCENE_OT_wide_lens(bpy.types.Operator):
    bl_idname = "scene.wide_lens"
    bl_label = "Wide Lens"
    bl_options = {"REGISTER", "UNDO"}

    def execute(self, context):
        context.scene.camera.data.lens = 24.0
        return {"FINISHED"}


def register():
    bpy.utils.register_class(SCENE_OT_wide_lens)


def unregister():
    bpy.utils.unregister_class(SCENE_OT_wide_lens)
