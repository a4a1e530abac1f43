"""The symbols of a Python file, read with tree-sitter: a file with a syntax error still has most of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

import tree_sitter_python
from tree_sitter import Language, Node, Parser

from indexer.models import Symbol, SymbolKind

MAX_BYTES = 4 * 1024**2
"""Larger files are data, not code, and have no symbols here."""

_DEFINITIONS = frozenset({"class_definition", "function_definition", "decorated_definition"})


def symbols(path: str, data: bytes) -> tuple[Symbol, ...]:
    """Every class, function and method of a file, in the order of their first lines.

    `path` is relative to the repository root, with forward slashes; the qualified names begin with it.
    """
    if len(data) > MAX_BYTES:
        return ()
    tree = Parser(Language(tree_sitter_python.language())).parse(data)
    return tuple(sorted(_walk(tree.root_node, path, module_of(path)), key=lambda symbol: symbol.start))


def enclosing(found: tuple[Symbol, ...], line: int) -> Symbol | None:
    """The innermost symbol that holds a line."""
    around = [symbol for symbol in found if symbol.encloses(line)]
    return min(around, key=lambda symbol: symbol.end - symbol.start, default=None)


def module_of(path: str) -> str:
    """The dotted name of a file: `addon/ui/__init__.py` is `addon.ui`."""
    parts = list(PurePosixPath(path).with_suffix("").parts)
    if parts[-1:] == ["__init__"]:
        parts.pop()
    return ".".join(parts)


def _walk(root: Node, path: str, module: str) -> Iterator[Symbol]:
    # A list instead of recursion: how deep a stranger's file is nested is the stranger's choice.
    waiting: list[tuple[Node, tuple[str, ...], bool]] = [(root, (), False)]
    while waiting:
        node, parents, in_class = waiting.pop()
        inner = node
        if node.type == "decorated_definition":
            inner = node.child_by_field_name("definition") or node
        name = inner.child_by_field_name("name") if inner.type in _DEFINITIONS else None
        if name is None:
            waiting += [(child, parents, in_class) for child in node.named_children]
            continue
        parents = (*parents, (name.text or b"").decode("utf-8", "replace"))
        is_class = inner.type == "class_definition"
        kind: SymbolKind = "class" if is_class else "method" if in_class else "function"
        qualified = ".".join(filter(None, (module, *parents)))
        yield Symbol(path, ".".join(parents), qualified, kind, node.start_point.row + 1, _last_line(node))
        if (body := inner.child_by_field_name("body")) is not None:
            waiting += [(child, parents, is_class) for child in body.named_children]


def _last_line(node: Node) -> int:
    # A node that ends at column 0 ends with the line before.
    row, column = node.end_point
    return max(row if column == 0 else row + 1, node.start_point.row + 1)
