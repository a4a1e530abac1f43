"""The add-on's files as a model is shown them: symbols, spans, imports, who calls whom. Pure, read once."""

from __future__ import annotations

import ast
import io
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property

from indexer.chunking.python import enclosing, symbols
from indexer.models import Symbol

ENTRIES = frozenset({"execute", "invoke", "modal", "draw", "poll", "update", "check", "draw_item", "draw_header"})
"""Methods of registered classes that Blender calls."""


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

    def imports(self, path: str) -> tuple[tuple[int, int], ...]:
        """First and last line of each import statement at the top level of a file."""
        tree = self.trees.get(path)
        wanted = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)] if tree else []
        return tuple((node.lineno, node.end_lineno or node.lineno) for node in wanted)

    def imported(self, path: str) -> tuple[str, ...]:
        """The names a file takes, at its top level, from other files of the add-on."""
        tree = self.trees.get(path)
        found: dict[str, None] = {}
        for node in tree.body if tree else ():
            if isinstance(node, ast.ImportFrom) and node.level:
                found.update((alias.name, None) for alias in node.names if alias.name in self.by_last_name)
        return tuple(found)

    def names_in(self, symbol: Symbol, near: int) -> tuple[str, ...]:
        """The last parts of the names a definition calls, and the plain names it reads, each once; those used
        nearest to the line `near` first."""
        found: dict[str, int] = {}
        common, local = common_methods(), self._local_names(symbol)
        for node in self._nodes(symbol):
            name = _last(node.func) if isinstance(node, ast.Call) else ""
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and name in common:
                continue  # `x.get()` is the dictionary's more often than a method of theirs
            if isinstance(node, ast.Attribute) and node.attr in self.pointers:
                name = self.pointers[node.attr]
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id not in local:
                name = node.id
            if name and isinstance(node, ast.expr):
                found[name] = min(found.get(name, len(self.lines(symbol.path))), abs(node.lineno - near))
        return tuple(sorted(found, key=lambda name: found[name]))

    def attributes_in(self, symbol: Symbol) -> tuple[str, ...]:
        """The attributes and keywords a definition uses, each once."""
        found: dict[str, None] = {}
        for node in self._nodes(symbol):
            if isinstance(node, ast.Attribute):
                found.setdefault(node.attr)
            elif isinstance(node, ast.keyword) and node.arg:
                found.setdefault(node.arg)
        return tuple(found)

    @cached_property
    def pointers(self) -> Mapping[str, str]:
        """The property group behind each property that holds one: `psa_export` is a `PSA_PG_export`."""
        found: dict[str, str] = {}
        for tree in self.trees.values():
            for node in ast.walk(tree):
                if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
                    names, call = [_last(target) for target in node.targets if isinstance(target, ast.expr)], node.value
                elif isinstance(node, ast.AnnAssign) and isinstance(node.annotation, ast.Call):
                    names, call = [_last(node.target)], node.annotation
                else:
                    continue
                if _last(call.func) in ("PointerProperty", "CollectionProperty"):
                    kinds = [_last(one.value) for one in call.keywords if one.arg == "type"]
                    found.update((name, kinds[0]) for name in names if name and kinds and kinds[0] in self.by_last_name)
        return found

    @cached_property
    def own_names(self) -> frozenset[str]:
        """Every name the add-on gives to something: what is called so need not be Blender's."""
        found: set[str] = set()
        for tree in self.trees.values():
            for node in ast.walk(tree):
                if isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Store):
                    found.add(node.id if isinstance(node, ast.Name) else node.attr)
                elif isinstance(node, ast.arg):
                    found.add(node.arg)
                elif isinstance(node, ast.FunctionDef | ast.ClassDef):
                    found.add(node.name)
                elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.isidentifier():
                    found.add(node.value)
        return frozenset(found)

    @cached_property
    def calls(self) -> Mapping[str, tuple[tuple[str, int], ...]]:
        """Path and line of each mention of a name that is called, or handed on to be called, by its last part."""
        found: dict[str, dict[tuple[str, int], None]] = {}
        for path, tree in sorted(self.trees.items()):
            for node in ast.walk(tree):
                if isinstance(node, ast.Call):
                    for one in (node.func, *node.args, *(keyword.value for keyword in node.keywords)):
                        if (name := _last(one)) and name in self.by_last_name:
                            found.setdefault(name, {}).setdefault((path, node.lineno))
        return {name: tuple(places) for name, places in found.items()}

    def way_in(self, symbol: Symbol, most: int = 4) -> tuple[tuple[Symbol, int], ...]:
        """How a user gets to a function: what calls it, and at which line, up to a method that Blender calls.

        The nearest way is taken; empty where Blender calls it itself, or nothing of the add-on does.
        """
        waiting: list[tuple[Symbol, tuple[tuple[Symbol, int], ...]]] = [(symbol, ())]
        seen = {symbol}
        longest: tuple[tuple[Symbol, int], ...] = ()
        while waiting:
            current, way = waiting.pop(0)
            if self.is_entry(current) or len(way) == most:
                return way
            longest = max(longest, way, key=len)
            for path, line in self.calls.get(current.name.rpartition(".")[2], ()):
                caller = self.function_around(path, line)
                if caller is not None and caller not in seen:
                    seen.add(caller)
                    waiting.append((caller, (*way, (caller, line))))
        return longest

    def is_entry(self, symbol: Symbol) -> bool:
        """Whether Blender calls it: a method such as `execute` of a class with a base, or `register`."""
        owner, _, name = symbol.name.rpartition(".")
        return (name in ENTRIES and bool(owner)) or symbol.name in ("register", "unregister")

    def _local_names(self, symbol: Symbol) -> frozenset[str]:
        return frozenset(
            node.id for node in self._nodes(symbol) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
        )

    def own_lines(self, owner: Symbol) -> tuple[int, ...]:
        """The lines of a class that are in none of its methods: its properties, what Blender knows it by."""
        methods = [one for one in self.symbols[owner.path] if owner.encloses(one.start) and one.kind == "method"]
        return tuple(
            line for line in range(owner.start, owner.end + 1) if not any(one.encloses(line) for one in methods)
        )

    def _nodes(self, symbol: Symbol) -> Iterator[ast.AST]:
        tree = self.trees.get(symbol.path)
        for node in ast.walk(tree) if tree is not None else ():
            if isinstance(node, ast.expr | ast.keyword) and symbol.start <= node.lineno <= symbol.end:
                yield node


@cache
def common_methods() -> frozenset[str]:
    """The methods of Python's own containers, texts and files."""
    kinds = (str, bytes, list, dict, set, tuple, float, int, io.IOBase, io.StringIO)
    return frozenset(name for kind in kinds for name in dir(kind))


def _last(node: ast.expr) -> str:
    if isinstance(node, ast.Name):
        return node.id
    return node.attr if isinstance(node, ast.Attribute) else ""
