import bmesh
import bpy


def box(name, size, place):
    mesh = bpy.data.meshes.get(name)
    if mesh is None:
        mesh = bpy.data.meshes.new(name)
        bm = bmesh.new()
        bmesh.ops.create_cube(bm, size=1.0)
        bmesh.ops.scale(bm, vec=size, verts=bm.verts)
        bm.to_mesh(mesh)
        bm.free()
    thing = bpy.data.objects.get(name) or bpy.data.objects.new(name, mesh)
    if thing.name not in bpy.context.scene.collection.all_objects:
        bpy.context.scene.collection.objects.link(thing)
    thing.location = place
    return thing


def body(thing, kind):
    if thing.rigid_body is None:
        bpy.context.view_layer.objects.active = thing
        with bpy.context.temp_override(object=thing, active_object=thing, selected_objects=[thing]):
            bpy.ops.rigidbody.object_add(type=kind)
    thing.rigid_body.collision_shape = "BOX"


scene = bpy.context.scene
if scene.rigidbody_world is None:
    bpy.ops.rigidbody.world_add()
body(box("Falling Floor", (8.0, 8.0, 0.2), (0.0, 0.0, -1.0)), "PASSIVE")
for number in range(5):
    crate = box(f"Falling Crate {number + 1}", (1.0, 1.0, 1.0), (0.12 * number, 0.0, 0.2 + 1.3 * number))
    body(crate, "ACTIVE")
    crate.rigid_body.mass = 2.0
scene.rigidbody_world.point_cache.frame_end = 120
