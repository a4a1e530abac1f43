"""What Blender sees in a class: an operator, a panel, a property group, …"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

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
_OPERATOR_ID = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")
_MAX_ROUNDS = 20


def role_of(bases: Sequence[str], name: str, blender_id: str, known: Mapping[str, str]) -> str:
    """The role of a class, or nothing.

    In this order: from Blender's base classes, from classes of the same module whose role is `known`,
    then, for mixins from elsewhere, from what its name or `bl_idname` is like by Blender's convention.
    """
    for base in bases:
        if role := ROLES.get(base.rpartition(".")[2]) or known.get(base):
            return role
    if not bases:
        return ""
    for text in (blender_id, name):
        if infix := _INFIX.search(text):
            return _INFIXES[infix[1]]
    return "operator" if _OPERATOR_ID.fullmatch(blender_id) else ""


def roles(classes: Sequence[tuple[str, Sequence[str], str]]) -> list[str]:
    """The roles of the classes of a module, given as (name, bases, `bl_idname`), in their order."""
    found = [""] * len(classes)
    known: dict[str, str] = {}
    # A class may stand before the one that gives a base its role only in broken files; still, bounded rounds.
    for _ in range(_MAX_ROUNDS):
        before = len(known)
        for number, (name, bases, blender_id) in enumerate(classes):
            if not found[number] and (role := role_of(bases, name, blender_id, known)):
                found[number] = role
                known.setdefault(name, role)
        if len(known) == before:
            break
    return found
