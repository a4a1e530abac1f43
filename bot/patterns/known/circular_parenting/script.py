child, parent = bpy.data.objects["Cube"], bpy.data.objects["Light"]
child.parent = parent
bpy.ops.object.swap_parent()
assert parent.parent == child, f"the parent of {parent.name} is {parent.parent}"
