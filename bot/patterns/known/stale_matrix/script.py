bpy.ops.object.marker_ahead()
cube, marker = bpy.data.objects["Cube"], bpy.data.objects["Marker"]
assert marker.location.x == cube.location.x, f"{marker.location.x} is not {cube.location.x}"
