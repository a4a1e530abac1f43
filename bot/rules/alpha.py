"""Colours of three numbers where four are wanted."""

from __future__ import annotations

from typing import Final

import libcst as cst

from bot.models.patch import Edit
from bot.rules.bindings import comes_from
from bot.rules.inference import types_of
from bot.rules.source import Source

COLOR: Final = "mathutils.Color"
FOUR_WANTED: Final = "should contain 4 items, not 3"
"""What Blender says of three numbers where it wants four."""


def assigned(source: Source, node: cst.Attribute) -> cst.BaseExpression | None:
    """What is assigned to an attribute, alone; null: nothing is, or it is not alone."""
    target = source.parent(node)
    statement = source.parent(target) if isinstance(target, cst.AssignTarget) else None
    return statement.value if isinstance(statement, cst.Assign) and len(statement.targets) == 1 else None


def lengthened(source: Source, node: cst.Attribute, *, seen: bool) -> Edit | None:
    """Gives an alpha to the three numbers that are assigned to an attribute; null where they may not be three.

    `seen` says that Blender complained of three at that place.
    """
    value = assigned(source, node)
    if value is None:
        return None
    if isinstance(value, cst.Tuple | cst.List):
        return _longer(source, value)
    if seen or comes_from(source, value, lambda one: _is_three(source, one)):
        whole = source.code(value)
        return source.replace(value, f"(*{whole}, 1.0)" if _binds(value) else f"(*({whole}), 1.0)")
    return None


def _longer(source: Source, value: cst.Tuple | cst.List) -> Edit | None:
    if len(value.elements) != 3 or any(isinstance(one, cst.StarredElement) for one in value.elements):
        return None
    end = source.end(value.elements[-1].value)
    return Edit(start=end, end=end, text=", 1.0")


def _binds(value: cst.BaseExpression) -> bool:
    """Whether a star may stand before it without parentheses."""
    return bool(value.lpar) or isinstance(
        value, cst.Name | cst.Attribute | cst.Call | cst.Subscript | cst.ListComp | cst.Tuple | cst.List
    )


def _is_three(source: Source, value: cst.BaseExpression) -> bool:
    """Whether a value certainly has three numbers."""
    if isinstance(value, cst.Tuple | cst.List):
        return len(value.elements) == 3 and not any(isinstance(one, cst.StarredElement) for one in value.elements)
    if isinstance(value, cst.Subscript):
        return "".join(source.code(one) for one in value.slice).replace(" ", "") in (":3", "0:3")
    if isinstance(value, cst.ListComp):
        return source.code(value.for_in.iter) == "range(3)" and not value.for_in.ifs
    return types_of(source).of(value) == COLOR
