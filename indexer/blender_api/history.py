"""What became of things: written-down changes put to the symbols of one release.

Who asks for `use_auto_smooth` in 4.5 gets an entry that says since when it is gone and what to use;
what took its place says so, and is found by the old name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from indexer.blender_api.described import ApiSymbol
from indexer.blender_api.known_changes import KnownChange
from indexer.blender_api.table import EntryKind

_GONE = ("removed", "renamed", "moved")
_MOST = 6
"""References and changes kept of a symbol, the newest ones."""


def with_history(
    symbols: Mapping[str, ApiSymbol], release: str, changes: Mapping[str, Iterable[KnownChange]]
) -> dict[str, ApiSymbol]:
    """The symbols of a release, those that are gone by it, and what changed of parameters and items.

    Only changes up to the release count, and what it still has is not called gone, whatever was
    written down.
    """
    found = dict(symbols)
    now = _version(release)
    for old, written in changes.items():
        known = sorted((each for each in written if _version(each.since) <= now), key=_since, reverse=True)
        if (symbol := symbols.get(old)) is not None:
            lines = tuple(_line(each) for each in known if each.part)
            found[old] = replace(found[old], changed=(*symbol.changed, *lines)[:_MOST]) if lines else found[old]
            continue
        gone = next((each for each in known if each.what in _GONE and not each.part), None)
        if gone is None or _inherits(old, symbols):
            continue
        found[old] = _gone(gone)
        for new in filter(symbols.__contains__, gone.new):
            see_also = tuple(dict.fromkeys((*found[new].see_also, old)))[:_MOST]
            found[new] = replace(found[new], see_also=see_also)
    return found


def _inherits(symbol: str, symbols: Mapping[str, ApiSymbol]) -> bool:
    """Whether the class still has the member, from a base."""
    owner, _, name = symbol.rpartition(".")
    waiting, seen = [owner], set[str]()
    while waiting:
        current = waiting.pop()
        if f"{current}.{name}" in symbols:
            return True
        if current not in seen and current in symbols:
            waiting += symbols[current].bases
        seen.add(current)
    return False


def _gone(change: KnownChange) -> ApiSymbol:
    return ApiSymbol(
        change.old,
        _kind(change.old),
        text=change.note,
        removed=change.since,
        see_also=change.new,
        url=change.url,
        source="written",
    )


def _kind(symbol: str) -> EntryKind:
    """What it was, as far as its name tells: it is in no table any more."""
    owner, _, name = symbol.rpartition(".")
    if symbol.startswith("bpy.ops."):
        return "operator"
    if name[:1].isupper():
        return "class"
    return "property" if owner.rpartition(".")[2][:1].isupper() else "function"


def _line(change: KnownChange) -> str:
    """`4.2, BLENDER_EEVEE: BLENDER_EEVEE_NEXT from 4.2 to 4.5.`"""
    use = f"use {' or '.join(change.new)}." if change.new else ""
    return f"{change.since}, {change.part}: " + (" ".join(filter(None, (change.note, use))) or "gone or changed.")


def _since(change: KnownChange) -> tuple[int, ...]:
    return _version(change.since)


def _version(release: str) -> tuple[int, ...]:
    return tuple(int(part) for part in release.split(".") if part.isdigit())
