"""Where a node or a node tree comes from: what is certain of it beyond the types of `inference`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import libcst as cst

from bot.rules.api_types import NODE_TREES
from bot.rules.bindings import comes_from
from bot.rules.guards import conditions
from bot.rules.inference import types_of
from bot.rules.places import dotted, text_of, walk
from bot.rules.source import Source

PRINCIPLED: Final = "ShaderNodeBsdfPrincipled"
_NAMED: Final = "Principled BSDF"
_TYPE: Final = "BSDF_PRINCIPLED"


def is_principled(source: Source, node: cst.BaseExpression) -> bool:
    """Whether an expression is certainly a Principled BSDF node.

    It is where it was made as one, looked up by the name Blender gives it, or tested to be one.
    """
    if _tested_principled(source, node):
        return True
    return comes_from(source, node, lambda value: _makes_principled(source, value))


def is_node_tree(source: Source, node: cst.BaseExpression) -> bool:
    """Whether an expression is certainly a node tree (a group or not; a node is none)."""
    return comes_from(source, node, lambda value: _is_tree(source, value))


def _is_tree(source: Source, node: cst.BaseExpression) -> bool:
    if types_of(source).of(node) in NODE_TREES:
        return True
    if isinstance(node, cst.Attribute):
        return node.attr.value in ("node_tree", "edit_tree") and not _is_self(node.value)
    held = node.value if isinstance(node, cst.Subscript) else None
    if isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute) and node.func.attr.value in ("new", "get"):
        held = node.func.value
    return held is not None and (dotted(held) or "").endswith("data.node_groups")


def _is_self(node: cst.BaseExpression) -> bool:
    return isinstance(node, cst.Name) and node.value in ("self", "cls")


def _makes_principled(source: Source, node: cst.BaseExpression) -> bool:
    if types_of(source).of(node) == f"bpy.types.{PRINCIPLED}":
        return True
    if isinstance(node, cst.Subscript):
        element = node.slice[0].slice if len(node.slice) == 1 else None
        return isinstance(element, cst.Index) and text_of(element.value) == _NAMED and _holds_nodes(node.value)
    if not isinstance(node, cst.Call) or not node.args:
        return False
    if isinstance(node.func, cst.Name) and node.func.value == "next":
        return _first_of(source, node.args[0].value)
    if not isinstance(node.func, cst.Attribute) or not _holds_nodes(node.func.value):
        return False
    said = text_of(node.args[0].value)
    return (node.func.attr.value, said) in (("new", PRINCIPLED), ("get", _NAMED))


def _holds_nodes(node: cst.BaseExpression) -> bool:
    last = (dotted(node) or "").split(".")[-1]
    return last == "nodes" or last.endswith("_nodes")


def _first_of(source: Source, node: cst.BaseExpression) -> bool:
    """`n for n in nodes if n.type == "BSDF_PRINCIPLED"`."""
    if not isinstance(node, cst.GeneratorExp | cst.ListComp):
        return False
    name = source.code(node.elt)
    return any(_says_principled(source, test.test, name) for test in node.for_in.ifs)


def _tested_principled(source: Source, node: cst.BaseExpression) -> bool:
    name = dotted(node)
    return name is not None and any(
        _says_principled(source, test, name, holds) for test, holds in conditions(source, node)
    )


def _says_principled(source: Source, test: cst.BaseExpression, name: str, holds: bool = True) -> bool:
    """Whether a test that comes out as `holds` makes `name` a Principled BSDF."""
    if isinstance(test, cst.BooleanOperation) and isinstance(test.operator, cst.And if holds else cst.Or):
        return any(_says_principled(source, side, name, holds) for side in (test.left, test.right))
    if isinstance(test, cst.UnaryOperation) and isinstance(test.operator, cst.Not):
        return _says_principled(source, test.expression, name, not holds)
    if holds and isinstance(test, cst.Call) and dotted(test.func) == "isinstance" and len(test.args) == 2:
        kind = (dotted(test.args[1].value) or "").split(".")[-1]
        return dotted(test.args[0].value) == name and kind == PRINCIPLED
    if not isinstance(test, cst.Comparison) or len(test.comparisons) != 1:
        return False
    if not isinstance(test.comparisons[0].operator, cst.Equal if holds else cst.NotEqual):
        return False
    said = text_of(test.comparisons[0].comparator)
    return (dotted(test.left), said) in (
        (f"{name}.type", _TYPE),
        (f"{name}.bl_idname", PRINCIPLED),
        (f"{name}.name", _NAMED),
    )


def names_literal(source: Source, node: cst.CSTNode, texts: frozenset[str]) -> bool:
    """Whether a test on the way to a node asks about one of these texts: somebody handles both cases."""
    return any(_texts(test) & texts for test, _ in conditions(source, node))


def _texts(node: cst.CSTNode) -> set[str]:
    return {text for inner in _strings(node) if (text := text_of(inner)) is not None}


def _strings(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    return (inner for inner in walk(node) if isinstance(inner, cst.SimpleString))
