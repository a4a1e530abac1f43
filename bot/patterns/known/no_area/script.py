# As a timer, a handler or a script started with --background calls it: over no editor.
with bpy.context.temp_override(area=None, region=None):
    bpy.ops.view3d.material_preview()
