import bmesh
import bpy

NAME = "Smooth Cube"


def cube_mesh():
    mesh = bpy.data.meshes.get(NAME)
    if mesh is None:
        mesh = bpy.data.meshes.new(NAME)
        bm = bmesh.new()
        bmesh.ops.create_cube(bm, size=2.0)
        bm.to_mesh(mesh)
        bm.free()
    for polygon in mesh.polygons:
        polygon.use_smooth = True
    return mesh


def smooth_cube():
    thing = bpy.data.objects.get(NAME)
    if thing is None:
        thing = bpy.data.objects.new(NAME, cube_mesh())
    if thing.name not in bpy.context.scene.collection.all_objects:
        bpy.context.scene.collection.objects.link(thing)
    modifier = thing.modifiers.get("Subdivision") or thing.modifiers.new("Subdivision", "SUBSURF")
    modifier.levels = 2
    modifier.render_levels = 2
    return thing


smooth_cube()
