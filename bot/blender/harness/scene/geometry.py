"""What there is to be seen in the scene."""

from __future__ import annotations

import bpy

SHAPES = frozenset({"MESH", "CURVE", "SURFACE", "FONT", "META", "CURVES", "POINTCLOUD", "VOLUME", "GREASEPENCIL"})


def geometry() -> dict[str, int]:
    """By object, how many vertices it has once everything is evaluated; objects without any are left out."""
    counts: dict[str, int] = {}
    graph = bpy.context.evaluated_depsgraph_get()
    for thing in bpy.context.scene.objects:
        if thing.type not in {"MESH", "CURVE", "SURFACE", "FONT", "META"} or thing.mode == "EDIT":
            continue
        evaluated = thing.evaluated_get(graph)
        try:
            mesh = evaluated.to_mesh()
        except RuntimeError:
            continue
        if mesh is not None and len(mesh.vertices):
            counts[thing.name] = len(mesh.vertices)
        evaluated.to_mesh_clear()
    return counts
