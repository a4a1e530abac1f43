"""What the code of an operator speaks of: names, and texts as short as names."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeGuard

from bot.blender.harness.code.addon import Addon
from bot.blender.harness.code.classes import file_of, operator_name
from bot.blender.harness.code.sources import Site, SourceMap

STEPS = 4
"""How many calls deep the code that an operator gets to is looked at."""
_LONGEST = 40
_SHARED = 12
"""A name that more functions have than this tells nothing of what is called by it."""


@dataclass(frozen=True)
class Mentioned:
    """The words of an operator's own methods, and with them those of the functions it gets to."""

    own: frozenset[str]
    all: frozenset[str]


class Mentions:
    """Reads the add-on's functions, each when it is first asked for."""

    def __init__(self, addon: Addon, sources: SourceMap) -> None:
        self._addon = addon
        self._sources = sources
        self._words: dict[Site, frozenset[str]] = {}
        self._nodes: dict[str, dict[tuple[int, str], ast.AST]] = {}
        self._named: dict[str, list[Site]] = {}
        self._reached: dict[type, tuple[frozenset[Site], frozenset[Site]]] = {}

    def of(self, cls: type) -> Mentioned:
        """What an operator speaks of; its own name among it (`uv.` of `uv.my_operator`)."""
        own, reached = self.sites(cls)
        words = frozenset({operator_name(cls).partition(".")[0] + "."}).union(*map(self.words, own))
        return Mentioned(words, words.union(*map(self.words, reached)))

    def of_function(self, site: Site) -> Mentioned:
        """What a function speaks of, and those it calls."""
        own = self.words(site)
        return Mentioned(own, own.union(*map(self.words, self._called(site))))

    def sites(self, cls: type) -> tuple[frozenset[Site], frozenset[Site]]:
        """The methods of an operator that are not about its looks, and the functions they get to, going by names."""
        if cls not in self._reached:
            holders = {(holder.__name__, file_of(self._addon, holder)) for holder in cls.__mro__}
            holders = {one for one in holders if one[1]}
            own = frozenset(
                site
                for _, path in sorted(holders)
                for site in self._sources.sites(path)
                if (site.owner, path) in holders and site.name not in {"draw", "modal"}
            )
            reached, edge = set(own), set(own)
            for _ in range(STEPS):
                edge = {other for site in edge for other in self._called(site)} - reached
                reached |= edge
            self._reached[cls] = own, frozenset(reached)
        return self._reached[cls]

    def words(self, site: Site) -> frozenset[str]:
        """What one function speaks of."""
        if site not in self._words:
            node = self._functions(site.path).get((site.end, site.name))
            self._words[site] = frozenset(_words(node)) if node is not None else site.names
        return self._words[site]

    @cached_property
    def files(self) -> tuple[str, ...]:
        """The add-on's files."""
        return tuple(self._addon.files())

    def around(self, lines: Mapping[str, set[int]]) -> frozenset[str]:
        """What the functions speak of that hold any of these lines."""
        holding = (site for path, those in lines.items() for line in those if (site := self._sources.at(path, line)))
        return frozenset().union(*map(self.words, holding))

    def calls_itself(self, cls: type) -> bool:
        """Whether a function that an operator gets to calls itself."""
        return any(self.is_recursive(site) for site in self.sites(cls)[1])

    def is_recursive(self, site: Site) -> bool:
        """Whether a function calls itself."""
        node = self._functions(site.path).get((site.end, site.name))
        return node is not None and any(
            isinstance(inner, ast.Call)
            and (getattr(inner.func, "id", "") or getattr(inner.func, "attr", "")) == site.name
            and not isinstance(getattr(inner.func, "value", None), ast.Call)  # super().draw()
            for inner in ast.walk(node)
        )

    def _called(self, site: Site) -> Iterator[Site]:
        if not self._named:
            for one in self._sources.all_sites():
                self._named.setdefault(one.name, []).append(one)
        for name in site.names:
            others = self._named.get(name, [])
            if len(others) <= _SHARED:
                yield from others

    def _functions(self, path: str) -> dict[tuple[int, str], ast.AST]:
        if path not in self._nodes:
            tree = self._sources.tree(path) or ast.Module([], [])
            self._nodes[path] = {
                (node.end_lineno or node.lineno, node.name): node
                for node in ast.walk(tree)
                if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
            }
        return self._nodes[path]


def _words(function: ast.AST) -> Iterator[str]:
    said = {id(node.value) for node in ast.walk(function) if isinstance(node, ast.Expr)}  # docstrings tell of anything
    for node in ast.walk(function):
        if isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.keyword) and node.arg:
            yield node.arg
        elif isinstance(node, ast.Constant) and id(node) not in said and _is_name(node.value):
            yield node.value


def _is_name(value: object) -> TypeGuard[str]:
    return isinstance(value, str) and len(value) <= _LONGEST
