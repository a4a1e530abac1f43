"""Gizmos for the groups that set them up: Blender makes real ones only where there is a window."""

from __future__ import annotations

from collections.abc import Iterator
from types import FunctionType
from typing import Any

import bpy

from bot.blender.harness.interface.buttons import OperatorProperties, known_operator, show_property
from bot.blender.harness.interface.known import made_by_blender
from bot.blender.harness.interface.layout import stand_in
from bot.blender.harness.interface.misfits import complain
from bot.blender.harness.interface.signatures import bind, misfit_of


class FakedGizmo:
    """Stands in for a `Gizmo`: what it shares with all others is checked, what its own kind adds is taken."""

    __slots__ = ("_kind", "_values")
    _kind: Any
    _values: dict[str, Any]

    def __init__(self, kind: Any) -> None:
        object.__setattr__(self, "_kind", kind)
        object.__setattr__(self, "_values", {})

    def __getattr__(self, name: str) -> Any:
        function = bpy.types.Gizmo.bl_rna.functions.get(name)
        if function is not None:
            return lambda *arguments, **keywords: self._call(function, arguments, keywords)
        if name == "target_set_handler":
            return self._read
        if name in self._values:
            return self._values[name]
        known = bpy.types.Gizmo.bl_rna.properties.get(name)
        if known is not None and known.type not in ("POINTER", "COLLECTION"):
            return tuple(known.default_array) if getattr(known, "is_array", False) else known.default
        return getattr(self._kind, name)

    def __setattr__(self, name: str, value: Any) -> None:
        known = bpy.types.Gizmo.bl_rna.properties.get(name)
        problem = misfit_of(known, value) if known is not None else ""
        if problem:
            raise TypeError(f"bpy_struct: item.attr = val: {problem.replace('Function.', 'Gizmo.')}")
        self._values[name] = value

    def _call(self, function: Any, arguments: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
        given = bind(f"Gizmo.{function.identifier}", function, arguments, keywords)
        if function.identifier == "target_set_prop":
            problem = show_property(given["data"], given["property"])
            if problem is not None:
                complain(problem)
        if function.identifier != "target_set_operator":
            return None
        name = known_operator(given["operator"])
        if name is None:
            raise RuntimeError(f"Error: Operator '{given['operator']}' not found!")
        return OperatorProperties(name, bpy.context.window_manager.operator_properties_last(name))

    @staticmethod
    def _read(_target: str, get: Any, set: Any = None, range: Any = None) -> None:
        """A gizmo reads its value before it is drawn."""
        get()
        if range is not None:
            range()


class FakedGizmos:
    """Stands in for the gizmos of a group."""

    def __init__(self) -> None:
        self._made: list[FakedGizmo] = []

    def new(self, name: str) -> FakedGizmo:
        """One of a kind.

        Raises:
            RuntimeError: there is no such kind.
        """
        kind = getattr(bpy.types, name, None)
        if kind is None and not made_by_blender(name):
            raise RuntimeError(f"Error: GizmoType '{name}' not known")
        self._made.append(FakedGizmo(kind))
        return self._made[-1]

    def remove(self, gizmo: FakedGizmo) -> None:
        """Take one away."""
        self._made.remove(gizmo)

    def clear(self) -> None:
        """Take all of them away."""
        self._made.clear()

    def __iter__(self) -> Iterator[FakedGizmo]:
        return iter(list(self._made))

    def __len__(self) -> int:
        return len(self._made)

    def __getitem__(self, index: int) -> FakedGizmo:
        return self._made[index]


def set_up_gizmos(cls: Any) -> bool:
    """Set a group up and make it ready to be drawn; false where its poll says no."""
    poll = getattr(cls, "poll", None)
    if callable(poll) and not poll(bpy.context):
        return False
    group = stand_in(cls, None)
    group.gizmos = FakedGizmos()
    for name in ("setup", "refresh", "draw_prepare"):
        if isinstance(getattr(cls, name, None), FunctionType):
            getattr(group, name)(bpy.context)
    return True
