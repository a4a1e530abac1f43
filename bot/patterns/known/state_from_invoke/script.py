bpy.ops.object.raise_by_steps(steps=2)
assert bpy.context.object.location.z == 2.0
