"""A layout that only records, for panels and menus where nothing can be drawn."""

from __future__ import annotations

import inspect
from types import FunctionType
from typing import Any

import bpy

from bot.blender.harness.interface.buttons import check_property, operator_properties
from bot.blender.harness.interface.signatures import bind, misfit_of

DATA_PAIRS = (
    ("data", "property"),
    ("search_data", "search_property"),
    ("dataptr", "propname"),
    ("active_dataptr", "active_propname"),
    ("active_data", "active_property"),
)
"""Parameters of layout functions: some data, and the name of a property of it."""


class RecordingLayout:
    """Stands in for a `UILayout` where nothing can be drawn, and checks calls as Blender does.

    Everything is looked up in this very release: functions, their parameters, enum items, settings.
    """

    __slots__ = ("_values",)
    _values: dict[str, Any]

    def __init__(self) -> None:
        object.__setattr__(self, "_values", {})

    def __getattr__(self, name: str) -> Any:
        rna = bpy.types.UILayout.bl_rna
        function = rna.functions.get(name)
        if function is not None:
            return lambda *arguments, **keywords: self._call(function, arguments, keywords)
        if name in self._values:
            return self._values[name]
        known = rna.properties.get(name)
        if known is not None:
            return _default_of(known)
        if name == "introspect":
            return list
        if hasattr(bpy.types.UILayout, name):
            return getattr(bpy.types.UILayout, name)
        raise AttributeError(f"'UILayout' object has no attribute {name!r}")

    def __setattr__(self, name: str, value: Any) -> None:
        known = bpy.types.UILayout.bl_rna.properties.get(name)
        if known is None:
            raise AttributeError(f"'UILayout' object has no attribute {name!r}")
        if known.is_readonly:
            raise AttributeError(f'bpy_struct: attribute "{name}" from "UILayout" is read-only')
        problem = misfit_of(known, value)
        if problem:
            raise TypeError(f"bpy_struct: item.attr = val: {problem.replace('Function.', 'UILayout.')}")
        self._values[name] = value

    def _call(self, function: Any, arguments: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
        given = bind(f"UILayout.{function.identifier}", function, arguments, keywords)
        for data_name, property_name in DATA_PAIRS:
            if given.get(data_name) is not None and isinstance(given.get(property_name), str):
                check_property(given[data_name], given[property_name])
        outputs = [parameter for parameter in function.parameters if parameter.is_output]
        if function.identifier in {"operator", "operator_menu_hold", "operator_enum", "operator_menu_enum"}:
            properties = operator_properties(given.get("operator", ""))
            return properties if outputs else None
        results = tuple(self._result(parameter) for parameter in outputs)
        return results[0] if len(results) == 1 else results or None

    def _result(self, parameter: Any) -> Any:
        if parameter.type == "POINTER":
            return RecordingLayout() if parameter.fixed_type.identifier == "UILayout" else None
        return _default_of(parameter)


def _default_of(prop: Any) -> Any:
    if prop.type in {"POINTER", "COLLECTION"}:
        return None
    if getattr(prop, "is_array", False):
        return tuple(prop.default_array)
    return prop.default


def stand_in(cls: Any, layout: RecordingLayout, instance: Any = None) -> Any:
    """A `self` for a draw function: Blender makes such instances only while it draws.

    Attributes come from the real instance where there is one, else from the class; functions are
    bound to the stand-in, and `super()` accepts it.
    """

    class StandIn:
        _instance = instance

        __class__ = property(lambda self: cls)

        def __getattr__(self, name: str) -> Any:
            if name == "layout":
                return layout
            attribute = inspect.getattr_static(cls, name, None)
            if isinstance(attribute, FunctionType):
                return attribute.__get__(self)
            if isinstance(attribute, property) and attribute.fget is not None:
                return attribute.fget(self)
            if instance is not None:
                try:
                    return getattr(instance, name)
                except AttributeError:
                    if attribute is None:
                        raise
            known = cls.bl_rna.properties.get(name) if hasattr(cls, "bl_rna") else None
            if attribute is None and known is not None:
                return _default_of(known)
            return getattr(cls, name)

    return StandIn()
