"""Walking a syntax tree quickly: libcst's own `children` makes a visitor per node, which large files feel."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields
from functools import cache
from types import MappingProxyType
from typing import Final

import libcst as cst

_IN_TEXT: Final[Mapping[type, tuple[str, ...]]] = MappingProxyType(
    {
        cst.Arg: ("keyword", "value"),
        cst.ClassDef: ("decorators", "name", "type_parameters", "bases", "keywords", "body"),
        cst.ExceptHandler: ("type", "name", "body"),
        cst.ExceptStarHandler: ("type", "name", "body"),
        cst.FunctionDef: ("decorators", "name", "type_parameters", "params", "returns", "body"),
        cst.IfExp: ("body", "test", "orelse"),
        cst.Parameters: ("posonly_params", "params", "star_arg", "kwonly_params", "star_kwarg"),
    }
)
"""Node types whose fields do not stand in the order of the text."""

_SKIPPED: Final = (cst.BaseParenthesizableWhitespace, cst.TrailingWhitespace, cst.EmptyLine, cst.Comma, cst.Dot)
"""What no rule looks at: white space, comments and separators."""


@cache
def _names(kind: type[cst.CSTNode]) -> tuple[str, ...]:
    names = _IN_TEXT.get(kind) or tuple(field.name for field in fields(kind))
    return tuple(name for name in names if "whitespace" not in name and name not in ("lpar", "rpar", "leading_lines"))


def children(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """The nodes right below one, in the order of the text; without white space, comments and separators."""
    for name in _names(type(node)):
        value = getattr(node, name)
        if isinstance(value, cst.CSTNode):
            if not isinstance(value, _SKIPPED):
                yield value
        elif isinstance(value, tuple | list):
            for one in value:
                if isinstance(one, cst.CSTNode) and not isinstance(one, _SKIPPED):
                    yield one


def walk(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """A node and everything in it, in the order of the text; see `children`."""
    stack = [node]
    while stack:
        current = stack.pop()
        yield current
        stack.extend(reversed(tuple(children(current))))


def parents(root: cst.CSTNode) -> dict[cst.CSTNode, cst.CSTNode]:
    """By node, the one that holds it; see `children`."""
    return {child: node for node in walk(root) for child in children(node)}
