"""What there is in a scene, as far as a file can bring it back; and how two scenes differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import bpy

TOLERANCE = 1e-3
"""Of the length of what is compared."""
MOST_TOLD = 12
"""Differences of single objects."""


@dataclass(frozen=True)
class Likeness:
    """One object."""

    kind: str
    numbers: Mapping[str, int]
    """How many there are of what it is made of."""
    bounds: tuple[float, ...]
    """Its two corners in the scene."""
    materials: frozenset[str]


def portrait() -> dict[str, Likeness]:
    """By name, the objects of the scene that have a shape or a place of their own."""
    return {thing.name: _likeness(thing) for thing in bpy.context.scene.objects}


def differences(written: Mapping[str, Likeness], read: Mapping[str, Likeness]) -> list[str]:
    """What did not come back as it was, in words; empty: all of it did."""
    told = [*_kinds(written, read)]
    single = [
        f"{name}: {difference}"
        for name, one in written.items()
        if name in read and read[name].kind == one.kind
        for difference in _between(one, read[name])
    ]
    lost = [name for name in written if name not in read]
    if lost and len(read) == len(written):
        told.append(f"{len(lost)} of {len(written)} names")
    more = [f"and {len(single) - MOST_TOLD} more"] if len(single) > MOST_TOLD else []
    return [*told, *single[:MOST_TOLD], *more]


def _kinds(written: Mapping[str, Likeness], read: Mapping[str, Likeness]) -> Iterator[str]:
    before = Counter(one.kind for one in written.values())
    after = Counter(one.kind for one in read.values())
    for kind in sorted(before | after):
        if before[kind] != after[kind]:
            yield f"{before[kind]} of type {kind}, then {after[kind]}"


def _between(written: Likeness, read: Likeness) -> Iterator[str]:
    for what, count in written.numbers.items():
        if read.numbers.get(what, 0) != count:
            yield f"{count} {what}, then {read.numbers.get(what, 0)}"
    missing = sorted(written.materials - read.materials)
    if missing:
        yield f"without the material {', '.join(missing)}"
    if written.bounds and read.bounds:
        size = max(abs(value) for value in written.bounds) or 1.0
        if any(abs(old - new) > TOLERANCE * size for old, new in zip(written.bounds, read.bounds, strict=True)):
            yield f"{_told(written.bounds)}, then {_told(read.bounds)}"


def _told(bounds: tuple[float, ...]) -> str:
    low, high = bounds[:3], bounds[3:]
    return " to ".join("(" + ", ".join(f"{value:.4g}" for value in corner) + ")" for corner in (low, high))


def _likeness(thing: Any) -> Likeness:
    data = thing.data
    numbers = {
        "vertices": len(getattr(data, "vertices", ())) if thing.type == "MESH" else 0,
        "edges": len(getattr(data, "edges", ())) if thing.type == "MESH" else 0,
        "faces": len(getattr(data, "polygons", ())),
        "UV maps": len(getattr(data, "uv_layers", None) or ()),
        "colours": len(getattr(data, "color_attributes", None) or ()),
        "vertex groups": len(thing.vertex_groups) if thing.type == "MESH" else 0,
        "shape keys": len(data.shape_keys.key_blocks) if getattr(data, "shape_keys", None) else 0,
        "splines": len(getattr(data, "splines", ())),
        "bones": len(getattr(data, "bones", ())),
        "modifiers": len(thing.modifiers),
        "animations": int(_is_animated(thing)) + int(_is_animated(data)),
    }
    materials = frozenset(slot.material.name for slot in thing.material_slots if slot.material is not None)
    return Likeness(thing.type, {what: count for what, count in numbers.items() if count}, _bounds(thing), materials)


def _is_animated(owner: Any) -> bool:
    animation = getattr(owner, "animation_data", None)
    return animation is not None and (animation.action is not None or len(animation.nla_tracks) > 0)


def _bounds(thing: Any) -> tuple[float, ...]:
    if thing.type not in {"MESH", "CURVE", "SURFACE", "FONT", "META", "ARMATURE"}:
        return ()
    corners = [thing.matrix_world @ _vector(corner) for corner in thing.bound_box]
    low = [min(corner[axis] for corner in corners) for axis in range(3)]
    high = [max(corner[axis] for corner in corners) for axis in range(3)]
    return (*low, *high)


def _vector(corner: Any) -> Any:
    from mathutils import Vector

    return Vector(corner)
