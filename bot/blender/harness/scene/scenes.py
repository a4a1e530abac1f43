"""The scenes probes run in, each built into an empty one; a script that shows a fault takes them over as they are."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

import bpy

from bot.blender.harness.scene.building import (
    CUBE_FACES,
    CUBE_VERTICES,
    animate,
    enter_mode,
    link,
    mesh_of,
    rich_cube,
    skeleton,
    surroundings,
)


def cube() -> None:
    """A cube with everything a mesh usually has, animated; a camera and a light."""
    surroundings()
    animate(rich_cube())


def two_meshes() -> None:
    """Two cubes that overlap, both selected."""
    surroundings()
    rich_cube("Other", (0.5, 0.5, 0.5))
    rich_cube()


def modifier() -> None:
    """A cube with a modifier."""
    surroundings()
    rich_cube().modifiers.new("Subdivision", "SUBSURF").levels = 1


def plain() -> None:
    """A cube with nothing on it: no UV map, no groups, no material, no animation."""
    surroundings()
    mesh = bpy.data.meshes.new("Cube")
    mesh.from_pydata(list(CUBE_VERTICES), [], list(CUBE_FACES))
    link("Cube", mesh)


def edit_mesh() -> None:
    """A grid in edit mode, all of it selected."""
    surroundings()
    points = [(x - 2.0, y - 2.0, 0.0) for y in range(5) for x in range(5)]
    quads = [(y * 5 + x, y * 5 + x + 1, y * 5 + x + 6, y * 5 + x + 5) for y in range(4) for x in range(4)]
    grid = link("Grid", mesh_of("Grid", points, quads))
    grid.vertex_groups.new(name="Group")
    enter_mode("EDIT")
    bpy.ops.mesh.select_all(action="SELECT")


def weight_paint() -> None:
    """A cube whose weights are being painted."""
    surroundings()
    rich_cube()
    enter_mode("WEIGHT_PAINT")


def armature() -> None:
    """Two bones, one after the other, animated."""
    surroundings()
    for bone in skeleton("Armature").pose.bones:
        for frame in (1, 20):
            bone.keyframe_insert("location", frame=frame)


def pose() -> None:
    """The same, being posed, both bones selected."""
    armature()
    enter_mode("POSE")
    bones = bpy.context.object.pose.bones
    for bone in bones:
        with contextlib.suppress(AttributeError):
            bone.bone.select = True  # moved to the pose bone in 5.0
        with contextlib.suppress(AttributeError):
            bone.select = True
    bpy.context.object.data.bones.active = bones[0].bone


def light() -> None:
    """A lamp that is selected."""
    surroundings()
    link("Lamp", bpy.data.lights.new("Lamp", "AREA"), location=(0, 0, 3))


def camera() -> None:
    """The scene's camera, selected."""
    surroundings()
    chosen = bpy.context.scene.camera
    bpy.context.view_layer.objects.active = chosen
    chosen.select_set(True)


def curve() -> None:
    """A curve of three points."""
    surroundings()
    data = bpy.data.curves.new("Curve", "CURVE")
    data.dimensions = "3D"
    spline = data.splines.new("BEZIER")
    spline.bezier_points.add(2)
    for index, point in enumerate(spline.bezier_points):
        point.co = (index - 1.0, index % 2, 0.0)
        point.handle_left_type = point.handle_right_type = "AUTO"
    link("Curve", data)


def empty_selection() -> None:
    """Nothing is selected, nothing is active."""
    surroundings()
    bpy.context.view_layer.objects.active = None


SCENES: dict[str, Callable[[], None]] = {
    scene.__name__: scene
    for scene in (
        cube,
        two_meshes,
        modifier,
        plain,
        edit_mesh,
        weight_paint,
        armature,
        pose,
        light,
        camera,
        curve,
        empty_selection,
    )
}
"""By its name in `situations`, what builds a scene."""
