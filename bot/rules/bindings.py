"""What a name is bound to in its function, for questions `inference` has no type for."""

from __future__ import annotations

from collections.abc import Callable

import libcst as cst

from bot.rules.places import scope_of, walk
from bot.rules.source import Source

Test = Callable[[cst.BaseExpression], bool]


def comes_from(source: Source, node: cst.BaseExpression, test: Test, depth: int = 0) -> bool:
    """Whether a test holds for an expression, or for all that is assigned to the name it is."""
    if test(node):
        return True
    if isinstance(node, cst.BooleanOperation) and isinstance(node.operator, cst.Or):
        return all(comes_from(source, side, test, depth) for side in (node.left, node.right))
    if isinstance(node, cst.IfExp):
        return all(comes_from(source, side, test, depth) for side in (node.body, node.orelse) if not _is_none(side))
    if not isinstance(node, cst.Name) or depth > 2:
        return False
    values = bound(source, node)
    some = [value for value in values if value is not None and not _is_none(value)]
    return None not in values and bool(some) and all(comes_from(source, value, test, depth + 1) for value in some)


def bound(source: Source, name: cst.Name) -> list[cst.BaseExpression | None]:
    """What the function around binds a name to; null for each binding that is no plain assignment."""
    scope = scope_of(source, name)
    found: list[cst.BaseExpression | None] = []
    for node in walk(scope):
        if not isinstance(node, cst.Name) or node.value != name.value:
            continue
        parent = source.parent(node)
        if isinstance(parent, cst.AssignTarget):
            statement = source.parent(parent)
            found.append(statement.value if isinstance(statement, cst.Assign) else None)
        elif isinstance(parent, cst.AnnAssign | cst.NamedExpr) and parent.target is node:
            found.append(parent.value)
        elif _binds_otherwise(source, parent, node):
            found.append(None)
    return found


def _binds_otherwise(source: Source, parent: cst.CSTNode | None, node: cst.CSTNode) -> bool:
    if isinstance(parent, cst.Param | cst.AsName | cst.NameItem | cst.AugAssign):
        return not (isinstance(parent, cst.Param) and parent.default is node)
    if isinstance(parent, cst.For | cst.CompFor):
        return parent.target is node
    if isinstance(parent, cst.Element):
        display = source.parent(parent)
        holder = source.parent(display) if display is not None else None
        return isinstance(holder, cst.AssignTarget) or (
            isinstance(holder, cst.For | cst.CompFor) and holder.target is display
        )
    return False


def _is_none(node: cst.BaseExpression) -> bool:
    return isinstance(node, cst.Name) and node.value == "None"
