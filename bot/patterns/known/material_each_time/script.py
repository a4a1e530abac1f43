bpy.ops.object.paint_red()
