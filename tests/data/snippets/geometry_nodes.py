import bmesh
import bpy

NAME = "Scattered Field"


def group():
    tree = bpy.data.node_groups.get(NAME)
    if tree is None:
        tree = bpy.data.node_groups.new(NAME, "GeometryNodeTree")
        tree.interface.new_socket("Geometry", in_out="INPUT", socket_type="NodeSocketGeometry")
        tree.interface.new_socket("Geometry", in_out="OUTPUT", socket_type="NodeSocketGeometry")
    tree.nodes.clear()
    begin = tree.nodes.new("NodeGroupInput")
    end = tree.nodes.new("NodeGroupOutput")
    points = tree.nodes.new("GeometryNodeDistributePointsOnFaces")
    cone = tree.nodes.new("GeometryNodeMeshCone")
    copies = tree.nodes.new("GeometryNodeInstanceOnPoints")
    join = tree.nodes.new("GeometryNodeJoinGeometry")
    points.inputs["Density"].default_value = 2.0
    points.inputs["Seed"].default_value = 7
    cone.inputs["Radius Bottom"].default_value = 0.25
    cone.inputs["Depth"].default_value = 0.9
    for source, target in (
        (begin.outputs["Geometry"], points.inputs["Mesh"]),
        (points.outputs["Points"], copies.inputs["Points"]),
        (cone.outputs["Mesh"], copies.inputs["Instance"]),
        (begin.outputs["Geometry"], join.inputs["Geometry"]),
        (copies.outputs["Instances"], join.inputs["Geometry"]),
        (join.outputs["Geometry"], end.inputs["Geometry"]),
    ):
        tree.links.new(source, target)
    return tree


def ground():
    mesh = bpy.data.meshes.get(NAME)
    if mesh is None:
        mesh = bpy.data.meshes.new(NAME)
        bm = bmesh.new()
        bmesh.ops.create_grid(bm, x_segments=4, y_segments=4, size=3.0)
        bm.to_mesh(mesh)
        bm.free()
    thing = bpy.data.objects.get(NAME) or bpy.data.objects.new(NAME, mesh)
    if thing.name not in bpy.context.scene.collection.all_objects:
        bpy.context.scene.collection.objects.link(thing)
    return thing


field = ground()
modifier = field.modifiers.get("Scatter") or field.modifiers.new("Scatter", "NODES")
modifier.node_group = group()
