"""Drawing, where there is no window: what Blender calls, called."""

from __future__ import annotations

from collections.abc import Callable
from types import FunctionType
from typing import Any

import bpy

from bot.blender.harness.interface.layout import stand_in
from bot.reproducing.parts.tiny_layout import Layout


def draw(cls: Any, instance: Any = None) -> None:
    """Draw a panel, a menu or a header as Blender does: its poll, then its functions and what others appended."""
    poll = getattr(cls, "poll", None)
    if poll is not None and not poll(bpy.context):
        print(f"{cls.__name__} is not shown: its poll says no.")
        return
    for function in draw_functions(cls):
        function(stand_in(cls, Layout(), instance), bpy.context)


def draw_preferences(name: str) -> None:
    """Draw the add-on's page of the preferences."""
    preferences = bpy.context.preferences.addons[name].preferences
    draw(type(preferences), preferences)


def draw_functions(cls: Any) -> list[Callable[..., Any]]:
    """What is called to draw a class."""
    function = getattr(cls, "draw", None)
    functions = list(getattr(function, "_draw_funcs", ())) or ([function] if function is not None else [])
    header = getattr(cls, "draw_header", None)
    return functions + ([header] if isinstance(header, FunctionType) else [])


def draw_entry(cls: Any, name: str) -> None:
    """Draw what the add-on appended to one of Blender's menus or panels."""
    for function in getattr(cls.draw, "_draw_funcs", ()):
        if function.__qualname__ == name:
            function(stand_in(cls, Layout()), bpy.context)
