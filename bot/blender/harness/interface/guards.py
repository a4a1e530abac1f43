"""What takes a Blender without a screen down, answered instead of called."""

from __future__ import annotations

import contextlib
import re
import sys
from collections.abc import Callable, Iterator
from typing import Any

import bpy

from bot.blender.harness.interface.layout import Noted, RecordingLayout, stand_in

NEEDS_WINDOW = re.compile(
    r"""view3d\.(view_(orbit|pan|roll|center_pick)|zoom(_border)?|dolly|rotate|move|fly|walk|navigate|ndof\w*|select(_\w+)?)
    |wm\.(call_(menu|menu_pie|panel)|search_\w+|toolbar\w*|redraw_timer|window_\w+|splash\w*|quit_blender)
    |wm\.(read_\w+|open_mainfile|recover_\w+|revert_mainfile)
    |render\.(opengl|view_show|play_rendered_anim)
    |screen\.(screen_full_area|area_\w+|userpref_show|region_\w+|animation_play|info_log_show|back_to_previous)
    |ed\.(undo|redo|undo_history)
    |(paint|sculpt|gpencil|grease_pencil)\.\w*(image_paint|vertex_paint|weight_paint|brush_stroke|grab_clone|draw)
    |script\.reload""",
    re.VERBOSE,
)
"""Operators that crash a Blender without a screen, or end the session; to call one is no fault."""


def guard_operators() -> None:
    """Answer calls of `NEEDS_WINDOW` with an exception, and draw pop-up menus into a recording layout."""
    operators: Any = sys.modules.get("bpy.ops")
    call = getattr(operators, "_op_call", None)
    if call is not None:

        def guarded(name: str, *arguments: Any) -> Any:
            engine = bpy.context.scene.render.engine if name == "render.render" else ""
            if NEEDS_WINDOW.fullmatch(name) or engine.startswith("BLENDER_EEVEE"):
                raise RuntimeError(f"bpy.ops.{name} needs a window")
            return call(name, *arguments)

        guarded.__wrapped__ = call  # type: ignore[attr-defined]
        operators._op_call = guarded

    def popup(_manager: Any, draw: Callable[..., Any], **_options: Any) -> None:
        noted = Noted()
        draw(stand_in(bpy.types.Menu, RecordingLayout(noted)), bpy.context)
        if noted.problems:  # nobody but the operator that opens it is there to answer for it
            raise noted.problems[0]

    for name in ("popup_menu", "popover", "popup_menu_pie"):
        with contextlib.suppress(Exception):
            setattr(bpy.types.WindowManager, name, popup)


@contextlib.contextmanager
def unguarded() -> Iterator[None]:
    """Call operators as they are: for what the harness itself knows to be safe."""
    operators: Any = sys.modules.get("bpy.ops")
    guarded = getattr(operators, "_op_call", None)
    call = getattr(guarded, "__wrapped__", None)
    if call is None:
        yield
        return
    operators._op_call = call
    try:
        yield
    finally:
        operators._op_call = guarded
