"""What is registered with Blender and cannot be asked for afterwards: timers, and what is drawn over editors."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import bpy

REMOVED = "RNA_HANDLE_REMOVED"
"""What Blender calls a handle once its function is drawn no longer."""
MOST = 1000


@dataclass
class Registrations:
    """Notes what is registered, and registers it."""

    timers: list[Callable[..., Any]] = field(default_factory=list)
    drawn: list[tuple[str, Callable[..., Any], Any]] = field(default_factory=list)
    """The kind of editor, the function, and its handle."""

    def install(self) -> None:
        """Begin to note."""
        timers: Any = bpy.app.timers
        register, timed = timers.register, self.timers

        def registering(function: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
            if len(timed) < MOST and function not in timed:
                timed.append(function)
            return register(function, *arguments, **options)

        timers.register = registering
        space: Any = bpy.types.Space
        add, drawn = vars(space).get("draw_handler_add"), self.drawn
        if add is None:
            return

        def adding(cls: Any, function: Callable[..., Any], *arguments: Any) -> Any:
            handle = add.__get__(None, cls)(function, *arguments)
            if len(drawn) < MOST:
                drawn.append((cls.__name__, function, handle))
            return handle

        space.draw_handler_add = classmethod(adding)

    def waiting(self) -> list[Callable[..., Any]]:
        """The timers that have yet to run."""
        return [function for function in self.timers if bpy.app.timers.is_registered(function)]

    def shown(self) -> list[tuple[str, Callable[..., Any]]]:
        """By editor, the functions that are drawn."""
        return [(editor, function) for editor, function, handle in self.drawn if REMOVED not in repr(handle)]
