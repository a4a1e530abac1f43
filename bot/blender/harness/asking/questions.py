"""What this Blender says to questions about its API."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from typing import Any

import bpy

from bot.blender.harness.asking.call_questions import is_product, takes_keyword, takes_positional
from bot.blender.harness.asking.names import resolve, rna_type
from bot.blender.harness.asking.value_questions import has_enum_item, has_length, has_socket
from bot.blender.harness.bench import quiet
from bot.blender.harness.interface.buttons import operator_exists
from bot.blender.harness.values import Json, bounded


def answer(question: Json) -> Json:
    """What this Blender says to one question; null where it cannot be asked."""
    asker = ASKERS.get(question["kind"])
    exists: bool | None = None
    detail = "" if asker else "this kind of question is not known"
    if asker is not None:
        try:
            with quiet():
                exists, detail = asker(question["owner"], question.get("name", ""))
        except Exception as error:
            exists, detail = None, f"{type(error).__name__}: {error}"
    return {"question": question, "exists": exists, "detail": bounded(detail, 300)}


def has_member(owner: str, name: str) -> tuple[bool | None, str]:
    """MEMBER."""
    if owner.startswith("bpy.ops."):
        return operator_exists(f"{owner[len('bpy.ops.') :]}.{name}"), ""
    if owner == "bpy.ops":
        return name in dir(bpy.ops), ""
    rna = rna_type(owner)
    if rna is not None:
        if name in rna.properties or name in rna.functions:
            return True, ""
        cls = getattr(bpy.types, owner.rpartition(".")[2])
        if owner.endswith("Context"):
            return hasattr(bpy.context, name), "asked of bpy.context"
        return hasattr(cls, name), ""
    if owner.startswith("bpy.types."):
        return None, f"there is no {owner}"
    return hasattr(resolve(owner), name), ""


def has_module(owner: str, _name: str) -> tuple[bool | None, str]:
    """MODULE."""
    if owner in sys.builtin_module_names or owner in sys.modules:
        return True, ""
    try:
        return importlib.util.find_spec(owner) is not None, ""
    except (ImportError, ValueError):
        return False, ""


def registers_assigned(owner: str, _name: str) -> tuple[bool | None, str]:
    """ASSIGNED_PROPERTY: register a class that assigns one, and look."""
    base = resolve(owner)
    body: dict[str, Any] = {
        "bl_idname": "bcrag.assigned" if issubclass(base, bpy.types.Operator) else "BCRAG_PT_assigned",
        "bl_label": "assigned",
        "bl_space_type": "VIEW_3D",
        "bl_region_type": "UI",
        "number": bpy.props.IntProperty(),
        "draw": lambda self, context: None,
    }
    if issubclass(base, bpy.types.AddonPreferences):
        body["bl_idname"] = "bcrag"
    cls: Any = type("BCRAG_PT_assigned", (base,), body)
    bpy.utils.register_class(cls)
    try:
        return "number" in cls.bl_rna.properties, ""
    finally:
        bpy.utils.unregister_class(cls)


def is_writable(owner: str, name: str) -> tuple[bool | None, str]:
    """WRITABLE."""
    rna = rna_type(owner)
    if rna is not None:
        prop = rna.properties.get(name)
        if prop is None:
            return False, f"there is no {owner}.{name}"
        return not prop.is_readonly, ""
    target = resolve(owner)
    if not hasattr(target, name):
        return False, f"there is no {owner}.{name}"
    try:
        setattr(target, name, getattr(target, name))
    except (AttributeError, TypeError) as error:
        return False, str(error)
    return True, ""


ASKERS: dict[str, Callable[[str, str], tuple[bool | None, str]]] = {
    "member": has_member,
    "keyword": takes_keyword,
    "positional": takes_positional,
    "enum_item": has_enum_item,
    "socket": has_socket,
    "module": has_module,
    "assigned_property": registers_assigned,
    "product": is_product,
    "writable": is_writable,
    "length": has_length,
}
"""By kind of question (`QuestionKind`), who can answer it."""
