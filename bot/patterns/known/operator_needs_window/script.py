# As a timer, a handler or a script started with --background calls it: over no editor.
bpy.context.scene.cursor.location = (1, 2, 3)
with bpy.context.temp_override(area=None, region=None):
    bpy.ops.view3d.cursor_home()
assert bpy.context.scene.cursor.location.length == 0.0
