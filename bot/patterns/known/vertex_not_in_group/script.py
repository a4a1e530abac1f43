cube = bpy.data.objects["Cube"]
cube.vertex_groups.new(name="Half").add([0, 1, 2, 3], 1.0, "REPLACE")
bpy.ops.object.total_weight()
