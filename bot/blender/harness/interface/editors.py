"""The editor something is drawn or run in, and what is in its context."""

from __future__ import annotations

from typing import Any

import bpy


def properties_context(cls: type) -> dict[str, Any]:
    """What the properties editor has in its context and nobody else."""
    thing = bpy.context.view_layer.objects.active
    if getattr(cls, "bl_space_type", "") != "PROPERTIES" or thing is None:
        return {}
    members: dict[str, Any] = {"object": thing}
    if thing.type == "MESH":
        members["mesh"] = thing.data
    members[
        {"LIGHT": "light", "CAMERA": "camera", "CURVE": "curve", "ARMATURE": "armature"}.get(thing.type, "mesh")
    ] = thing.data
    if thing.material_slots:
        members["material_slot"] = thing.material_slots[0]
        members["material"] = thing.active_material
    members["world"] = bpy.context.scene.world
    return {name: value for name, value in members.items() if value is not None}


SPACES = {
    "NODE": "NODE_EDITOR",
    "IMAGE": "IMAGE_EDITOR",
    "UV": "IMAGE_EDITOR",
    "SEQUENCER": "SEQUENCE_EDITOR",
    "GRAPH": "GRAPH_EDITOR",
    "DOPESHEET": "DOPESHEET_EDITOR",
    "ACTION": "DOPESHEET_EDITOR",
    "TEXT": "TEXT_EDITOR",
    "CLIP": "CLIP_EDITOR",
    "NLA": "NLA_EDITOR",
    "FILEBROWSER": "FILE_BROWSER",
    "OUTLINER": "OUTLINER",
    "CONSOLE": "CONSOLE",
    "MATERIAL": "PROPERTIES",
    "MESH": "PROPERTIES",
    "PROPERTIES": "PROPERTIES",
}
"""By the first word of a menu's or an operator's name, its editor; all others are taken for the 3D view's."""


def space_of(cls: type) -> str:
    """The kind of editor a panel or menu is drawn in."""
    known = str(getattr(cls, "bl_space_type", "") or "")
    return known or SPACES.get(cls.__name__.partition("_")[0], "VIEW_3D")
