from __future__ import annotations

from collections.abc import Callable

import pytest

from indexer.blender_api.table import ApiTable
from indexer.vocabulary import MAX_HEARD, Entry, Vocabulary, load, read

SMALL = """
[interface]
"dropdown, combo box" = { is = "bpy.props.EnumProperty UILayout.prop_menu_enum", like = "enum items", why = "…" }
"hide panel" = { is = "Panel.poll" }
"hide object, hide" = { is = "Object.hide_set" }
[synonyms]
"conceal" = { like = "hide" }
"""


@pytest.fixture
def small() -> Vocabulary:
    return Vocabulary(read(SMALL))


def first(vocabulary: Vocabulary, text: str) -> Entry | None:
    heard = vocabulary.hear(text)
    return heard[0].entry if heard else None


def test_a_phrase_is_heard_in_any_order_and_ending(small: Vocabulary) -> None:
    heard = small.hear("boxes of the combo kind")
    assert heard[0].entry.names[0] == "bpy.props.EnumProperty"
    assert heard[0].whole


def test_the_entry_that_says_more_comes_first(small: Vocabulary) -> None:
    assert first(small, "hide a panel").names == ("Panel.poll",)  # type: ignore[union-attr]
    assert first(small, "hide it").names == ("Object.hide_set",)  # type: ignore[union-attr]


def test_a_word_for_a_word_leads_on(small: Vocabulary) -> None:
    assert first(small, "conceal it").names == ("Object.hide_set",)  # type: ignore[union-attr]
    assert all(entry.names for entry in small.entries)


def test_what_nobody_wrote_down_is_not_heard(small: Vocabulary) -> None:
    assert small.hear("quantum chromodynamics") == ()
    assert small.hear("") == ()


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("how do I make a dropdown", "bpy.props.EnumProperty"),
        ("popup asking for confirmation", "WindowManager.invoke_confirm"),
        ("tab in the N panel", "Panel.bl_category"),
        ("unwrap faces", "ops.uv.unwrap"),
        ("smooth shading", "ops.object.shade_smooth"),
        ("run something every second", "bpy.app.timers.register"),
        ("keyboard shortcut for my operator", "KeyMapItems.new"),
        ("mesh with modifiers applied", "ID.evaluated_get"),
        ("text in a panel", "UILayout.label"),
    ],
)
def test_what_people_say_leads_to_what_blender_calls_it(said: str, name: str) -> None:
    assert name in [known for heard in load().hear(said)[:3] for known in heard.entry.names]


def test_the_data_is_broad_and_well_formed() -> None:
    entries = load().entries
    assert len(entries) >= 200
    assert all(all(phrase for phrase in entry.phrases) for entry in entries)
    assert len(load().hear("add remove set get object mesh node panel render frame bone key image")) <= MAX_HEARD


def test_every_name_is_blenders(api: Callable[[str], ApiTable]) -> None:
    """In one of these releases, as its documentation spells it."""
    known = set()
    for release in ("3.6", "4.0", "4.5", "5.0"):
        for symbol in api(release).entries:
            parts = symbol.split(".")
            known |= {".".join(parts[at:]) for at in range(len(parts))}
    unknown = {name for entry in load().entries for name in entry.names if name not in known}
    assert unknown == set()
