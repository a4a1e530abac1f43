"""What Blender's API is in the releases to be supported: what exists, what is gone, and what took its place."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from rapidfuzz import process

from bot.models.fault import Fault
from bot.models.release import Release
from bot.prompts.pieces import Piece, Rank
from indexer.blender_api.differences import Change, Comparison
from indexer.blender_api.table import ApiTable
from indexer.search import described

SECTION = "Blender's API"
CHANGES = "What changed between Blender {old} and {new}"
MEMBERS = "What `{owner}` has in Blender {release}"

MOST_CHANGES = 12
MOST_MEMBERS = 50
MOST_OWNERS = 3
TELLING = 6
"""Shorter names (`new`, `co`) are used for everything."""

Tables = Callable[[Release], ApiTable | None]


@dataclass(frozen=True)
class Api:
    """The API of the oldest and the newest release that matter, by their stubs."""

    oldest: Release
    newest: Release
    tables: Tables

    def pieces(self, faults: Sequence[Fault], names: Sequence[str]) -> Iterator[Piece]:
        """What is known of the faults' members, and of every name in the code that is gone by the newest release."""
        new, old = self.tables(self.newest), self.tables(self.oldest)
        if new is None:
            return
        if old is not None and old.release != new.release:
            yield from self._changes(old, new, faults, names)
        owners = dict.fromkeys(fault.owner for fault in faults if fault.owner)
        for owner in list(owners)[:MOST_OWNERS]:
            missing = next(fault.member for fault in faults if fault.owner == owner)
            yield from self._members(owner, missing or "", new)

    def _changes(self, old: ApiTable, new: ApiTable, faults: Sequence[Fault], names: Sequence[str]) -> Iterator[Piece]:
        wanted = [f"{fault.owner}.{fault.member}" for fault in faults if fault.owner and fault.member]
        wanted += [fault.member for fault in faults if fault.member and not fault.owner]
        gone = [name for name in names if name in old.by_last_name and name not in new.by_last_name]
        wanted += [name for name in gone if len(name) >= TELLING]
        lines: dict[str, None] = {}
        compared = Comparison(old, new, {}, {})
        for name in dict.fromkeys(wanted):
            for change in islice(compared.about(name), 3):
                lines.setdefault(_told(change))
            if len(lines) >= MOST_CHANGES:
                break
        if lines:
            title = CHANGES.format(old=self.oldest, new=self.newest)
            yield Piece(Rank.API, SECTION, title, "\n".join(list(lines)[:MOST_CHANGES]))

    def _members(self, owner: str, missing: str, table: ApiTable) -> Iterator[Piece]:
        full = table.resolve(owner)
        if full is None or table.entries[full].kind not in ("class", "module"):
            return
        names = [
            symbol.rpartition(".")[2]
            for ancestor in table.ancestors(full) or (full,)
            if ancestor == full or (ancestor.count(".") > 1 and ancestor != "bpy.types.bpy_struct")
            for symbol in _of(table, ancestor)
        ]
        likely = [name for name, _, _ in process.extract(missing, names, limit=3, score_cutoff=60)] if missing else []
        label = f"{full}"
        listed = ", ".join(dict.fromkeys((*likely, *names[:MOST_MEMBERS])))
        told = [f"{full}.{name}: {described(entry)}" for name in likely if (entry := table.lookup(f"{full}.{name}"))]
        if names:
            title = MEMBERS.format(owner=full, release=self.newest)
            yield Piece(Rank.API, SECTION, title, "\n".join((*told, listed)), label=label, url=table.url(full))


def _of(table: ApiTable, owner: str) -> list[str]:
    prefix = f"{owner}."
    return [symbol for symbol in table.entries if symbol.startswith(prefix) and "." not in symbol[len(prefix) :]]


def _told(change: Change) -> str:
    new = f", now {change.replacement}" if change.replacement else ""
    note = f" ({change.note})" if change.note else ""
    return f"{change.symbol}: {change.what}{new}{note}"
