bpy.ops.node.new_blur()
assert bpy.data.node_groups["Blur"].links, "nothing is linked"
