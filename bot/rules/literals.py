"""String literals that are values of one member: what it is given, and what it is compared with."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from bot.models.patch import Edit
from bot.rules.places import text_of
from bot.rules.source import Source


def values_of(source: Source, member: cst.BaseExpression) -> Iterator[cst.SimpleString]:
    """The literals `member` is assigned or compared with, in the order of the text.

    `x.type = "A"`, `x.type = "A" if y else "B"`, `x.type == "A"`, `x.type in {"A", "B"}`.
    """
    parent = source.parent(member)
    if isinstance(parent, cst.AssignTarget):
        statement = source.parent(parent)
        if isinstance(statement, cst.Assign):
            yield from _strings(statement.value)
    elif isinstance(parent, cst.Comparison):
        for target in parent.comparisons:
            yield from _strings(target.comparator)
    elif isinstance(parent, cst.ComparisonTarget):
        whole = source.parent(parent)
        if isinstance(whole, cst.Comparison):
            yield from _strings(whole.left)


def _strings(node: cst.BaseExpression) -> Iterator[cst.SimpleString]:
    match node:
        case cst.SimpleString():
            yield node
        case cst.IfExp():
            yield from _strings(node.body)
            yield from _strings(node.orelse)
        case cst.Tuple() | cst.List() | cst.Set():
            for element in node.elements:
                yield from _strings(element.value)


def respelled(source: Source, literal: cst.SimpleString, text: str) -> Edit:
    """The edit that makes a literal say `text`, with the quotes it has."""
    return source.replace(literal, f"{literal.prefix}{literal.quote}{text}{literal.quote}")


def said(literal: cst.SimpleString) -> str:
    """What a literal says; empty for bytes."""
    return text_of(literal) or ""
