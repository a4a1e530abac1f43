bpy.ops.object.row()
