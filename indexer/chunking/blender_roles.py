"""What Blender sees in a class: an operator, a panel, a property group, …"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

ROLES: Mapping[str, str] = {
    "Operator": "operator",
    "Macro": "macro",
    "Panel": "panel",
    "Menu": "menu",
    "Header": "header",
    "PropertyGroup": "property group",
    "IDPropertyGroup": "property group",
    "Node": "node",
    "NodeInternal": "node",
    "NodeCustomGroup": "node",
    "ShaderNode": "node",
    "ShaderNodeCustomGroup": "node",
    "CompositorNode": "node",
    "CompositorNodeCustomGroup": "node",
    "GeometryNode": "node",
    "GeometryNodeCustomGroup": "node",
    "TextureNode": "node",
    "NodeSocket": "node socket",
    "NodeSocketStandard": "node socket",
    "NodeTreeInterfaceSocket": "node socket",
    "NodeSocketInterface": "node socket",
    "NodeTree": "node tree",
    "UIList": "ui list",
    "AddonPreferences": "preferences",
    "Gizmo": "gizmo",
    "GizmoGroup": "gizmo group",
    "RenderEngine": "render engine",
    "HydraRenderEngine": "render engine",
    "KeyingSetInfo": "keying set",
    "AssetShelf": "asset shelf",
    "FileHandler": "file handler",
    "WorkSpaceTool": "tool",
    "ImportHelper": "operator",
    "ExportHelper": "operator",
}
"""Blender's own base classes by their last names."""

_INFIXES = {
    "OT": "operator",
    "PT": "panel",
    "MT": "menu",
    "HT": "header",
    "PG": "property group",
    "UL": "ui list",
    "GT": "gizmo",
    "GGT": "gizmo group",
    "AST": "asset shelf",
    "FH": "file handler",
}
_INFIX = re.compile(rf"_({'|'.join(_INFIXES)})_")
_ENDINGS = (
    ("NodeSocket", "node socket"), ("Socket", "node socket"), ("NodeTree", "node tree"), ("Node", "node"),
    ("Operator", "operator"), ("Panel", "panel"), ("Menu", "menu"), ("Header", "header"), ("UIList", "ui list"),
    ("PropertyGroup", "property group"), ("Preferences", "preferences"), ("GizmoGroup", "gizmo group"),
    ("Gizmo", "gizmo"), ("RenderEngine", "render engine"),
)  # fmt: skip
"""What add-ons call their own base classes; believed only of classes that set a `bl_` value."""
_OPERATOR_ID = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")
_MAX_ROUNDS = 20


@dataclass(frozen=True)
class Described:
    """What a class says of itself: `shown` is whether it has a `bl_label` or a `bl_idname`."""

    name: str
    bases: Sequence[str]
    blender_id: str = ""
    shown: bool = False


def role_of(described: Described, known: Mapping[str, str]) -> str:
    """The role of a class, or nothing.

    In this order: from Blender's base classes, from classes of the same module whose role is `known`,
    then, for bases from elsewhere, from what its name or `bl_idname` is like by Blender's convention,
    and from what the bases are called.
    """
    bases = described.bases
    for base in bases:
        if role := ROLES.get(base.rpartition(".")[2]) or known.get(base):
            return role
    if not bases:
        return ""
    for text in (described.blender_id, described.name):
        if infix := _INFIX.search(text):
            return _INFIXES[infix[1]]
    if _OPERATOR_ID.fullmatch(described.blender_id):
        return "operator"
    ends = ((base.rpartition(".")[2], ending, role) for base in bases for ending, role in _ENDINGS)
    return next((role for base, ending, role in ends if described.shown and base.endswith(ending)), "")


def roles(classes: Sequence[Described]) -> list[str]:
    """The roles of the classes of a module, in their order."""
    found = [""] * len(classes)
    known: dict[str, str] = {}
    # A class may stand before the one that gives a base its role only in broken files; still, bounded rounds.
    for _ in range(_MAX_ROUNDS):
        before = len(known)
        for number, described in enumerate(classes):
            if not found[number] and (role := role_of(described, known)):
                found[number] = role
                known.setdefault(described.name, role)
        if len(known) == before:
            break
    return found
