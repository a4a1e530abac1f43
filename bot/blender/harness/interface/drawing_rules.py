"""What Blender forbids while it draws, forbidden where nothing can be drawn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import bpy

FORBIDDEN = ("Writing to ID classes in this context is not allowed", "modify blend data in this state")
"""What Blender says of a property that is set, and of an operator that is run, while it draws."""


def forbidden(error: BaseException) -> bool:
    """Whether it was raised for that alone."""
    return any(words in str(error) for words in FORBIDDEN)


def as_drawn(call: Callable[[], Any]) -> Any:
    """Call a function as Blender calls those that draw: no data can be written to in it, and no operator be run.

    Blender forbids both for as long as it calls a function of a registered class that is no operator. The poll of a
    macro is such a function, and can be had without a window.

    Raises whatever the call raises.
    """
    answers: list[Any] = []
    raised: list[BaseException] = []

    def poll(_cls: Any, _context: Any) -> bool:
        try:
            answers.append(call())
        except BaseException as error:  # Blender would only print it
            raised.append(error)
        return True

    named = {"bl_idname": "wm.called_as_drawn", "bl_label": "Called as drawn", "poll": classmethod(poll)}
    macro: Any = type("WM_OT_called_as_drawn", (bpy.types.Macro,), named)
    bpy.utils.register_class(macro)
    try:
        bpy.ops.wm.called_as_drawn.poll()
    finally:
        bpy.utils.unregister_class(macro)
    if raised:
        raise raised[0]
    return answers[0] if answers else None
