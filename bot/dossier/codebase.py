"""The add-on's files as a model is shown them: symbols, spans, imports, who calls whom. Pure, read once."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from indexer.chunking.python import enclosing, symbols
from indexer.models import Symbol


@dataclass(frozen=True)
class Codebase:
    """Decoded texts by repository path. Lines count from 1."""

    texts: Mapping[str, str]

    @cached_property
    def symbols(self) -> Mapping[str, tuple[Symbol, ...]]:
        """The functions, methods and classes of each file, in order."""
        return {path: symbols(path, text.encode("utf-8", "replace")) for path, text in sorted(self.texts.items())}

    @cached_property
    def by_last_name(self) -> Mapping[str, tuple[Symbol, ...]]:
        """Every definition by the last part of its name."""
        found: dict[str, list[Symbol]] = {}
        for each in self.symbols.values():
            for symbol in each:
                found.setdefault(symbol.name.rpartition(".")[2], []).append(symbol)
        return {name: tuple(group) for name, group in found.items()}

    @cached_property
    def trees(self) -> Mapping[str, ast.Module]:
        """The syntax tree of every file that parses."""
        found: dict[str, ast.Module] = {}
        for path, text in self.texts.items():
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    found[path] = ast.parse(text)
            except (SyntaxError, ValueError, RecursionError, MemoryError):
                continue
        return found

    def lines(self, path: str) -> list[str]:
        """The lines of a file, without their ends."""
        return self.texts[path].replace("\r\n", "\n").replace("\r", "\n").split("\n") if path in self.texts else []

    def span(self, path: str, start: int, end: int) -> str:
        """Lines `start` to `end`, both included."""
        return "\n".join(self.lines(path)[max(start, 1) - 1 : end])

    def around(self, path: str, line: int) -> Symbol | None:
        """The innermost function or class that holds a line."""
        return enclosing(self.symbols.get(path, ()), line)

    def function_around(self, path: str, line: int) -> Symbol | None:
        """The outermost function or method that holds a line: what is shown and edited as one."""
        holding = [one for one in self.symbols.get(path, ()) if one.encloses(line) and one.kind != "class"]
        return min(holding, key=lambda one: one.start, default=None)

    def owner(self, symbol: Symbol) -> Symbol | None:
        """The class a method stands in."""
        name = symbol.name.rpartition(".")[0]
        return next((one for one in self.symbols[symbol.path] if one.name == name and one.kind == "class"), None)

    def imports(self, path: str) -> str:
        """The import statements at the top level of a file, as they stand."""
        tree = self.trees.get(path)
        wanted = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)] if tree else []
        return "\n".join(self.span(path, node.lineno, node.end_lineno or node.lineno) for node in wanted)

    def names_in(self, symbol: Symbol) -> tuple[str, ...]:
        """The last parts of the names a definition calls or reads, each once, in order; those called first."""
        called: dict[str, None] = {}
        read: dict[str, None] = {}
        for node in self._nodes(symbol):
            if isinstance(node, ast.Call) and (name := _last(node.func)):
                called.setdefault(name)
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                read.setdefault(node.id)
            elif isinstance(node, ast.Attribute):
                read.setdefault(node.attr)
        return tuple({**called, **read})

    def attributes_in(self, symbol: Symbol) -> tuple[str, ...]:
        """The attributes and keywords a definition uses, each once."""
        found: dict[str, None] = {}
        for node in self._nodes(symbol):
            if isinstance(node, ast.Attribute):
                found.setdefault(node.attr)
            elif isinstance(node, ast.keyword) and node.arg:
                found.setdefault(node.arg)
        return tuple(found)

    def callers(self, name: str) -> Iterator[tuple[str, int]]:
        """Path and line of each call of a function of this last name."""
        for path, tree in sorted(self.trees.items()):
            for node in ast.walk(tree):
                if isinstance(node, ast.Call) and _last(node.func) == name:
                    yield path, node.lineno

    def _nodes(self, symbol: Symbol) -> Iterator[ast.AST]:
        tree = self.trees.get(symbol.path)
        for node in ast.walk(tree) if tree is not None else ():
            if isinstance(node, ast.expr | ast.keyword) and symbol.start <= node.lineno <= symbol.end:
                yield node


def _last(node: ast.expr) -> str:
    if isinstance(node, ast.Name):
        return node.id
    return node.attr if isinstance(node, ast.Attribute) else ""
