"""Members only `bpy.types.Mesh` ever had, and whether an add-on uses their names for something of its own."""

from __future__ import annotations

import re

import libcst as cst

from bot.rules.base import Context
from bot.rules.inference import types_of
from bot.rules.source import Source

MESH = "bpy.types.Mesh"


def is_mesh_member(source: Source, context: Context, member: cst.Attribute) -> bool:
    """Whether `x.member`, a name no other type of Blender has, can only be the mesh's.

    It can where `x` is known to be a mesh, or nothing is known of it and no file of the add-on
    defines the name.
    """
    known = types_of(source).of(member.value)
    if known == MESH:
        return True
    if known is not None and known.startswith(("bpy.types.", "mathutils.", "bmesh.")):
        return False
    own = re.compile(rf"def\s+{member.attr.value}\b|\b{member.attr.value}\s*(?::|=\s*(?:\w+\.)*\w*Property\b)")
    return not any(own.search(other.text) for other in (source, *context.sources))


def shading_is_explicit(source: Source, scope: cst.CSTNode, mesh: str) -> bool:
    """Whether the same function gives the mesh its normals, or marks its sharp edges, itself."""
    code = source.code(scope)
    if re.search(rf"{re.escape(mesh)}\s*\.\s*normals_split_custom_set", code):
        return True
    return re.search(r"\buse_edge_sharp\b|[\"']sharp_edge[\"']", code) is not None
