cube = bpy.data.objects["Cube"]
before = max(vertex.co.z for vertex in cube.data.vertices)
bpy.ops.object.mode_set(mode="EDIT")
bpy.ops.mesh.raise_up()
bpy.ops.object.mode_set(mode="OBJECT")
after = max(vertex.co.z for vertex in cube.data.vertices)
assert after == before + 1.0, f"it went from {before} to {after}"
