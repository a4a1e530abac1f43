"""A picture of what the main operator makes."""

from __future__ import annotations

import contextlib
import hashlib
import math
import os
from pathlib import Path
from typing import Any

import bpy
from mathutils import Matrix, Vector

from bot.blender.harness.bench import Bench, quiet
from bot.blender.harness.code.classes import operator_name, registered_classes
from bot.blender.harness.probes.operators import OperatorProbe
from bot.blender.harness.results import Results
from bot.blender.harness.scene.files import Files, files_of
from bot.blender.harness.scene.geometry import SHAPES, geometry
from bot.blender.harness.scene.situations import CUBE, SITUATIONS
from bot.blender.harness.values import PASS, Json

DIRECTION = (0.62, -1.0, 0.62)
"""From the middle of what is shown to the camera."""
PLAIN_COLOUR = (1.0, 0.50, 0.17, 1.0)
"""Of what has no material."""
BACKDROP = 0.86
"""Grey of the background, as it comes out."""
FACTORY = frozenset({"Cube", "Light", "Camera"})
"""The objects Blender begins with."""
CORNERS = frozenset((x, y, z) for x in (-1.0, 1.0) for y in (-1.0, 1.0) for z in (-1.0, 1.0))
"""Of the cube Blender begins with."""
MARGIN = 1.18
"""How much larger the frame is than what is in it."""


def take_picture(bench: Bench, request: Json, results: Results) -> Json:
    """Render what the main operator makes: what `pictured` says.

    Raises what Blender raises.
    """
    wanted = request["picture"]
    main = wanted.get("operator") or choose_operator(results.makers)
    bench.stage.enter(CUBE)
    alone = False
    if main:
        with contextlib.suppress(Exception):
            alone = run_main_operator(bench, main, results)
    if wanted.get("alone") and not alone:
        clear_meshes()  # what it would make stands alone, so that nothing made is an empty picture
    return {**shot(wanted), "main_operator": main, "alone": alone}


def picture_of_scene(request: Json) -> Json:
    """Render the scene as it is, framed on what is in it besides what Blender begins with.

    Raises what Blender raises.
    """
    made = frozenset(thing.name for thing in bpy.context.scene.objects) - FACTORY
    if outline(made, strictly=True):
        hide_untouched_cube()
    paint_as_shaded()
    return {**shot(request["picture"], made), "main_operator": None, "alone": False}


def shot(wanted: Json, made: frozenset[str] = frozenset()) -> Json:
    """The file, its SHA-256 and the camera."""
    with quiet():
        camera = set_camera(tuple(wanted.get("camera") or ()), made)
        paint_plainly()
        render_settings(int(wanted.get("size") or 512))
        file = render(wanted["file"])
    digest = hashlib.sha256(Path(file).read_bytes()).hexdigest() if file else ""
    return {"picture": file, "digest": digest, "camera": camera}


def choose_operator(makers: list[tuple[str, bool]]) -> str | None:
    """The first operator that made a new object, else the first that changed the cube."""
    new = [name for name, made in makers if made]
    return next(iter(new or [name for name, _ in makers]), None)


def clear_meshes() -> None:
    """Take every mesh object out of the scene."""
    for thing in [one for one in bpy.context.scene.objects if one.type == "MESH"]:
        bpy.data.objects.remove(thing)


def run_main_operator(bench: Bench, name: str, results: Results) -> bool:
    """Run it alone in the scene where it needs no cube, so that only its work is seen; whether it was."""
    classes = {
        operator_name(cls): cls for cls in registered_classes(bench.addon) if issubclass(cls, bpy.types.Operator)
    }
    cls = classes.get(name)
    if cls is None:
        results.notes.append(f"the operator {name} is not there; the scene is rendered without it")
        return False
    attempt = OperatorProbe(bench, cls, files_of(cls, bench.scratch) or Files({}))
    with bench.stage.view():
        before = set(geometry())
    trial = attempt.trial(CUBE)
    made = set(geometry()) - before
    if made and trial.outcome == PASS:
        bench.stage.enter(CUBE)
        clear_meshes()
        with bench.stage.view():
            trial = attempt.run(CUBE)
            if trial.outcome == PASS and geometry():
                return True
            attempt.trial(CUBE)
    elif trial.outcome != PASS:
        situation = next((one for one in SITUATIONS[1:] if attempt.trial(one).outcome == PASS), None)
        if situation is None:
            bench.stage.enter(CUBE)
            results.notes.append(f"the operator {name} does not run; the scene is rendered without it")
    return False


def paint_as_shaded() -> None:
    """Give materials the colour their shader has, which Workbench does not look at; nothing shines like metal in it."""
    for material in bpy.data.materials:
        tree = material.node_tree
        for node in tree.nodes if tree is not None else ():
            colour = node.inputs.get("Base Color") if node.type == "BSDF_PRINCIPLED" else None
            if colour is not None and not colour.is_linked:
                material.diffuse_color = colour.default_value
        material.metallic = 0.0


def hide_untouched_cube() -> None:
    """Take Blender's own cube out of the picture where it stands as Blender put it: it may hide what was made."""
    cube = bpy.context.scene.objects.get("Cube")
    if cube is None or cube.type != "MESH":
        return
    touched = cube.modifiers or cube.constraints or cube.parent or cube.children or cube.animation_data
    corners = {tuple(round(value, 5) for value in vertex.co) for vertex in cube.data.vertices}
    if not touched and not cube.rigid_body and corners == CORNERS and cube.matrix_world == Matrix.Identity(4):
        cube.hide_render = True


def outline(names: frozenset[str] = frozenset(), *, strictly: bool = False) -> list[Any]:
    """Points around everything that has a shape, in world space: vertices, or the corners of its box.

    `names` are the objects to go around; none: all of them, unless `strictly` these are meant.
    """
    graph = bpy.context.evaluated_depsgraph_get()
    points: list[Any] = []
    everything = not names and not strictly
    for thing in bpy.context.scene.objects:
        if thing.type not in SHAPES or thing.hide_render or not (everything or thing.name in names):
            continue
        evaluated = thing.evaluated_get(graph)
        mesh: Any = None
        with contextlib.suppress(RuntimeError):
            mesh = evaluated.to_mesh()
        count = len(mesh.vertices) if mesh is not None else 0
        found = [mesh.vertices[index].co for index in range(0, count, count // 20_000 + 1)]
        found = found or [Vector(corner) for corner in evaluated.bound_box]
        points += [evaluated.matrix_world @ point for point in found]
        if mesh is not None:
            evaluated.to_mesh_clear()
    return [point for point in points if all(math.isfinite(value) and abs(value) < 1e7 for value in point)]


def set_camera(given: tuple[float, ...], made: frozenset[str] = frozenset()) -> tuple[float, ...]:
    """An orthographic camera: as given, or around what was made, or everything; returns what to give next time."""
    scene = bpy.context.scene
    with contextlib.suppress(RuntimeError):
        if bpy.context.view_layer.objects.active is not None and bpy.context.mode != "OBJECT":
            bpy.ops.object.mode_set(mode="OBJECT")
    data = bpy.data.cameras.new("Picture")
    camera = bpy.data.objects.new("Picture", data)
    scene.collection.objects.link(camera)
    scene.camera = camera
    data.type = "ORTHO"
    if len(given) == 17:
        matrix, scale = Matrix([given[row * 4 : row * 4 + 4] for row in range(4)]), given[16]
    else:
        points = outline(made) or outline() or [Vector((x, y, z)) for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)]
        turn = Vector(DIRECTION).to_track_quat("Z", "Y").to_matrix()
        seen = [turn.transposed() @ point for point in points]
        low = [min(point[axis] for point in seen) for axis in range(3)]
        high = [max(point[axis] for point in seen) for axis in range(3)]
        scale = max(high[0] - low[0], high[1] - low[1], 1e-3) * MARGIN
        away = high[2] + max(scale, high[2] - low[2]) * 2
        middle = turn @ Vector(((low[0] + high[0]) / 2, (low[1] + high[1]) / 2, away))
        matrix = Matrix.Translation(middle) @ turn.to_4x4()
    camera.matrix_world = matrix
    data.ortho_scale = scale
    data.clip_start, data.clip_end = min(0.01, scale / 100), max(scale * 20, 1000.0)
    data.shift_x = data.shift_y = 0.0
    return (*(round(value, 6) for row in matrix for value in row), round(scale, 6))


def paint_plainly() -> None:
    """Give what has no material a plain one, and every picture the same look."""
    plain = bpy.data.materials.new("Plain")
    plain.diffuse_color = PLAIN_COLOUR
    plain.roughness = 0.5
    for thing in bpy.context.scene.objects:
        slots = getattr(thing.data, "materials", None)
        if thing.type not in SHAPES or slots is None:
            continue
        with contextlib.suppress(RuntimeError, AttributeError):
            if not any(slots):
                slots.clear()
                slots.append(plain)
            for material in slots:
                if material is not None and tuple(round(value, 2) for value in material.diffuse_color) == (
                    0.8,
                    0.8,
                    0.8,
                    1,
                ):
                    material.diffuse_color = PLAIN_COLOUR


def render_settings(size: int) -> None:
    """Workbench with studio light, cavity and shadow on a light grey ground."""
    scene = bpy.context.scene
    scene.render.engine = "BLENDER_WORKBENCH"
    scene.render.resolution_x = scene.render.resolution_y = size
    scene.render.resolution_percentage = 100
    scene.render.film_transparent = False
    for group, name, value in (
        (scene.render, "use_compositing", False),
        (scene.render, "use_sequencer", False),
        (scene.render.image_settings, "file_format", "PNG"),
        (scene.render.image_settings, "color_mode", "RGB"),
        (scene.render.image_settings, "compression", 90),
        (scene.view_settings, "view_transform", "Standard"),
        (scene.view_settings, "look", "None"),
        (scene.view_settings, "exposure", 0.0),
        (scene.view_settings, "gamma", 1.0),
        (scene.display, "render_aa", "16"),
        (scene.display, "light_direction", (-0.45, -0.35, 0.82)),
        (scene.display, "shadow_shift", 0.1),
        (scene.display.shading, "light", "STUDIO"),
        (scene.display.shading, "studio_light", "paint.sl"),
        (scene.display.shading, "color_type", "MATERIAL"),
        (scene.display.shading, "show_cavity", True),
        (scene.display.shading, "cavity_type", "BOTH"),
        (scene.display.shading, "cavity_ridge_factor", 0.5),
        (scene.display.shading, "cavity_valley_factor", 1.0),
        (scene.display.shading, "curvature_ridge_factor", 0.6),
        (scene.display.shading, "curvature_valley_factor", 1.0),
        (scene.display.shading, "show_shadows", True),
        (scene.display.shading, "shadow_intensity", 0.35),
        (scene.display.shading, "show_specular_highlight", True),
        (scene.display.shading, "show_object_outline", True),
        (scene.display.shading, "object_outline_color", (0.12, 0.12, 0.14)),
    ):
        with contextlib.suppress(Exception):  # a release without a setting has a picture all the same
            setattr(group, name, value)
    if scene.world is None:
        scene.world = bpy.data.worlds.new("World")
    linear = BACKDROP**2.2
    scene.world.color = (linear, linear, linear)


def render(file: str) -> str | None:
    """Render to a file; None when Blender wrote none."""
    os.makedirs(os.path.dirname(file), exist_ok=True)
    scene = bpy.context.scene
    scene.render.filepath = file
    scene.render.use_file_extension = False
    bpy.ops.render.render(write_still=True)
    return file if os.path.exists(file) and os.path.getsize(file) else None
