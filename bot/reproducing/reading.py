"""A file of definitions, read: what it defines, word for word, and what that needs. Pure."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_Function = ast.FunctionDef | ast.AsyncFunctionDef
_Named = _Function | ast.ClassDef | ast.ExceptHandler

Import = tuple[str, str]
"""A module and what is imported of it: nothing, where it is the module itself."""


@dataclass(frozen=True)
class Piece:
    """A definition at the top of a file, with the names it needs."""

    names: tuple[str, ...]
    text: str
    needs: frozenset[str]


@dataclass(frozen=True)
class Part:
    """What a file defines, by name, and by name where what it does not define is imported from."""

    pieces: Mapping[str, Piece]
    imports: Mapping[str, Import]


@cache
def part_of(file: Path) -> Part:
    """A file, read."""
    text = file.read_text(encoding="utf-8")
    tree = ast.parse(text)
    rows = text.splitlines()
    pieces: dict[str, Piece] = {}
    imports: dict[str, Import] = {}
    for number, node in enumerate(tree.body):
        if isinstance(node, ast.Import | ast.ImportFrom):
            imports.update(_imported(node))
        elif names := _defined(node):
            after = tree.body[number + 1 : number + 2]
            last = after[0] if not hasattr(node, "body") and after and _is_text(after[0]) else node
            first = min([node.lineno, *(one.lineno for one in getattr(node, "decorator_list", ()))])
            body = "\n".join(rows[first - 1 : last.end_lineno])
            pieces.update(dict.fromkeys(names, Piece(names, body, names_in(node) - set(names))))
    return Part(pieces, imports)


def names_in(node: ast.AST) -> frozenset[str]:
    """The names a piece of code looks up outside of itself: what it assigns or is handed is its own."""
    own: set[str] = set()
    used: set[str] = set()
    for inner in ast.walk(node):
        if isinstance(inner, ast.Name):
            (used if isinstance(inner.ctx, ast.Load) else own).add(inner.id)
        elif isinstance(inner, ast.arg):
            own.add(inner.arg)
        elif isinstance(inner, _Named) and inner is not node and inner.name:
            own.add(inner.name)
    return frozenset(used - own)


def _imported(node: ast.Import | ast.ImportFrom) -> Iterator[tuple[str, Import]]:
    for alias in node.names:
        if isinstance(node, ast.Import):
            yield alias.name.partition(".")[0], (alias.name, "")
        elif node.module and node.module != "__future__":
            yield alias.name, (node.module, alias.name)


def _defined(node: ast.stmt) -> tuple[str, ...]:
    """The names a statement at the top of a file defines."""
    if isinstance(node, _Function | ast.ClassDef):
        return (node.name,)
    targets = [node.target] if isinstance(node, ast.AnnAssign) else node.targets if isinstance(node, ast.Assign) else []
    inner = (one for target in targets for one in (target.elts if isinstance(target, ast.Tuple) else (target,)))
    return tuple(one.id for one in inner if isinstance(one, ast.Name))


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
