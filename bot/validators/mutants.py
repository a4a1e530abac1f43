"""Code with one behaviour taken away: what a test that tests it must notice. Pure."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

MOST = 12
_OPERATOR = re.compile(r"bpy\.ops\.(\w+)\.(\w+)")


@dataclass(frozen=True)
class Mutant:
    """A file in which a definition does nothing. `symbol` is qualified in its file."""

    path: str
    symbol: str
    text: str


def mutants(test: str, texts: Mapping[str, str]) -> tuple[Mutant, ...]:
    """One for each function, method or operator of the add-on that the test names, at most `MOST`.

    Raises:
        SyntaxError: the test is no Python.
    """
    names = _names(ast.parse(test))
    operators = {f"{group}.{name}" for group, name in _OPERATOR.findall(test)}
    found: list[Mutant] = []
    for path, text in sorted(texts.items()):
        if not path.endswith(".py"):
            continue
        try:
            tree = ast.parse(text)
        except (SyntaxError, ValueError, RecursionError):
            continue
        for symbol, node in _definitions(tree, operators):
            if symbol.rpartition(".")[2] in names or symbol.endswith(".execute"):
                found.append(Mutant(path, symbol, _emptied(text, node, operator=symbol.endswith(".execute"))))
    return tuple(found[:MOST])


def _definitions(tree: ast.Module, operators: set[str]) -> Iterator[tuple[str, ast.FunctionDef]]:
    """Functions and methods by their names, `execute` only of operators that are called."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield node.name, node
        elif isinstance(node, ast.ClassDef):
            called = _idname(node) in operators
            for inner in node.body:
                if isinstance(inner, ast.FunctionDef) and (inner.name != "execute" or called):
                    yield f"{node.name}.{inner.name}", inner


def _idname(node: ast.ClassDef) -> str:
    for one in node.body:
        if not isinstance(one, ast.Assign) or not isinstance(one.value, ast.Constant):
            continue
        if any(isinstance(target, ast.Name) and target.id == "bl_idname" for target in one.targets):
            return str(one.value.value)
    return ""


def _names(tree: ast.Module) -> frozenset[str]:
    """What a test calls or imports, as far as names tell."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            found.add(node.attr)
        elif isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.alias):
            found.add(node.name.rpartition(".")[2])
    return frozenset(found - {"register", "unregister", "execute", "poll", "draw"})


def _emptied(text: str, node: ast.FunctionDef, *, operator: bool) -> str:
    """The text with the body of a function replaced."""
    lines = text.splitlines(keepends=True)
    first, last = node.body[0], node.body[-1]
    start, end = first.lineno, last.end_lineno or last.lineno
    indent = re.match(r"\s*", lines[start - 1])
    result = 'return {"FINISHED"}' if operator else "return None"
    if first.lineno == node.lineno:  # all of it on one line
        header = lines[node.lineno - 1][: first.col_offset]
        return "".join((*lines[: start - 1], f"{header}{result}\n", *lines[end:]))
    body = f"{indent[0] if indent else '    '}{result}\n"
    return "".join((*lines[: start - 1], body, *lines[end:]))
