"""A layout that only records, for panels and menus where nothing can be drawn."""

from __future__ import annotations

import inspect
from dataclasses import dataclass, field
from types import FunctionType
from typing import Any

import bpy

from bot.blender.harness.interface.buttons import button, known_operator, unwrapped
from bot.blender.harness.interface.checks import misfits_of
from bot.blender.harness.interface.misfits import LayoutError, complain
from bot.blender.harness.interface.signatures import bind, misfit_of


@dataclass
class Noted:
    """What was asked of a layout and of all those within."""

    problems: list[LayoutError] = field(default_factory=list)
    """What Blender would print; it was said as well."""
    lists: list[dict[str, Any]] = field(default_factory=list)
    """The arguments of every `template_list`."""


class RecordingLayout:
    """Stands in for a `UILayout` where nothing can be drawn, and checks calls as Blender does.

    Everything is looked up in this very release: functions, their parameters, enum items, settings.
    What Blender raises is raised; what it only prints goes to `sys.excepthook`, and drawing goes on.
    """

    __slots__ = ("_noted", "_values")
    _noted: Noted
    _values: dict[str, Any]

    def __init__(self, noted: Noted | None = None) -> None:
        object.__setattr__(self, "_values", {})
        object.__setattr__(self, "_noted", noted or Noted())

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
        name = function.identifier
        given = bind(f"UILayout.{name}", function, arguments, keywords)
        for problem in misfits_of(name, given):
            self._noted.problems.append(problem)
            complain(problem)
        if name == "template_list":
            self._noted.lists.append(given)
        if not function.use_self:
            return getattr(bpy.types.UILayout, name)(**{key: unwrapped(value) for key, value in given.items()})
        outputs = [parameter for parameter in function.parameters if parameter.is_output]
        results = tuple(self._result(parameter, given) for parameter in outputs)
        return results[0] if len(results) == 1 else results or None

    def _result(self, parameter: Any, given: dict[str, Any]) -> Any:
        if parameter.type != "POINTER":
            return _default_of(parameter)
        kind = parameter.fixed_type.identifier
        if kind == "UILayout":
            return RecordingLayout(self._noted)
        name = known_operator(given.get("operator", "")) if kind == "OperatorProperties" else None
        return button(name) if name else None


def _default_of(prop: Any) -> Any:
    if prop.type in {"POINTER", "COLLECTION"}:
        return None
    if getattr(prop, "is_array", False):
        return tuple(prop.default_array)
    return prop.default


def stand_in(cls: Any, layout: Any, instance: Any = None) -> Any:
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
