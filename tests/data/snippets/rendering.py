import math

import bmesh
import bpy
from mathutils import Vector


def linked(thing):
    if thing.name not in bpy.context.scene.collection.all_objects:
        bpy.context.scene.collection.objects.link(thing)
    return thing


def stage():
    name = "Studio Backdrop"
    mesh = bpy.data.meshes.get(name)
    if mesh is None:
        mesh = bpy.data.meshes.new(name)
        bm = bmesh.new()
        bmesh.ops.create_monkey(bm)
        bmesh.ops.create_grid(bm, x_segments=1, y_segments=1, size=4.0)
        bmesh.ops.translate(bm, vec=(0.0, 0.0, -1.0), verts=bm.verts[-4:])
        bm.to_mesh(mesh)
        bm.free()
    return linked(bpy.data.objects.get(name) or bpy.data.objects.new(name, mesh))


def lamp(name, place, energy):
    data = bpy.data.lights.get(name) or bpy.data.lights.new(name, "AREA")
    data.energy, data.size = energy, 2.0
    thing = linked(bpy.data.objects.get(name) or bpy.data.objects.new(name, data))
    thing.location = place
    thing.rotation_euler = Vector(place).to_track_quat("Z", "Y").to_euler()


def camera():
    name = "Studio Camera"
    data = bpy.data.cameras.get(name) or bpy.data.cameras.new(name)
    data.lens = 50.0
    thing = linked(bpy.data.objects.get(name) or bpy.data.objects.new(name, data))
    thing.location = (0.0, -8.0, 2.0)
    thing.rotation_euler = (math.radians(78.0), 0.0, 0.0)
    return thing


stage()
lamp("Studio Key", (3.0, -3.0, 4.0), 600.0)
lamp("Studio Fill", (-4.0, -2.0, 2.0), 200.0)
lamp("Studio Rim", (0.0, 4.0, 4.0), 400.0)
scene = bpy.context.scene
scene.camera = camera()
scene.render.engine = "CYCLES"
scene.cycles.samples = 64
scene.render.resolution_x, scene.render.resolution_y = 1920, 1080
