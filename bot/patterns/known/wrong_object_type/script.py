cube, light = bpy.data.objects["Cube"], bpy.data.objects["Light"]
light.select_set(True)
bpy.ops.object.smooth_selected()
assert all(polygon.use_smooth for polygon in cube.data.polygons)
