"""What probably took the place of a thing that is gone: a guess from names, descriptions and shapes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property

from rapidfuzz import fuzz, process

from indexer.blender_api.documentation import page
from indexer.blender_api.signature import Signature
from indexer.blender_api.table import ApiTable, Entry
from indexer.tokens import parts

LIKE_ENOUGH = 0.8
"""Below this a candidate is not named: a wrong replacement costs more than none."""

_KINDS = {"readonly": "property", "function": "callable", "method": "callable", "operator": "callable"}
_LEAST_MEMBERS = 3
_MEMBERS_TELL = 0.15
"""A class that shares most of its own members with another needs no like name."""
_COMMON = 12
_NEAREST = 15
_TELLING_TEXT = 25
_NEAR_ENOUGH = 0.6
_TELLING_NAME = 6
"""Shorter names (`type`, `name`, `size`) appear everywhere and say nothing about where they came from."""


class Replacements:
    """Finds the replacement of a symbol of the old table among what is new in the new one."""

    def __init__(self, old: ApiTable, new: ApiTable) -> None:
        self._old = old
        self._new = new
        self._known_new_on: dict[str, tuple[str, ...]] = {}

    def renamed(self, entry: Entry) -> str:
        """A like thing that is new on the same owner (its bases included); empty if none is like enough."""
        owner = entry.symbol.rpartition(".")[0]
        if entry.kind == "class":
            return self._renamed_class(entry, owner)
        return self._best(entry, self._new_on(owner))

    def _new_on(self, owner: str) -> tuple[str, ...]:
        """What an owner has now, inherited or not, and had not before."""
        if owner not in self._known_new_on:
            owners = self._new.ancestors(owner) if owner in self._new.entries else ()
            self._known_new_on[owner] = tuple(
                symbol
                for ancestor in owners
                for symbol in self._added.get(ancestor, ())
                if not self._old.has_member(owner, symbol.rpartition(".")[2])
            )
        return self._known_new_on[owner]

    def moved(self, entry: Entry) -> str:
        """A thing of the same name that is new on another owner; empty if none is like enough."""
        owner, _, name = entry.symbol.rpartition(".")
        kin = ".".join(owner.split(".")[:2])
        scored = [
            (_alike(entry, self._old, self._new.entries[symbol], self._new, named=False), _near(symbol, owner), symbol)
            for symbol in self._new.by_last_name.get(name, ())
            if symbol not in self._old.entries and page(symbol) is not None and symbol.startswith(f"{kin}.")
        ]
        best = max(scored, default=(0.0, 0.0, ""))
        # Many things are called `strength`: then the owners have to be alike, or the description long.
        told = len(name) >= _TELLING_NAME and max(len(entry.text), len(name)) >= _TELLING_TEXT
        return best[2] if best[0] >= LIKE_ENOUGH and (told or best[1] >= _NEAR_ENOUGH) else ""

    def _best(self, entry: Entry, candidates: Iterable[str]) -> str:
        scored = [
            (_alike(entry, self._old, self._new.entries[symbol], self._new, named=True), symbol)
            for symbol in candidates
        ]
        best = max(scored, default=(0.0, ""))
        return best[1] if best[0] >= LIKE_ENOUGH else ""

    def _renamed_class(self, entry: Entry, module: str) -> str:
        mine = self._telling_old(entry.symbol)
        name = entry.symbol.rpartition(".")[2]
        near = self._by_members(mine) | self._by_name(name)
        scored: list[tuple[float, float, str]] = []
        for symbol in sorted(near):
            if symbol.rpartition(".")[0] != module:
                continue
            other = self._new.entries[symbol]
            theirs = self._telling_members[symbol]
            other_name = symbol.rpartition(".")[2]
            if min(len(mine), len(theirs)) >= _LEAST_MEMBERS:
                shared = len(mine & theirs) / len(mine | theirs)
                score = 0.8 * shared + 0.2 * fuzz.ratio(name, other_name) / 100 + _MEMBERS_TELL
            else:
                score = _unlike_parts_alike(name, other_name)
                if entry.text and other.text:
                    score = (score + fuzz.ratio(entry.text, other.text) / 100) / 2
            scored.append((score, fuzz.ratio(name, other_name), symbol))
        best = max(scored, default=(0.0, 0.0, ""))
        return best[2] if best[0] >= LIKE_ENOUGH else ""

    def _by_members(self, telling: frozenset[str]) -> set[str]:
        return {symbol for name in telling for symbol in self._classes_with.get(name, ())}

    def _by_name(self, name: str) -> set[str]:
        found = process.extract(name, self._class_names, scorer=fuzz.ratio, limit=_NEAREST)
        return {symbol for _, _, symbol in found}

    def _telling_old(self, symbol: str) -> frozenset[str]:
        return self._telling(self._members_old.get(symbol, frozenset()))

    def _telling(self, names: Iterable[str]) -> frozenset[str]:
        """Names that few others have: `bl_idname` or `draw` tell nothing."""
        return frozenset(name for name in names if len(self._old.by_last_name.get(name, ())) <= _COMMON)

    @cached_property
    def _class_names(self) -> Mapping[str, str]:
        """Classes that are new, and the name behind the last dot."""
        return {symbol: symbol.rpartition(".")[2] for symbol in self._telling_members}

    @cached_property
    def _telling_members(self) -> Mapping[str, frozenset[str]]:
        return {
            symbol: self._telling(self._members_new.get(symbol, frozenset()))
            for symbols in self._added.values()
            for symbol in symbols
            if self._new.entries[symbol].kind == "class"
        }

    @cached_property
    def _classes_with(self) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, list[str]] = {}
        for symbol, names in self._telling_members.items():
            for name in names:
                found.setdefault(name, []).append(symbol)
        return {name: tuple(symbols) for name, symbols in found.items()}

    @cached_property
    def _added(self) -> Mapping[str, tuple[str, ...]]:
        """What is new, by its owner."""
        found: dict[str, list[str]] = {}
        for symbol in self._new.entries:
            if symbol not in self._old.entries:
                found.setdefault(symbol.rpartition(".")[0], []).append(symbol)
        return {owner: tuple(symbols) for owner, symbols in found.items()}

    @cached_property
    def _members_old(self) -> Mapping[str, frozenset[str]]:
        return members(self._old)

    @cached_property
    def _members_new(self) -> Mapping[str, frozenset[str]]:
        return members(self._new)


def members(table: ApiTable) -> Mapping[str, frozenset[str]]:
    """The names each class and module defines itself."""
    found: dict[str, set[str]] = {}
    for symbol in table.entries:
        owner, _, name = symbol.rpartition(".")
        found.setdefault(owner, set()).add(name)
    return {owner: frozenset(names) for owner, names in found.items()}


def _alike(entry: Entry, old: ApiTable, other: Entry, new: ApiTable, *, named: bool) -> float:
    """0 to 1. `named`: the names differ and count too; else they are the same."""
    if _KINDS.get(entry.kind, entry.kind) != _KINDS.get(other.kind, other.kind):
        return 0.0
    shapes = _shapes_alike(entry, old, other, new)
    if shapes == 0.0:
        return 0.0
    names = fuzz.ratio(entry.symbol.rpartition(".")[2], other.symbol.rpartition(".")[2]) / 100 if named else 1.0
    told = bool(entry.text and other.text)
    texts = fuzz.ratio(entry.text.lower(), other.text.lower()) / 100 if told else names * 0.8
    return (0.55 * names + 0.45 * texts) * (0.8 + 0.2 * shapes)


def _shapes_alike(entry: Entry, old: ApiTable, other: Entry, new: ApiTable) -> float:
    mine, theirs = entry.enums or {}, other.enums or {}
    if ("" in mine) != ("" in theirs):
        return 0.0
    if "" in mine:
        first, second = set(old.items[mine[""]]), set(new.items[theirs[""]])
        return len(first & second) / len(first | second)
    if entry.signatures and other.signatures:
        first, second = _names(entry), _names(other)
        return len(first & second) / len(first | second) if first | second else 1.0
    return 1.0


def _names(entry: Entry) -> set[str]:
    parsed = map(Signature.parse, entry.signatures)
    return {name for one in parsed for name in (*one.positional_only, *one.either, *one.keyword_only)}


def _near(symbol: str, owner: str) -> float:
    mine, theirs = owner.removeprefix("bpy.types."), symbol.rpartition(".")[0].removeprefix("bpy.types.")
    return fuzz.ratio(mine, theirs) / 100


def _unlike_parts_alike(first: str, second: str) -> float:
    """How alike two names are without the words they begin and end with in common."""
    mine, theirs = parts(first), parts(second)
    while mine and theirs and mine[0] == theirs[0]:
        del mine[0], theirs[0]
    while mine and theirs and mine[-1] == theirs[-1]:
        del mine[-1], theirs[-1]
    if not mine or not theirs:
        return 0.85
    return fuzz.ratio("".join(mine), "".join(theirs)) / 100
