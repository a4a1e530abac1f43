"""The parts scenes are made of: plain code that a script which shows a fault can take over as it stands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import bpy

CUBE_VERTICES = [(x, y, z) for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)]
CUBE_FACES = [(0, 1, 3, 2), (2, 3, 7, 6), (6, 7, 5, 4), (4, 5, 1, 0), (2, 6, 4, 0), (7, 3, 1, 5)]


def collection() -> Any:
    """The collection things are put in."""
    scene = bpy.context.scene
    for child in scene.collection.children:
        return child
    made = bpy.data.collections.new("Collection")
    scene.collection.children.link(made)
    layer = bpy.context.view_layer.layer_collection.children.get(made.name)
    if layer is not None:
        bpy.context.view_layer.active_layer_collection = layer
    return made


def link(name: str, data: Any, *, active: bool = True, location: tuple[float, ...] = (0, 0, 0)) -> Any:
    """Put an object into the scene, selected and active."""
    thing = bpy.data.objects.new(name, data)
    thing.location = location
    collection().objects.link(thing)
    if active:
        select(thing)
    return thing


def select(thing: Any) -> None:
    """Select an object and make it the active one."""
    bpy.context.view_layer.objects.active = thing
    thing.select_set(True)


def surroundings() -> None:
    """The camera and the light of the factory scene."""
    light = link("Light", bpy.data.lights.new("Light", "POINT"), active=False, location=(4.08, 1.0, 5.9))
    light.data.energy = 1000
    camera = link("Camera", bpy.data.cameras.new("Camera"), active=False, location=(7.36, -6.93, 4.96))
    camera.rotation_euler = (1.109, 0.0, 0.815)
    bpy.context.scene.camera = camera


def mesh_of(name: str, vertices: Sequence[tuple[float, float, float]], faces: Sequence[tuple[int, ...]]) -> Any:
    """A mesh of faces, with a UV map."""
    mesh = bpy.data.meshes.new(name)
    mesh.from_pydata(vertices, [], faces)
    uvs = mesh.uv_layers.new(name="UVMap")
    corners = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
    for face in mesh.polygons:
        for index, loop in enumerate(face.loop_indices):
            uvs.data[loop].uv = corners[index % 4]
    mesh.update()
    return mesh


def rich_cube(name: str = "Cube", location: tuple[float, ...] = (0, 0, 0)) -> Any:
    """A cube with a UV map, a vertex group and a material of nodes."""
    cube = link(name, mesh_of(name, list(CUBE_VERTICES), list(CUBE_FACES)), location=location)
    cube.vertex_groups.new(name="Group").add(list(range(8)), 1.0, "REPLACE")
    material = bpy.data.materials.get("Material") or bpy.data.materials.new("Material")
    if not material.node_tree:
        material.use_nodes = True
    cube.data.materials.append(material)
    return cube


def painted() -> Any:
    """A material with a picture for its colour."""
    picture = bpy.data.images.new("Picture", 8, 8)
    picture.generated_color = (0.9, 0.5, 0.1, 1.0)
    picture.pack()
    material = bpy.data.materials.new("Painted")
    material.use_nodes = True
    tree = material.node_tree
    texture = tree.nodes.new("ShaderNodeTexImage")
    texture.image = picture
    shader = next(node for node in tree.nodes if node.type == "BSDF_PRINCIPLED")
    tree.links.new(texture.outputs["Color"], shader.inputs["Base Color"])
    return material


def skeleton(name: str, location: tuple[float, ...] = (0, 0, 0)) -> Any:
    """An armature of two bones, one after the other."""
    rig = link(name, bpy.data.armatures.new(name), location=location)
    enter_mode("EDIT")
    first = rig.data.edit_bones.new("Bone")
    first.head, first.tail = (0, 0, 0), (0, 0, 1)
    second = rig.data.edit_bones.new("Bone.001")
    second.head, second.tail, second.parent, second.use_connect = (0, 0, 1), (0, 0, 2), first, True
    enter_mode("OBJECT")
    return rig


def animate(thing: Any) -> None:
    """Two keyframes."""
    for frame in (1, 20):
        thing.keyframe_insert("location", frame=frame)


def enter_mode(mode: str) -> None:
    """Change the mode of the active object."""
    bpy.ops.object.mode_set(mode=mode)
