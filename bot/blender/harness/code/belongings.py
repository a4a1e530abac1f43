"""What an add-on adds to Blender besides its classes: properties of Blender's types, handlers, shortcuts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

import bpy

from bot.blender.harness.code.addon import Addon
from bot.blender.harness.code.registrations import Registrations

OF_BLENDER = frozenset({"bpy.types", "bpy_types", "_bpy_types"})
"""The modules of types nobody registered."""

Added = tuple[str, str]
"""A type of Blender's, and a property that was added to it."""
Handler = tuple[str, Callable[..., Any]]
"""An event, and a function that is called at it."""
Shortcut = tuple[str, str, Any]
"""A keymap, the operator one of its items is for, and that item."""


@dataclass(frozen=True)
class Before:
    """What there was before the add-on was enabled, and what is registered since."""

    properties: frozenset[Added]
    shortcuts: tuple[tuple[str, str], ...]
    registrations: Registrations

    @classmethod
    def now(cls) -> Before:
        """What there is now; what is registered from now on is noted."""
        registrations = Registrations()
        registrations.install()
        return cls(added_properties(), tuple((keymap, name) for keymap, name, _ in shortcuts()), registrations)


@cache
def types_of_blender() -> tuple[type, ...]:
    """Blender's own types, as they are before an add-on is enabled. Asking for some of them while a class that derives
    from them is registered keeps that class from being registered again."""
    known = (getattr(bpy.types, name) for name in dir(bpy.types))
    return tuple(cls for cls in known if isinstance(cls, type) and cls.__module__ in OF_BLENDER)


@cache
def _extensible() -> tuple[Any, ...]:
    """What is known of those that can be given properties."""
    classes = (bpy.types.Operator, bpy.types.Panel, bpy.types.Menu, bpy.types.Header, bpy.types.PropertyGroup)
    families = (bpy.types.Node, bpy.types.NodeSocket)
    found = []
    for cls in types_of_blender():
        # Hundreds of nodes, of which some have such properties of their own.
        if not issubclass(cls, classes) and (cls in families or not issubclass(cls, families)):
            found.append(getattr(cls, "bl_rna", None))
    return tuple(rna for rna in found if rna is not None)


def added_properties() -> frozenset[Added]:
    """The properties that were added to Blender's types, by anybody."""
    return frozenset(
        (rna.identifier, prop.identifier)
        for rna in _extensible()
        for prop in rna.properties
        if prop.is_runtime and (rna.base is None or prop.identifier not in rna.base.properties)
    )


def handlers_of(addon: Addon) -> list[Handler]:
    """By event, the add-on's functions Blender calls, in the order it does."""
    return [
        (event, function)
        for event in dir(bpy.app.handlers)
        for function in _listed(getattr(bpy.app.handlers, event))
        if is_of(addon, function)
    ]


def of_handlers(addon: Addon, errors: Iterable[BaseException]) -> list[BaseException]:
    """Those that came of a handler: much of what is tried calls them as well, and they are tried by themselves."""
    codes = {code_of(function) for _, function in handlers_of(addon)}
    return [error for error in errors if began_in(error) in codes]


def began_in(error: BaseException) -> Any:
    """The code an exception's traceback begins in."""
    return error.__traceback__.tb_frame.f_code if error.__traceback__ is not None else None


def shortcuts() -> list[Shortcut]:
    """Everything add-ons have put into keymaps."""
    configuration = bpy.context.window_manager.keyconfigs.addon
    keymaps = configuration.keymaps if configuration is not None else ()
    return [(keymap.name, item.idname, item) for keymap in keymaps for item in keymap.keymap_items]


def is_of(addon: Addon, function: Any) -> bool:
    """Whether a function, or whatever else can be called, is written in the add-on."""
    found = (code_of(function), code_of(getattr(function, "__wrapped__", None)))
    return any(code is not None and addon.relative(code.co_filename) for code in found)


def code_of(function: Any) -> Any:
    """The code that is entered when something is called; nothing where it is none of Python's."""
    while isinstance(function, partial):
        function = function.func
    function = getattr(function, "__func__", function)
    if not hasattr(function, "__code__"):
        function = vars(type(function)).get("__call__")
    return getattr(function, "__code__", None)


def _listed(handlers: Any) -> Iterator[Callable[..., Any]]:
    if isinstance(handlers, list):
        yield from list(handlers)
