"""The classes and menu entries an add-on has registered."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Iterator
from typing import Any

import bpy

from bot.blender.harness.code.addon import Addon

REGISTRABLE = (
    "Operator",
    "Panel",
    "Menu",
    "Header",
    "UIList",
    "PropertyGroup",
    "AddonPreferences",
    "NodeTree",
    "Node",
    "NodeSocket",
    "KeyingSetInfo",
    "RenderEngine",
    "Gizmo",
    "GizmoGroup",
    "FileHandler",
    "AssetShelf",
    "Macro",
)


def subclasses(cls: type) -> Iterator[type]:
    """Every class below, in the order they were made, each once."""
    seen: set[type] = set()
    pending = [cls]
    while pending:
        below: list[type] = type.__subclasses__(pending.pop(0))
        for sub in below:
            if sub not in seen:
                seen.add(sub)
                pending.append(sub)
                yield sub


def registered_classes(addon: Addon) -> list[type]:
    """The classes of the add-on that are registered now, in the order of their definition."""
    found: dict[type, None] = {}
    for name in REGISTRABLE:
        base = getattr(bpy.types, name, None)
        if base is None:
            continue
        for cls in subclasses(base):
            if "bl_rna" in cls.__dict__ and (addon.owns(cls.__module__) or file_of(addon, cls)):
                found[cls] = None
    return list(found)


def file_of(addon: Addon, cls: type) -> str:
    """The file of the add-on a class was made in; empty for anybody else's."""
    module = sys.modules.get(cls.__module__)
    return addon.relative(getattr(module, "__file__", None))


def registered_name(cls: Any) -> str:
    """What Blender knows a class by."""
    return str(cls.bl_rna.identifier)


def operator_name(cls: Any) -> str:
    """`object.my_operator`, whatever way it is written in the class."""
    identifier: str = cls.bl_rna.identifier
    module, _, function = identifier.partition("_OT_")
    return f"{module.lower()}.{function}"


def own_function(addon: Addon, cls: type, name: str) -> bool:
    """Whether the class, or one of its mixins, has a Python function of that name."""
    return inspect.isroutine(getattr(cls, name, None)) and not getattr(getattr(cls, name), "__module__", "").startswith(
        ("bpy_types", "_bpy_types")
    )


def defines(addon: Addon, cls: type, name: str) -> bool:
    """Whether a class of the add-on, or one it derives from, has that name in its own text."""
    return any(name in vars(holder) for holder in cls.__mro__ if file_of(addon, holder))


def properties_of(cls: Any) -> Any:
    """The registered properties of a class; Blender keeps those of an operator apart from its type."""
    if not issubclass(cls, bpy.types.Operator):
        return cls.bl_rna.properties
    module, _, function = operator_name(cls).partition(".")
    return getattr(getattr(bpy.ops, module), function).get_rna_type().properties


def menu_functions(addon: Addon) -> list[tuple[type, Callable[..., Any]]]:
    """The functions the add-on appended to Blender's own menus, panels and headers."""
    found: list[tuple[type, Callable[..., Any]]] = []
    for base in ("Menu", "Panel", "Header"):
        for cls in subclasses(getattr(bpy.types, base)):
            for function in getattr(cls.__dict__.get("draw"), "_draw_funcs", ()):
                code = getattr(function, "__code__", None)
                if code is not None and addon.relative(code.co_filename) and not any(f is function for _, f in found):
                    found.append((cls, function))
    return found
