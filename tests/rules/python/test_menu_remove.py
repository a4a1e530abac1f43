from __future__ import annotations

from typing import Any

from bot.rules.python.menu_remove import MenuRemove


def test_an_entry_nothing_is_known_of_is_left(looking: Any) -> None:
    text = "import bpy\nbpy.types.A_MT_b.remove(f)\nitems.append(f)\n"
    assert looking(MenuRemove(), "4.2-4.5").repairs(text) == []


def test_the_menu_is_asked_for_before_anything_changes(looking: Any) -> None:
    (repair,) = looking(MenuRemove(), "4.2-4.5").repairs(
        "import bpy\nbpy.types.A_MT_b.prepend(m.f)\nbpy.types.B_MT_b.remove(m.f)\n"
    )
    assert repair.question is not None and repair.question.name == "B_MT_b"
    assert repair.requires[0].question.name == "A_MT_b"
    assert repair.edits[0].text == "A_MT_b"
