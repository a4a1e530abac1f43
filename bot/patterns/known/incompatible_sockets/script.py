bpy.ops.material.glow()
links = bpy.data.materials["Material"].node_tree.links
wrong = [f"{link.from_socket.type} into {link.to_socket.type}" for link in links if not link.is_valid]
assert not wrong, f"not a link Blender can use: {wrong}"
