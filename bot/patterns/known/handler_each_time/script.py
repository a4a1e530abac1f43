bpy.ops.anim.follow_frame()
