"""What there is in the scene, in numbers."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any

import bpy

from bot.blender.harness.values import Json

MOST = 200
_MESHLIKE = frozenset({"MESH", "CURVE", "SURFACE", "FONT", "META"})


def measures(folder: str = "") -> Json:
    """See `bot.models.measures.Measures`; `files` are those below the folder, if there is one."""
    things = sorted(bpy.context.scene.objects, key=lambda thing: thing.name)
    graph = bpy.context.evaluated_depsgraph_get()
    return {
        "objects": {thing.name: _measured(thing, graph) for thing in things[:MOST]},
        "count": len(things),
        "nodes": dict(sorted(_nodes())[:MOST]),
        "files": dict(sorted(_files(folder))[:MOST]) if folder else {},
    }


def effect(before: Json, after: Json) -> Json:
    """See `bot.models.effect.Effect`: what is another than it was."""
    old, new = before["objects"], after["objects"]
    return {
        "made": {name: one for name, one in new.items() if name not in old},
        "changed": {name: one for name, one in new.items() if name in old and one != old[name]},
        "removed": [name for name in old if name not in new],
        "nodes": {name: count for name, count in after["nodes"].items() if count != before["nodes"].get(name)},
        "files": {name: size for name, size in after["files"].items() if size != before["files"].get(name)},
    }


def unmet(expects: Json, found: Json, folder: str) -> str:
    """What of `Expectations` is not so, in sentences; empty where all of it is."""
    said = [*_objects(expects.get("objects"), found), *_vertices(expects.get("vertices"), found)]
    for name in expects.get("files") or ():
        path = os.path.join(folder, name)
        if not os.path.isfile(path):
            said.append(f"the file {name} was not written")
        elif not os.path.getsize(path):
            said.append(f"the file {name} is empty")
    return "; ".join(said)


def _objects(wanted: Any, found: Json) -> Iterable[str]:
    if isinstance(wanted, int):
        if wanted != found["count"]:
            yield f"{wanted} objects were expected, and there are {found['count']}: {_names(found)}"
    elif wanted:
        missing = [name for name in wanted if name not in bpy.context.scene.objects]
        if missing:
            yield f"there is no object {', '.join(map(repr, missing))}; there are {_names(found)}"


def _vertices(wanted: Any, found: Json) -> Iterable[str]:
    counts = {name: one["vertices"] for name, one in found["objects"].items()}
    if isinstance(wanted, int):
        if wanted != sum(counts.values()):
            yield f"{wanted} vertices were expected, and there are {sum(counts.values())}"
    elif wanted:
        for name, number in wanted.items():
            if counts.get(name) != number:
                what = f"it has {counts[name]}" if name in counts else "there is no such object"
                yield f"{number} vertices were expected of {name!r}, and {what}"


def _names(found: Json) -> str:
    return ", ".join(map(repr, list(found["objects"])[:12])) or "none"


def _measured(thing: Any, graph: Any) -> Json:
    told: Json = {
        "type": thing.type,
        "vertices": 0,
        "edges": 0,
        "faces": 0,
        "bounds": _bounds(thing, graph),
        "materials": [slot.name for slot in thing.material_slots][:100],
        "modifiers": [modifier.type for modifier in thing.modifiers][:100],
    }
    if thing.type in _MESHLIKE:
        # What is being edited is not in the mesh yet.
        if thing.mode == "EDIT" and hasattr(thing, "update_from_editmode"):
            thing.update_from_editmode()
        evaluated = thing.evaluated_get(graph)
        try:
            mesh = evaluated.to_mesh()
        except RuntimeError:
            return told
        if mesh is not None:
            told |= {"vertices": len(mesh.vertices), "edges": len(mesh.edges), "faces": len(mesh.polygons)}
        evaluated.to_mesh_clear()
    return told


def _bounds(thing: Any, graph: Any) -> list[float]:
    evaluated = thing.evaluated_get(graph)
    corners = [evaluated.matrix_world @ type(thing.location)(corner) for corner in evaluated.bound_box]
    if not corners or thing.type in {"EMPTY", "CAMERA", "LIGHT", "SPEAKER", "LIGHT_PROBE"}:
        return []
    low = [min(corner[axis] for corner in corners) for axis in range(3)]
    high = [max(corner[axis] for corner in corners) for axis in range(3)]
    return [round(number, 4) + 0.0 for number in (*low, *high)]


def _nodes() -> Iterable[tuple[str, int]]:
    for tree in bpy.data.node_groups:
        yield tree.name, len(tree.nodes)
    for kind in ("materials", "worlds", "lights", "scenes", "linestyles"):
        for owner in getattr(bpy.data, kind, ()):
            tree = getattr(owner, "node_tree", None)
            if tree is not None:
                yield f"{owner.name} ({kind})", len(tree.nodes)


def _files(folder: str) -> Iterable[tuple[str, int]]:
    for place, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(place, name)
            if not os.path.islink(path):
                yield os.path.relpath(path, folder), os.path.getsize(path)
