bpy.ops.mesh.subdivide_once()
