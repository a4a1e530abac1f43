"""What a name is bound to in its function, for questions `inference` has no type for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Final, cast

import libcst as cst

from bot.rules.building import every
from bot.rules.places import scope_of
from bot.rules.source import Source

_KEPT_AS: Final = "_bindings_by_name"
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
    return [
        value
        for node, value in _bindings(source).get(name.value, ())
        if scope is source.module or any(parent is scope for parent in source.ancestors(node))
    ]


def _bindings(source: Source) -> Mapping[str, Sequence[tuple[cst.Name, cst.BaseExpression | None]]]:
    """Every binding of every name of a file, looked up once for all rules."""
    kept: dict[str, object] = vars(source)
    if _KEPT_AS not in kept:
        found: dict[str, list[tuple[cst.Name, cst.BaseExpression | None]]] = defaultdict(list)
        for node in every(source, cst.Name):
            parent = source.parent(node)
            if isinstance(parent, cst.AssignTarget):
                statement = source.parent(parent)
                found[node.value].append((node, statement.value if isinstance(statement, cst.Assign) else None))
            elif isinstance(parent, cst.AnnAssign | cst.NamedExpr) and parent.target is node:
                found[node.value].append((node, parent.value))
            elif _binds_otherwise(source, parent, node):
                found[node.value].append((node, None))
        kept[_KEPT_AS] = dict(found)
    return cast("Mapping[str, Sequence[tuple[cst.Name, cst.BaseExpression | None]]]", kept[_KEPT_AS])


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
