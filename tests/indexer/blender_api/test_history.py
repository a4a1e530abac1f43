from __future__ import annotations

from indexer.blender_api.described import ApiSymbol
from indexer.blender_api.history import with_history
from indexer.blender_api.known_changes import KnownChange

OLD, NEW = "bpy.types.Thing.use_round", "bpy.types.Thing.roundness"
SYMBOLS = {
    symbol.symbol: symbol
    for symbol in (
        ApiSymbol("bpy.types.Base", "class"),
        ApiSymbol("bpy.types.Base.inherited", "property"),
        ApiSymbol("bpy.types.Thing", "class", bases=("bpy.types.Base",)),
        ApiSymbol(NEW, "property"),
    )
}


def change(old: str = OLD, since: str = "4.1", **fields: object) -> dict[str, list[KnownChange]]:
    values = {"what": "renamed", "url": "https://example.org", "new": (NEW,), **fields}
    return {old: [KnownChange(old, since, **values)]}  # type: ignore[arg-type]


def test_old_and_new_know_of_each_other() -> None:
    found = with_history(SYMBOLS, "4.5", change(note="Say how round."))
    assert (found[OLD].removed, found[OLD].see_also, found[OLD].text) == ("4.1", (NEW,), "Say how round.")
    assert found[OLD].url == "https://example.org"
    assert OLD in found[NEW].see_also


def test_a_release_before_the_change_does_not_hear_of_it() -> None:
    assert with_history(SYMBOLS, "4.0", change()) == SYMBOLS
    assert with_history(SYMBOLS, "4.0", change(since="4.10")) == SYMBOLS


def test_what_is_still_there_is_not_called_gone() -> None:
    assert with_history(SYMBOLS, "4.5", change("bpy.types.Base.inherited")).keys() == SYMBOLS.keys()
    assert with_history(SYMBOLS, "4.5", change("bpy.types.Thing.inherited")).keys() == SYMBOLS.keys()


def test_a_part_that_changed_is_told_where_it_was() -> None:
    found = with_history(SYMBOLS, "4.5", change(NEW, part="ROUND", what="enum", new=(), note="OVAL now."))
    assert found[NEW].changed == ("4.1, ROUND: OVAL now.",)
