bpy.ops.mesh.make_flat()
