bpy.ops.rigidbody.make_heavy()
