"""What changed in Blender's API between any two releases.

Everything is derived from the tables of the two; what is written down about a change (its
replacement, its source) is added where it fits. A table that cannot know makes no claim: a member
of a class whose bases are not known is neither removed nor added, a class that inherits what it had
of its own before has lost nothing, and whether a parameter could be given by position is believed of
releases from 4.3 on only, since older stubs are wrong about it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from typing import Any, Literal

from indexer.blender_api.described import ApiSymbol
from indexer.blender_api.documentation import documentation_url, page
from indexer.blender_api.known_changes import KnownChange, WhatChanged, known_changes
from indexer.blender_api.releases import order
from indexer.blender_api.replacements import Replacements, members
from indexer.blender_api.signature import Signature
from indexer.blender_api.table import ApiTable, Entry
from indexer.errors import UsageError

POSITIONS_KNOWN_SINCE = (4, 3)
"""The first release whose stubs are right about what must be given by name."""

_NAMED_BY_IDNAME = ("bpy.types.NODE_MT_",)
"""Menus whose class has another name than the one they are registered by: stubs know the class."""

_REGISTERED = re.compile(r"bpy\.types\.\w+_(?:AST|FH|HT|MT|PT|UL)_\w+", re.ASCII)
"""What Blender's own scripts register: present under the `bl_idname`, which is nearly always the class's name."""

_WRITTEN_IN_PYTHON = frozenset(
    """
    bl_static_type bones_recursive children children_recursive edge_creases edge_keys id_data key links
    loop_indices node_tree parent_recursive users_collection users_dupli_group users_id users_material
    users_object_modifier users_scene vertex_creases vertex_paint_mask
    """.split()  # noqa: SIM905  (a list of words reads better without its quotes)
)
"""Attributes of which some stubs say that they can be assigned, and no Blender ever did."""

_PYTHON_ENDINGS = tuple(f".{name}" for name in sorted(_WRITTEN_IN_PYTHON))
_ASSIGNED = {True: "read-only", False: "can be assigned"}
_NATURES = {"property": _ASSIGNED[False], "readonly": _ASSIGNED[True], "method": "method", "class": "class"}

MAX_ITEMS_SHOWN = 12
"""Of a list of enum items that came or went; all of them are in `parts`."""

Confidence = Literal["certain", "likely"]


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one symbol.

    `before` and `after` show the two sides: a symbol, a signature, enum items, or what a value is;
    empty where there was or is nothing. `parts` are the parameters or enum items that are gone.
    `replacement` is the symbol to use instead (`<function>.<parameter>` for a parameter). `since` is
    the first release without it, empty where only the two ends were compared. `citations` are pages:
    the old symbol's, the new one's, and the one where it was written down. `confidence` is about the
    row as a whole: of what is `renamed` or `moved` and `likely`, the replacement is the guess. Panels
    and menus of Blender's own scripts are never more than likely gone: they go by their `bl_idname`.
    """

    symbol: str
    what: WhatChanged
    before: str
    after: str
    replacement: str = ""
    since: str = ""
    citations: tuple[str, ...] = ()
    confidence: Confidence = "certain"
    parts: tuple[str, ...] = ()
    note: str = ""


def between(
    old: ApiTable,
    new: ApiTable,
    *,
    old_symbols: Mapping[str, ApiSymbol] | None = None,
    new_symbols: Mapping[str, ApiSymbol] | None = None,
) -> tuple[Change, ...]:
    """Every change of what the documentation describes, sorted by symbol.

    Members of a class that is gone or new as a whole are not listed one by one. `old_symbols` and
    `new_symbols`, where given, tell types apart and who may be given by position.

    Raises:
        UsageError: `old` is not the older one.
    """
    compared = Comparison(old, new, old_symbols or {}, new_symbols or {})
    return tuple(sorted(compared.all(), key=lambda change: (change.symbol, change.what)))


def about(
    name: str,
    old: ApiTable,
    new: ApiTable,
    *,
    old_symbols: Mapping[str, ApiSymbol] | None = None,
    new_symbols: Mapping[str, ApiSymbol] | None = None,
) -> tuple[Change, ...]:
    """What became of a name: of a symbol in full, of the end of one, of a member, parameter or enum item.

    For a class, module or operator group also what became of its members. Empty where nothing
    changed, or nothing is called so.

    Raises:
        UsageError: `old` is not the older one.
    """
    compared = Comparison(old, new, old_symbols or {}, new_symbols or {})
    return tuple(sorted(compared.about(name.strip().rstrip("()")), key=lambda change: (change.symbol, change.what)))


def dated(changes: Sequence[Change], chain: Iterable[ApiTable]) -> tuple[Change, ...]:
    """The same changes, each with the first release of the chain that has it.

    `chain` are tables of releases between the two ends, and the newer end, oldest first.
    """
    waiting = {index for index, change in enumerate(changes) if not change.since}
    found = list(changes)
    for table in chain:
        asked = _Asked(table)
        for index in sorted(waiting):
            if _holds(found[index], asked):
                found[index] = replace(found[index], since=table.release)
                waiting.discard(index)
        if not waiting:
            break
    return tuple(found)


def to_dict(change: Change) -> dict[str, Any]:
    """A change as JSON has it; empty fields included, so that every row has the same keys."""
    return {key: list(value) if isinstance(value, tuple) else value for key, value in asdict(change).items()}


def to_row(change: Change) -> tuple[str, str, str, str]:
    """A change as a table shows it: symbol, what, before and after, since."""
    shown = change.replacement or change.after
    if change.what in ("signature", "enum", "type"):
        shown = f"{change.before} → {change.after}" if change.before and change.after else change.before or change.after
    hedge = "?" if change.confidence == "likely" else ""
    return change.symbol, f"{change.what}{hedge}", shown, change.since


class Comparison:
    """Two tables side by side.

    Raises:
        UsageError: the first is not the older one.
    """

    def __init__(
        self,
        old: ApiTable,
        new: ApiTable,
        old_symbols: Mapping[str, ApiSymbol],
        new_symbols: Mapping[str, ApiSymbol],
    ) -> None:
        if order(old.release) >= order(new.release):
            raise UsageError(f"Blender {old.release} is not older than {new.release}.", "Name the older release first.")
        self._old = old
        self._new = new
        self._old_symbols = old_symbols
        self._new_symbols = new_symbols
        self._was = _Asked(old)
        self._is = _Asked(new)
        self._replacements = Replacements(old, new)

    def all(self) -> Iterator[Change]:
        """Every change of what the documentation describes."""
        for symbol, entry in self._old.entries.items():
            if _described(symbol, entry) and self._owner_lives(symbol, self._new):
                yield from self._of_old(symbol, entry)
        for symbol, entry in self._new.entries.items():
            if symbol not in self._old.entries and _described(symbol, entry) and self._owner_lives(symbol, self._old):
                yield from self._of_new(symbol, entry)
        yield from self._lost_bases()

    def about(self, name: str) -> Iterator[Change]:
        """Every change that a name can mean, members of what is gone included."""
        if not name:
            return
        seen: set[str] = set()
        for symbol in self._meant(name):
            if symbol not in seen:
                seen.add(symbol)
                yield from self._of(symbol)
        last = name.rpartition(".")[2]
        yield from self._of_parts(last, name.rpartition(".")[0], seen)

    def _meant(self, name: str) -> Iterator[str]:
        for asked in (self._was, self._is):
            table = asked.table
            if (full := table.resolve(name)) is not None:
                yield full
                if table.entries[full].kind in ("class", "module"):
                    yield from (f"{full}.{member}" for member in sorted(asked.members.get(full, ())))
                    continue
            ending = f".{name}"
            for symbol in table.by_last_name.get(name.rpartition(".")[2], ()):
                if symbol == name or symbol.endswith(ending):
                    yield symbol
                    if table.entries[symbol].kind in ("class", "module"):
                        yield from (f"{symbol}.{member}" for member in sorted(asked.members.get(symbol, ())))

    def _of(self, symbol: str) -> Iterator[Change]:
        if (entry := self._old.entries.get(symbol)) is not None:
            yield from self._of_old(symbol, entry)
        elif (entry := self._new.entries.get(symbol)) is not None:
            yield from self._of_new(symbol, entry)

    def _of_parts(self, part: str, function: str, seen: set[str]) -> Iterator[Change]:
        """Parameters and enum items of that name, everywhere or of one function."""
        for symbol, entry in self._old.entries.items():
            if symbol in seen or (function and not symbol.endswith(function)):
                continue
            if not (entry.signatures or entry.enums or symbol in known_changes()) or not _described(symbol, entry):
                continue
            if (
                any(part in text for text in entry.signatures)
                or self._has_item(entry, part)
                or symbol in known_changes()
            ):
                yield from (change for change in self._of_old(symbol, entry) if part in change.parts)

    def _has_item(self, entry: Entry, item: str) -> bool:
        return any(item in self._item_sets[index] for index in (entry.enums or {}).values())

    @cached_property
    def _item_sets(self) -> Sequence[frozenset[str]]:
        return [frozenset(items) for items in self._old.items]

    # ------------------------------------------------------------------------------- gone, come, changed

    def _of_old(self, symbol: str, entry: Entry) -> Iterator[Change]:
        exists = self._is.has(symbol)
        if exists is False:
            yield self._gone(symbol, entry)
            return
        now = self._new.entries.get(symbol) or self._new.lookup(symbol)
        if exists is None or now is None:
            return
        yield from self._signature(symbol, entry, now)
        yield from self._enums(symbol, entry, now)
        yield from self._type(symbol, entry, now)
        yield from self._stated(symbol)

    def _of_new(self, symbol: str, entry: Entry) -> Iterator[Change]:
        if self._was.has(symbol) is False:
            cited = self._cited("", symbol)
            yield Change(symbol, "added", "", _shown(entry), citations=cited)

    def _gone(self, symbol: str, entry: Entry) -> Change:
        known = self._known(symbol)
        if known is not None:
            replacement = next((new for new in known.new if self._new.lookup(new) is not None), "")
            what: WhatChanged = known.what if known.what in ("renamed", "moved") and replacement else "removed"
            cited = (*self._cited(symbol, replacement), known.url)
            return Change(
                symbol, what, _shown(entry), self._shown_new(replacement), replacement, known.since, cited,
                note=known.note,
            )  # fmt: skip
        guess, what = self._guessed(symbol, entry)
        cited = self._cited(symbol, guess)
        confidence: Confidence = "likely" if guess or _REGISTERED.fullmatch(symbol) else "certain"
        return Change(symbol, what, _shown(entry), self._shown_new(guess), guess, "", cited, confidence)

    def _guessed(self, symbol: str, entry: Entry) -> tuple[str, WhatChanged]:
        owner, _, name = symbol.rpartition(".")
        # A member goes where its class went.
        for known in known_changes().get(owner, ()):
            for new_owner in known.new:
                if not known.part and (found := self._new.resolve(f"{new_owner}.{name}")) is not None:
                    return found, "moved"
        if found := self._replacements.renamed(entry):
            return found, "renamed"
        if found := self._replacements.moved(entry):
            return found, "moved"
        return "", "removed"

    def _known(self, symbol: str, part: str = "", what: WhatChanged | None = None) -> KnownChange | None:
        """What is written down about a symbol, if it happened between the two releases."""
        fitting = [
            known
            for known in known_changes().get(symbol, ())
            if known.part == part and self._happened(known) and not known.stated and what in (None, known.what)
        ]
        return fitting[-1] if fitting else None

    def _happened(self, known: KnownChange) -> bool:
        return order(self._old.release) < order(known.since) <= order(self._new.release)

    # ------------------------------------------------------------------------------- what is still there

    def _signature(self, symbol: str, entry: Entry, now: Entry) -> Iterator[Change]:
        if not entry.signatures or not now.signatures:
            return
        before, after = _Callable.of(entry), _Callable.of(now)
        gone, come = before.lost(after), after.lost(before)
        by_name = tuple(name for name in before.positional if name in after.by_name_only)
        if not self._positions_known():
            by_name = ()
        if not gone and not by_name and not (come and set(come) & after.required):
            return
        notes = [f"{label}: {', '.join(names)}" for label, names in (
            ("gone", gone), ("new", come), ("only by name now", by_name),
            ("required", tuple(name for name in come if name in after.required)),
        ) if names]  # fmt: skip
        replacement, since, cited = "", "", self._cited(symbol, symbol)
        for name in gone:
            if (known := self._known(symbol, name)) is not None:
                replacement = replacement or next(iter(known.new), "")
                since, cited = known.since, (*cited, known.url)
                notes += [known.note] if known.note else []
        # Blender's own tables are exact; a name in a documented Python function may be just the writer's.
        exact = symbol.startswith(("bpy.types.", "bpy.ops."))
        yield Change(
            symbol, "signature", " | ".join(entry.signatures), " | ".join(now.signatures), replacement, since, cited,
            "certain" if exact else "likely", (*gone, *by_name), "; ".join(notes),
        )  # fmt: skip

    def _positions_known(self) -> bool:
        return order(self._old.release) >= POSITIONS_KNOWN_SINCE

    def _stated(self, symbol: str) -> Iterator[Change]:
        """What only people know: the meaning of a number, or that an operator takes no context any more."""
        for known in known_changes().get(symbol, ()):
            if known.stated and self._happened(known):
                new = next(iter(known.new), "")
                cited = dict.fromkeys((*self._cited(symbol, new), known.url))
                yield Change(
                    symbol, known.what, known.part, "", new, known.since, tuple(cited),
                    parts=(known.part,) if known.part else (), note=known.note,
                )  # fmt: skip

    def _enums(self, symbol: str, entry: Entry, now: Entry) -> Iterator[Change]:
        for name, index in (entry.enums or {}).items():
            full = f"{symbol}.{name}" if name else symbol
            theirs = (now.enums or {}).get(name)
            if theirs is None or self._old.items[index] == self._new.items[theirs]:
                continue
            gone = tuple(
                item
                for item in self._old.items[index]
                if self._old.has_enum_item(full, item) and self._new.has_enum_item(full, item) is False
            )
            come = tuple(
                item
                for item in self._new.items[theirs]
                if self._new.has_enum_item(full, item) and self._old.has_enum_item(full, item) is False
            )
            if not gone and not come:
                continue
            knowns = [known for item in gone if (known := self._known(symbol, item)) is not None]
            cited = dict.fromkeys((*self._cited(symbol, symbol), *(known.url for known in knowns)))
            yield Change(
                full, "enum", _listed(gone), _listed(come), "",
                knowns[0].since if knowns and len(gone) == len(knowns) else "", tuple(cited), parts=gone,
                note="; ".join(dict.fromkeys(known.note for known in knowns if known.note)),
            )  # fmt: skip

    def _type(self, symbol: str, entry: Entry, now: Entry) -> Iterator[Change]:
        mine, theirs = self._old_symbols.get(symbol), self._new_symbols.get(symbol)
        before, after = _natures(mine, theirs)
        if not before:
            before, after = _nature(entry), _nature(now)
            if (before, after) == (_ASSIGNED[True], _ASSIGNED[False]) or symbol.endswith(_PYTHON_ENDINGS):
                return  # stubs err in this direction
        if before == after or not before or not after:
            before, after = _types(mine, theirs)
            if before == after:
                return
        known = self._known(symbol, what="type")
        cited = self._cited(symbol, symbol)
        if known is None:
            yield Change(symbol, "type", before, after, citations=cited)
        else:
            yield Change(
                symbol, "type", before, after, next(iter(known.new), ""), known.since, (*cited, known.url),
                note=known.note,
            )  # fmt: skip

    def _lost_bases(self) -> Iterator[Change]:
        """Members a class had from a base that it no longer has."""
        for symbol, entry in self._old.entries.items():
            if entry.kind != "class" or page(symbol) is None or symbol not in self._new.entries:
                continue
            now = self._new.ancestors(symbol)
            for ancestor in self._old.ancestors(symbol)[1:]:
                if ancestor in now:
                    continue
                for name in sorted(self._was.members.get(ancestor, ())):
                    if self._is.has(f"{symbol}.{name}") is False:
                        lost = self._old.entries[f"{ancestor}.{name}"]
                        cited = self._cited(lost.symbol, "")
                        yield Change(f"{symbol}.{name}", "removed", _shown(lost), "", citations=cited)

    # ------------------------------------------------------------------------------- around

    def _owner_lives(self, symbol: str, table: ApiTable) -> bool:
        owner = symbol.rpartition(".")[0]
        return not owner or owner in table.entries or owner in ("bpy", "bpy.ops")

    def _cited(self, old: str, new: str) -> tuple[str, ...]:
        pages = [documentation_url(old, self._old.release)] if old else []
        pages += [documentation_url(self._new.resolve(new) or new, self._new.release)] if new else []
        return tuple(dict.fromkeys(found for found in pages if found))

    def _shown_new(self, symbol: str) -> str:
        entry = self._new.lookup(symbol) if symbol else None
        return _shown(entry) if entry is not None else symbol


@dataclass(frozen=True)
class _Asked:
    """Whether a table has a symbol, inherited or not; null where it cannot know."""

    table: ApiTable

    @cached_property
    def members(self) -> Mapping[str, frozenset[str]]:
        return members(self.table)

    def has(self, symbol: str) -> bool | None:
        entries = self.table.entries
        if symbol in entries:
            return True
        owner, _, name = symbol.rpartition(".")
        if not owner:
            return False  # only asked of modules that another release has
        if owner not in entries:
            # An operator group or class that is gone took its members along.
            above = self.has(owner) if "." in owner else self.table.has_module(owner)
            return False if above is False or owner.startswith("bpy.ops.") else None
        if symbol.startswith(_NAMED_BY_IDNAME):
            return None
        entry = entries[owner]
        if entry.kind == "class":
            lineage = (entries[ancestor] for ancestor in self.table.ancestors(owner))
            if any(base not in entries for one in lineage for base in one.bases):
                return None
            if not entry.bases and owner not in self.members:
                return None  # the stubs name the class and know nothing of it
        return self.table.has_member(owner, name)


@dataclass(frozen=True)
class _Callable:
    """All overloads of a function together."""

    positional: tuple[str, ...]
    by_name_only: frozenset[str]
    nameless: int
    names: tuple[str, ...]
    required: frozenset[str]
    any_keyword: bool

    @classmethod
    def of(cls, entry: Entry) -> _Callable:
        parsed = [Signature.parse(signature) for signature in entry.signatures]
        positional = tuple(dict.fromkeys(name for one in parsed for name in one.either))
        names = tuple(dict.fromkeys(name for one in parsed for name in (*one.either, *one.keyword_only)))
        return cls(
            positional,
            frozenset(name for one in parsed for name in one.keyword_only) - set(positional),
            max(len(one.positional_only) for one in parsed),
            names,
            frozenset.intersection(*(one.required for one in parsed)),
            any(one.any_keyword or one.any_positional for one in parsed),
        )

    def lost(self, other: _Callable) -> tuple[str, ...]:
        """Names that can be given here and not there; what there is only a place has no name to lose."""
        if other.any_keyword:
            return ()
        nameless = set(self.positional[: other.nameless])
        return tuple(name for name in self.names if name not in other.names and name not in nameless)


def _described(symbol: str, entry: Entry) -> bool:
    """Whether it is one of the things that the documentation is about; modules always are."""
    return (entry.kind == "module" or page(symbol) is not None) and all(symbol.split("."))


def _holds(change: Change, asked: _Asked) -> bool:
    """Whether a change has happened by the release of a table."""
    table = asked.table
    if change.what in ("removed", "renamed", "moved"):
        return asked.has(change.symbol) is False
    if change.what == "added":
        return asked.has(change.symbol) is True
    if change.what == "enum":
        return bool(change.parts) and all(table.has_enum_item(change.symbol, part) is False for part in change.parts)
    if change.what == "signature":
        return bool(change.parts) and all(table.has_keyword(change.symbol, part) is False for part in change.parts)
    entry = table.lookup(change.symbol)
    return entry is not None and _nature(entry) == change.after


def _nature(entry: Entry) -> str:
    """What a reader may do with it, where the table can tell."""
    return _NATURES.get(entry.kind, "")


def _natures(mine: ApiSymbol | None, theirs: ApiSymbol | None) -> tuple[str, str]:
    """What a real Blender said of both, if it was asked; empty if not."""
    if mine is None or theirs is None or mine.source != theirs.source:
        return "", ""
    if mine.readonly is None or theirs.readonly is None:
        return "", ""
    return _ASSIGNED[mine.readonly], _ASSIGNED[theirs.readonly]


def _types(mine: ApiSymbol | None, theirs: ApiSymbol | None) -> tuple[str, str]:
    """The two types; equal where they cannot be compared, since every source words them its own way."""
    if mine is None or theirs is None or mine.source != theirs.source or not mine.type or not theirs.type:
        return "", ""
    return _plain_type(mine.type), _plain_type(theirs.type)


def _shown(entry: Entry) -> str:
    """A symbol as the reader would write it, callables with what they take."""
    return f"{entry.symbol}({' | '.join(entry.signatures)})" if entry.signatures else entry.symbol


def _listed(items: Sequence[str]) -> str:
    shown = ", ".join(items[:MAX_ITEMS_SHOWN])
    return f"{shown} and {len(items) - MAX_ITEMS_SHOWN} more" if len(items) > MAX_ITEMS_SHOWN else shown


def _plain_type(text: str) -> str:
    return " ".join(text.split())
