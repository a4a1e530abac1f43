bpy.data.objects["Cube"].data.materials.clear()
bpy.ops.material.matte()
