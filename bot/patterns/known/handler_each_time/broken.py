bl_info = {"name": "Follow Frame", "blender": (3, 4, 0), "version": (1, 0, 0), "category": "Animation"}

import bpy


def follow(scene, *_):
    scene.cursor.location.x = scene.frame_current


class ANIM_OT_follow_frame(bpy.types.Operator):
    bl_idname = "anim.follow_frame"
    bl_label = "Follow Frame"

    def execute(self, context):
        bpy.app.handlers.frame_change_post.append(follow)
        return {"FINISHED"}


def register():
    bpy.utils.register_class(ANIM_OT_follow_frame)


def unregister():
    while follow in bpy.app.handlers.frame_change_post:
        bpy.app.handlers.frame_change_post.remove(follow)
    bpy.utils.unregister_class(ANIM_OT_follow_frame)
