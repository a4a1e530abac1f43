bpy.context.scene.camera = None
if bpy.ops.scene.wide_lens.poll():
    bpy.ops.scene.wide_lens()
