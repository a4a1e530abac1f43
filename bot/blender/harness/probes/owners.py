"""Where data of each of Blender's types is to be had: the scene, and the expression that gives it there."""

from __future__ import annotations

from typing import NamedTuple

import bpy

from bot.blender.harness.scene.situations import CUBE


class Owner(NamedTuple):
    """What has a property: the scene it is in, the lines that make it, and what gives it then."""

    situation: str
    lines: tuple[str, ...]
    expression: str


OWNERS = (
    ("Scene", CUBE, "bpy.context.scene"),
    ("Object", CUBE, "bpy.context.object"),
    ("Mesh", CUBE, "bpy.context.object.data"),
    ("Material", CUBE, "bpy.context.object.active_material"),
    ("WindowManager", CUBE, "bpy.context.window_manager"),
    ("ViewLayer", CUBE, "bpy.context.view_layer"),
    ("Collection", CUBE, "bpy.context.collection"),
    ("Window", CUBE, "bpy.context.window"),
    ("Screen", CUBE, "bpy.context.screen"),
    ("WorkSpace", CUBE, "bpy.context.workspace"),
    ("ToolSettings", CUBE, "bpy.context.scene.tool_settings"),
    ("RenderSettings", CUBE, "bpy.context.scene.render"),
    ("View3DShading", CUBE, "bpy.context.space_data.shading"),
    ("Action", CUBE, "bpy.context.object.animation_data.action"),
    ("VertexGroup", CUBE, "bpy.context.object.vertex_groups[0]"),
    ("ShaderNodeTree", CUBE, "bpy.context.object.active_material.node_tree"),
    ("Node", CUBE, "bpy.context.object.active_material.node_tree.nodes[0]"),
    ("NodeSocket", CUBE, "bpy.context.object.active_material.node_tree.nodes[0].inputs[0]"),
    ("SubsurfModifier", "modifier", "bpy.context.object.modifiers[0]"),
    ("Armature", "armature", "bpy.context.object.data"),
    ("Bone", "armature", "bpy.context.object.data.bones[0]"),
    ("PoseBone", "pose", "bpy.context.object.pose.bones[0]"),
    ("Pose", "pose", "bpy.context.object.pose"),
    ("AreaLight", "light", "bpy.context.object.data"),
    ("Camera", "camera", "bpy.context.object.data"),
    ("Curve", "curve", "bpy.context.object.data"),
)
"""By type, the scene and the expression; a type stands for those it derives from as well."""


def owner_of(name: str) -> Owner | None:
    """Where data of one of Blender's types is to be had; nothing where none can be made."""
    wanted = getattr(bpy.types, name, None)
    if not isinstance(wanted, type):
        return None
    for known, situation, expression in OWNERS:
        cls = getattr(bpy.types, known, None)
        if isinstance(cls, type) and issubclass(cls, wanted):
            return Owner(situation, (), expression)
    for prop in bpy.data.bl_rna.properties:
        kept = prop.fixed_type.identifier if prop.type == "COLLECTION" else ""
        if kept and isinstance(getattr(bpy.types, kept, None), type) and issubclass(getattr(bpy.types, kept), wanted):
            line = _made_in(prop.identifier)
            return Owner(CUBE, (line,), "made") if line else None
    return None


def _made_in(collection: str) -> str:
    """The line that makes data of a kind; empty where it takes more than a name, a size or one of some items."""
    new = getattr(bpy.data, collection).bl_rna.functions.get("new")
    if new is None:
        return ""
    given = []
    for parameter in new.parameters:
        if parameter.is_output or not parameter.is_required:
            continue
        if parameter.type == "STRING":
            given.append("'Name'")
        elif parameter.type == "INT":
            given.append("8")
        elif parameter.type == "ENUM" and len(parameter.enum_items):
            given.append(repr(parameter.enum_items[0].identifier))
        else:
            return ""
    return f"made = bpy.data.{collection}.new({', '.join(given)})"
