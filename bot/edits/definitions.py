"""The definitions of a file: functions, methods and classes, and the lines each takes."""

from __future__ import annotations

import ast
from dataclasses import dataclass

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


@dataclass(frozen=True)
class Span:
    """A definition and the lines it takes (from 0, end excluded), its decorators included."""

    name: str
    node: Definition
    start: int
    end: int


def definitions(module: ast.Module) -> list[Span]:
    """Every definition of a file in their order, those under `if` and `try` too."""
    found: list[Span] = []
    left: list[tuple[ast.AST, str]] = [(module, "")]  # no recursion: how deep code is nested is a stranger's choice
    while left:
        node, inside = left.pop()
        for child in ast.iter_child_nodes(node):
            if isinstance(child, Definition):
                name = f"{inside}{child.name}"
                first = min([child.lineno, *(decorator.lineno for decorator in child.decorator_list)])
                found.append(Span(name, child, first - 1, child.end_lineno or child.lineno))
                left.append((child, name + "."))
            elif isinstance(child, ast.stmt | ast.excepthandler | ast.match_case):
                left.append((child, inside))
    return sorted(found, key=lambda span: span.start)
