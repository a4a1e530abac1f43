"""A layout that knows what this Blender's own has: for most faults in what it is asked for."""

from __future__ import annotations

from typing import Any

import bpy

from bot.blender.harness.interface.misfits import UnknownOperator, UnknownProperty


class Layout:
    """Stands in for Blender's layout, with which nothing can be drawn where there is no window."""

    def __getattr__(self, name: str) -> Any:
        described = bpy.types.UILayout.bl_rna
        if name in described.functions:
            return lambda *given, **named: asked(described.functions[name], given, named)
        if name in described.properties:
            return described.properties[name].default
        raise AttributeError(f"'UILayout' object has no attribute {name!r}")

    def __setattr__(self, name: str, value: Any) -> None:
        known = bpy.types.UILayout.bl_rna.properties.get(name)
        if known is None:
            raise AttributeError(f"'UILayout' object has no attribute {name!r}")
        if known.type == "ENUM" and value not in known.enum_items:
            raise TypeError(f"UILayout.{name}: {value!r} is none of {known.enum_items.keys()}")


def asked(function: Any, given: tuple[Any, ...], named: dict[str, Any]) -> Any:
    """A call of a function of the layout, held against what Blender says of its arguments."""
    known = {one.identifier: one for one in function.parameters if not one.is_output}
    required = [name for name, one in known.items() if one.is_required]
    values = {**dict(zip(required, given, strict=False)), **named}
    spelled = f"UILayout.{function.identifier}()"
    if len(given) > len(required):
        raise TypeError(f"{spelled} takes {len(required)} arguments without a keyword, not {len(given)}")
    for name, value in values.items():
        if name not in known:
            raise TypeError(f"{spelled} has no argument {name!r}")
        single = known[name].type == "ENUM" and not known[name].is_enum_flag
        if single and len(known[name].enum_items) and value not in known[name].enum_items:
            raise TypeError(f"{spelled} has no {name} {value!r}")
    data = getattr(values.get("data"), "_instance", values.get("data"))
    shown = str(values.get("property", ""))
    if isinstance(data, bpy.types.bpy_struct) and shown not in data.bl_rna.properties and shown[:1] != "[":
        raise UnknownProperty("property not found", data.bl_rna.identifier, shown)
    if isinstance(data, bpy.types.bpy_struct):
        getattr(data, shown, None)  # a button shows the value
    if function.identifier == "operator":
        return button(values.get("operator", ""))
    return Layout()


def button(name: str) -> Any:
    """The properties of an operator, for a button to set."""
    module, _, operator = name.partition(".")
    try:
        getattr(getattr(bpy.ops, module), operator).get_rna_type()
    except (AttributeError, KeyError) as error:
        raise UnknownOperator("unknown operator", module, operator) from error
    return bpy.context.window_manager.operator_properties_last(name)
