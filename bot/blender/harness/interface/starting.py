"""Operators started as a person starts them: by `invoke`, and by `execute` once what it asked for was confirmed.

Blender without a screen calls `execute` whatever it is told, and dies of a dialog. So `invoke` is called from within
the operator's own `execute`, with a context whose window manager has somebody in front of it who confirms everything.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import bpy

DIALOGS = frozenset({"fileselect_add", "invoke_confirm", "invoke_popup", "invoke_props_dialog", "invoke_props_popup"})
"""What asks a person, who then has the operator executed."""
CHOICES = frozenset({"invoke_search_popup", "popup_menu", "popover", "popup_menu_pie"})
"""What a person chooses something else from."""


class Standing:
    """Stands for a value of Blender; some of its members are others."""

    def __init__(self, real: Any, members: Mapping[str, Any]) -> None:
        object.__setattr__(self, "_real", real)
        object.__setattr__(self, "_members", members)

    __class__ = property(lambda self: type(self._real))

    def __getattr__(self, name: str) -> Any:
        members = object.__getattribute__(self, "_members")
        return members[name] if name in members else getattr(object.__getattribute__(self, "_real"), name)

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(object.__getattribute__(self, "_real"), name, value)

    def __getitem__(self, name: Any) -> Any:
        return self._real[name]

    def __setitem__(self, name: Any, value: Any) -> None:
        self._real[name] = value

    def __delitem__(self, name: Any) -> None:
        del self._real[name]

    def __contains__(self, name: Any) -> bool:
        return name in self._real


class Click:
    """The event of a click in the middle of an editor."""

    __class__ = property(lambda self: bpy.types.Event)
    type, value, ascii, unicode = "LEFTMOUSE", "PRESS", "", ""
    mouse_x, mouse_y, mouse_region_x, mouse_region_y, mouse_prev_x, mouse_prev_y = 300, 300, 100, 100, 300, 300
    mouse_prev_press_x, mouse_prev_press_y = 300, 300

    def __getattr__(self, name: str) -> Any:
        known = bpy.types.Event.bl_rna.properties.get(name)
        if known is None:
            raise AttributeError(f"'Event' object has no attribute {name!r}")
        return tuple(known.default_array) if getattr(known, "is_array", False) else known.default


@contextlib.contextmanager
def started(cls: Any, picked: Mapping[str, Any] | None = None, *, by_invoke: bool = True) -> Iterator[None]:
    """While it lasts, `bpy.ops` starts an operator as a click does; or calls it, with somebody there to be asked.

    `picked` are the properties that the person fills in where the operator asks.
    """
    execute, had = cls.execute, "execute" in cls.__dict__
    invoke = getattr(cls, "invoke", None) if by_invoke else None

    def as_it_was() -> None:
        if had:
            cls.execute = execute
        else:
            del cls.execute

    def clicked(self: Any, context: Any) -> Any:
        asked: list[str] = []
        as_it_was()  # `invoke` may call it
        try:
            with attended(context, asked) as attending:
                result = invoke(self, attending, Click()) if invoke is not None else execute(self, attending)
                if invoke is not None and "RUNNING_MODAL" in result and DIALOGS.intersection(asked):
                    for name, value in (picked or {}).items():
                        if name != "files":  # Blender lets nobody but its caller fill these in
                            setattr(self, name, value)
                    result = execute(self, attending)
        finally:
            cls.execute = clicked
        return result if set(result) <= {"FINISHED", "CANCELLED", "PASS_THROUGH"} else {"FINISHED"}

    cls.execute = clicked
    try:
        yield
    finally:
        as_it_was()


def click(cls: Any, call: Callable[[], Any], picked: Mapping[str, Any], *, by_invoke: bool = True) -> Any:
    """Call an operator while it is `started`."""
    with started(cls, picked, by_invoke=by_invoke):
        return call()


@contextlib.contextmanager
def attended(context: Any, asked: list[str]) -> Iterator[Any]:
    """A context with a person in front of the screen; what they are asked by is told in `asked`."""

    def confirming(name: str) -> Any:
        def confirm(*_arguments: Any, **_options: Any) -> set[str]:
            asked.append(name)
            return {"RUNNING_MODAL"}

        return confirm

    def handle(*_arguments: Any) -> bool:
        asked.append("modal_handler_add")
        return True

    members = {name: confirming(name) for name in DIALOGS | CHOICES}
    manager = Standing(context.window_manager, {**members, "modal_handler_add": handle})
    attending = Standing(context, {"window_manager": manager})
    before = bpy.context
    bpy.context = attending
    try:
        yield attending
    finally:
        bpy.context = before
