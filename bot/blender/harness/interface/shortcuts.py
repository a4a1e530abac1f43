"""Shortcuts, held against the operators, menus and panels there are."""

from __future__ import annotations

from typing import Any

import bpy

from bot.blender.harness.interface.buttons import known_operator
from bot.blender.harness.interface.known import is_known
from bot.blender.harness.interface.misfits import (
    LayoutError,
    UnknownMenu,
    UnknownOperator,
    UnknownPanel,
    UnknownProperty,
)
from bot.blender.harness.interface.returned import raise_at

OPENED = {
    "wm.call_menu": ("Menu", UnknownMenu),
    "wm.call_menu_pie": ("Menu", UnknownMenu),
    "wm.call_panel": ("Panel", UnknownPanel),
}
"""By operator, what its `name` is the name of."""


def check_shortcut(keymap: str, operator: str, file: str, line: int) -> None:
    """Look up what add-ons have put into a keymap for an operator; what is not there is told at this line.

    Raises:
        LayoutError: it is not there.
    """
    for one in bpy.context.window_manager.keyconfigs.addon.keymaps:
        for item in one.keymap_items if one.name == keymap else ():
            problem = dangling(item) if item.idname == operator else None
            if problem is not None:
                raise_at(file, line, problem)


def dangling(item: Any) -> LayoutError | None:
    """What a shortcut is for and is not there."""
    operator = item.idname
    module, _, name = operator.partition(".")
    if known_operator(operator) is None:
        return UnknownOperator(f"the shortcut is for an unknown operator '{operator}'", f"bpy.ops.{module}", name)
    opened, (kind, error) = str(getattr(item.properties, "name", "")), OPENED.get(operator, ("", LayoutError))
    if kind and opened and not is_known(kind, opened):
        return error(f"the shortcut opens what is not there: {kind} '{opened}'", "bpy.types", opened)
    for key in list(item.properties.keys()):
        if key not in item.properties.bl_rna.properties:
            said = f"the shortcut sets a property '{operator}' does not have: {key}"
            return UnknownProperty(said, f"bpy.ops.{operator}", key)
    return None
