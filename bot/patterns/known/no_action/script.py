bpy.ops.anim.action_length()
