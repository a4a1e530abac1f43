"""What a button shows: properties and operators, which have to be there."""

from __future__ import annotations

import contextlib
from typing import Any

import bpy

from bot.blender.harness.interface.misfits import UnknownOperator, UnknownProperty


def check_property(data: Any, name: str) -> None:
    """What `layout.prop(data, name)` would print.

    Raises:
        UnknownProperty: the data has no such property.
        TypeError: the data is nothing Blender knows.
    """
    data = unwrapped(data)
    described = getattr(data, "bl_rna", None) if isinstance(data, bpy.types.bpy_prop_collection) else None
    if not isinstance(data, bpy.types.bpy_struct) and described is None:  # some collections are data themselves
        if isinstance(data, OperatorProperties):
            data.check(name)
            return
        raise TypeError(
            f'UILayout.prop(): error with argument 1, "data" -  Function.data expected a AnyType type, '
            f"not {type(data).__name__}"
        )
    if name.startswith("["):
        return
    if name in data.bl_rna.properties:
        with contextlib.suppress(Exception):
            getattr(data, name)  # a button shows the value; what its `get` raises, Blender hands to the witness
        return
    owner = data.bl_rna.identifier
    raise UnknownProperty(f"rna_uiItemR: property not found: {owner}.{name}", owner, name)


class OperatorProperties:
    """What `layout.operator()` returns: Blender itself judges what is set, and forgets it again."""

    __slots__ = ("_identifier", "_real")
    _identifier: str
    _real: Any

    def __init__(self, identifier: str, real: Any) -> None:
        object.__setattr__(self, "_identifier", identifier)
        object.__setattr__(self, "_real", real)

    def check(self, name: str) -> None:
        """See `check_property`."""
        if name not in self._real.bl_rna.properties:
            owner = self._real.bl_rna.identifier
            raise UnknownProperty(f"rna_uiItemR: property not found: {owner}.{name}", owner, name)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def __getitem__(self, name: str) -> Any:
        return self._real[name]

    def __setitem__(self, name: str, value: Any) -> None:
        self._real[name] = value
        with contextlib.suppress(Exception):
            del self._real[name]

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(self._real, name, value)
        with contextlib.suppress(Exception):
            self._real.property_unset(name)


def operator_exists(name: str) -> bool:
    """Whether `module.function` is an operator."""
    module, _, function = name.partition(".")
    try:
        getattr(getattr(bpy.ops, module), function).get_rna_type()
    except (KeyError, AttributeError, RuntimeError):
        return False
    return True


def operator_properties(name: str) -> OperatorProperties:
    """The properties of an operator, for a button to set.

    Raises:
        UnknownOperator: there is none of that name.
    """
    if "_OT_" in name:  # both spellings draw a button
        name = name.replace("_OT_", ".", 1).lower() if operator_exists(name.replace("_OT_", ".", 1).lower()) else name
    if not operator_exists(name):
        module, _, function = name.rpartition(".")
        raise UnknownOperator(f"'{name}' unknown operator", f"bpy.ops.{module}" if module else "bpy.ops", function)
    return OperatorProperties(name, bpy.context.window_manager.operator_properties_last(name))


def unwrapped(value: Any) -> Any:
    """The Blender object a stand-in stands for, or the value itself."""
    if type(value).__name__ == "StandIn":
        return object.__getattribute__(value, "_instance") or value
    return value
