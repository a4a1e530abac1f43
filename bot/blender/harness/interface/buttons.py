"""What a button shows: properties and operators, which have to be there."""

from __future__ import annotations

import contextlib
from typing import Any

import bpy

from bot.blender.harness.interface.misfits import UnknownOperator, UnknownProperty
from bot.blender.harness.values import Json


def show_property(data: Any, name: str) -> UnknownProperty | None:
    """Show a property on a button: what Blender would print, where the data has none of that name."""
    data = unwrapped(data)
    if name.startswith("["):
        return None
    if name in data.bl_rna.properties:
        with contextlib.suppress(Exception):
            getattr(data, name)  # a button shows the value; what its `get` raises, Blender hands to the witness
        return None
    owner = data.bl_rna.identifier
    return UnknownProperty(f"rna_uiItemR: property not found: {owner}.{name}", owner, name)


MOST_PRESSED = 8
_PRESSED: dict[str, list[Json]] = {}
"""By operator, what buttons that were drawn set of its properties."""


def pressed(name: str) -> list[Json]:
    """What different buttons set of an operator's properties, as far as they were drawn till now."""
    found = [values for values in _PRESSED.get(name, ()) if values]
    return [values for index, values in enumerate(found) if values not in found[:index]][:MOST_PRESSED]


def is_drawn(name: str) -> bool:
    """Whether a button for an operator was drawn so far."""
    return name in _PRESSED


class OperatorProperties:
    """What `layout.operator()` returns: Blender itself judges what is set, and forgets it again."""

    __slots__ = ("_identifier", "_real", "_values")
    _identifier: str
    _real: Any
    _values: Json

    def __init__(self, identifier: str, real: Any) -> None:
        object.__setattr__(self, "_identifier", identifier)
        object.__setattr__(self, "_real", real)
        object.__setattr__(self, "_values", {})

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
        if isinstance(value, (bool, int, float, str)):
            self._values[name] = value
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


def known_operator(name: str) -> str | None:
    """An operator's name as Python spells it, whichever way a button does; nothing where there is none."""
    spelled = name.replace("_OT_", ".", 1).lower() if "_OT_" in name else name
    return next((one for one in (spelled, name) if operator_exists(one)), None)


def operator_properties(name: str) -> OperatorProperties:
    """The properties of an operator, for a button to set.

    Raises:
        UnknownOperator: there is none of that name.
    """
    known = known_operator(name)
    if known is None:
        module, _, function = name.rpartition(".")
        raise UnknownOperator(f"'{name}' unknown operator", f"bpy.ops.{module}" if module else "bpy.ops", function)
    return OperatorProperties(known, bpy.context.window_manager.operator_properties_last(known))


def button(name: str) -> OperatorProperties:
    """The properties of an operator a button was drawn for; what is set of them is remembered (`pressed`).

    Raises:
        UnknownOperator: there is none of that name.
    """
    made = operator_properties(name)
    _PRESSED.setdefault(made._identifier, []).append(made._values)
    return made


def unwrapped(value: Any) -> Any:
    """The Blender object a stand-in stands for, or the value itself."""
    if type(value).__name__ == "StandIn":
        value = object.__getattribute__(value, "_instance") or value
    return object.__getattribute__(value, "_real") if type(value) is OperatorProperties else value
