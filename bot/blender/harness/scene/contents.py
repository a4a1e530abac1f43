"""What there is inside of data, of which a second run of the same code may add another."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import bpy

_OF_OBJECTS = {
    "modifiers": "modifiers",
    "constraints": "constraints",
    "vertex groups": "vertex_groups",
    "particle systems": "particle_systems",
    "material slots": "material_slots",
}
"""What it is called, and the collection of an object it is."""


def contents() -> dict[str, int]:
    """By what it is called, how much there is of it in all data together."""
    found = {
        name: sum(len(getattr(thing, member)) for thing in bpy.data.objects) for name, member in _OF_OBJECTS.items()
    }
    trees = tuple(_trees())
    actions = tuple(bpy.data.actions)
    return {
        **found,
        "vertices": sum(len(mesh.vertices) for mesh in bpy.data.meshes),
        "splines": sum(len(curve.splines) for curve in bpy.data.curves if hasattr(curve, "splines")),
        "bones": sum(len(armature.bones) for armature in bpy.data.armatures),
        "nodes": sum(len(tree.nodes) for tree in trees),
        "links of nodes": sum(len(tree.links) for tree in trees),
        "sockets of node groups": sum(_sockets(tree) for tree in bpy.data.node_groups),
        "shapes of shape keys": sum(len(keys.key_blocks) for keys in bpy.data.shape_keys),
        "keyframes": sum(len(curve.keyframe_points) for action in actions for curve in _curves(action)),
        "drivers": sum(_drivers(thing) for thing in bpy.data.objects),
        "handlers": sum(len(one) for one in _handlers()),
    }


def _trees() -> Iterator[Any]:
    yield from bpy.data.node_groups
    for owner in (*bpy.data.materials, *bpy.data.worlds, *bpy.data.lights, *bpy.data.scenes):
        tree = getattr(owner, "node_tree", None)
        if tree is not None:
            yield tree


def _sockets(tree: Any) -> int:
    interface = getattr(tree, "interface", None)
    return len(interface.items_tree) if interface is not None else len(tree.inputs) + len(tree.outputs)


def _curves(action: Any) -> Iterator[Any]:
    """The curves of an action, in layers or, before 4.4, without them."""
    layers = getattr(action, "layers", None)
    if not layers:
        yield from getattr(action, "fcurves", ())
        return
    for layer in layers:
        for strip in layer.strips:
            for bag in getattr(strip, "channelbags", ()):
                yield from bag.fcurves


def _drivers(thing: Any) -> int:
    return len(thing.animation_data.drivers) if thing.animation_data else 0


def _handlers() -> Iterator[list[Any]]:
    for name in dir(bpy.app.handlers):
        one = getattr(bpy.app.handlers, name)
        if isinstance(one, list):
            yield one
