import bmesh
import bpy

NAME = "Golden Ball"


def material():
    gold = bpy.data.materials.get("Gold") or bpy.data.materials.new("Gold")
    gold.use_nodes = True
    nodes, links = gold.node_tree.nodes, gold.node_tree.links
    nodes.clear()
    output = nodes.new("ShaderNodeOutputMaterial")
    shader = nodes.new("ShaderNodeBsdfPrincipled")
    noise = nodes.new("ShaderNodeTexNoise")
    shader.inputs["Base Color"].default_value = (1.0, 0.72, 0.12, 1.0)
    shader.inputs["Metallic"].default_value = 1.0
    noise.inputs["Scale"].default_value = 40.0
    links.new(noise.outputs["Fac"], shader.inputs["Roughness"])
    links.new(shader.outputs["BSDF"], output.inputs["Surface"])
    gold.diffuse_color = (1.0, 0.72, 0.12, 1.0)
    gold.metallic = 1.0
    return gold


def ball():
    mesh = bpy.data.meshes.get(NAME)
    if mesh is None:
        mesh = bpy.data.meshes.new(NAME)
        bm = bmesh.new()
        bmesh.ops.create_uvsphere(bm, u_segments=48, v_segments=24, radius=1.0)
        bm.to_mesh(mesh)
        bm.free()
        mesh.polygons.foreach_set("use_smooth", [True] * len(mesh.polygons))
    thing = bpy.data.objects.get(NAME) or bpy.data.objects.new(NAME, mesh)
    if thing.name not in bpy.context.scene.collection.all_objects:
        bpy.context.scene.collection.objects.link(thing)
    return thing


thing = ball()
gold = material()
if gold.name not in thing.data.materials:
    thing.data.materials.append(gold)
