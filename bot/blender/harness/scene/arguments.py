"""Values for parameters, from what they are named after."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import bpy

from bot.blender.harness.interface.layout import RecordingLayout
from bot.blender.harness.scene.damaged import names_file


class NothingToGiveError(Exception):
    """A required parameter that no value is known for."""


def argument(name: str, parameter: inspect.Parameter) -> Any:
    """A value for a parameter, from what is in the scene; True for what nothing is known of.

    Raises:
        NothingToGiveError: there is none.
    """
    context = bpy.context
    thing = context.view_layer.objects.active
    data: Any = getattr(thing, "data", None)
    kind = getattr(thing, "type", "")
    values: dict[str, Any] = {
        "context": context,
        "ctx": context,
        "c": context,
        "scene": context.scene,
        "sce": context.scene,
        "scn": context.scene,
        "view_layer": context.view_layer,
        "collection": context.collection,
        "obj": thing,
        "ob": thing,
        "object": thing,
        "active": thing,
        "active_object": thing,
        "objs": list(context.selected_objects),
        "objects": list(context.selected_objects),
        "obs": list(context.selected_objects),
        "selected_objects": list(context.selected_objects),
        "data": data,
        "material": getattr(thing, "active_material", None),
        "mat": getattr(thing, "active_material", None),
        "action": getattr(getattr(thing, "animation_data", None), "action", None),
        "depsgraph": context.evaluated_depsgraph_get(),
        "dg": context.evaluated_depsgraph_get(),
        "layout": RecordingLayout(),
        "col": RecordingLayout(),
        "row": RecordingLayout(),
        "box": RecordingLayout(),
        "matrix": thing.matrix_world if thing is not None else None,
        "location": (0.0, 0.0, 0.0),
        "loc": (0.0, 0.0, 0.0),
        "name": "Name",
    }
    if kind == "MESH":
        values |= {"mesh": data, "me": data, "bmesh_data": data}
    if kind == "ARMATURE":
        values |= {"armature": data, "arm": data, "armature_object": thing, "rig": thing, "bone": data.bones[0]}
        values |= {"pose_bone": thing.pose.bones[0], "pbone": thing.pose.bones[0]}
    if kind == "CURVE":
        values |= {"curve": data, "spline": data.splines[0]}
    if kind == "LIGHT":
        values |= {"light": data, "lamp": data}
    if kind == "CAMERA":
        values |= {"camera": thing, "cam": thing}
    node_tree = getattr(values["material"], "node_tree", None)
    if node_tree is not None:
        values |= {"node_tree": node_tree, "tree": node_tree, "ntree": node_tree, "nodes": node_tree.nodes}
        values |= {"node": node_tree.nodes[0], "links": node_tree.links}
    value = values.get(name)
    if value is None:
        by_annotation = {
            "str": "Name",
            "int": 1,
            "float": 1.0,
            "bool": True,
            str: "Name",
            int: 1,
            float: 1.0,
            bool: True,
        }
        value = by_annotation.get(parameter.annotation) if parameter.annotation is not parameter.empty else None
    if value is None:
        wanted = str(getattr(parameter.annotation, "__name__", parameter.annotation)).rpartition(".")[2]
        candidates = (context, context.scene, thing, data, values["material"], values["action"], node_tree)
        value = next((one for one in candidates if one is not None and type(one).__name__ == wanted), None)
    if value is None and (name in values or name in {"self", "cls", "event"}):
        raise NothingToGiveError(name)
    return True if value is None else value


def arguments(function: Callable[..., Any], file: str = "") -> tuple[list[Any], dict[str, Any]]:
    """Values for the parameters without a default; `file` for those that name one, where it is given.

    Raises:
        NothingToGiveError: one of them cannot be made up.
    """
    positional: list[Any] = []
    named: dict[str, Any] = {}
    for name, parameter in inspect.signature(function).parameters.items():
        if (
            parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD)
            or parameter.default is not parameter.empty
        ):
            continue
        value = file if file and names_file(name) else argument(name, parameter)
        if parameter.kind is parameter.KEYWORD_ONLY:
            named[name] = value
        else:
            positional.append(value)
    return positional, named
