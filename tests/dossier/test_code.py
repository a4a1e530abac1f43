"""The code a model is shown."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from bot.dossier.code import code
from bot.dossier.codebase import Codebase
from bot.dossier.places import Spot
from bot.prompts.pieces import Rank
from small_addon import OPERATORS, WORK

LONG = "def long():\n" + "".join(f"    x{number} = {number}\n" for number in range(200))
TEXTS = {"a/__init__.py": OPERATORS, "a/work.py": WORK, "a/long.py": LONG}
BASE = Codebase(TEXTS)


def shown(title: str) -> tuple[str, int, int]:
    match = re.match(r"`([^`]+)`, lines (\d+) to (\d+)", title)
    assert match is not None, title
    return match[1], int(match[2]), int(match[3])


@given(
    st.lists(st.tuples(st.sampled_from(sorted(TEXTS)), st.integers(1, 20), st.integers(0, 3)), min_size=1, max_size=4)
)
def test_every_piece_is_the_very_lines_it_says_and_no_line_is_shown_twice(places: list[tuple[str, int, int]]) -> None:
    seen: set[tuple[str, int]] = set()
    for piece in code(BASE, [Spot(*place) for place in places], "abc"):
        if "imports" in piece.title or "without its methods" in piece.title:
            continue
        path, start, end = shown(piece.title)
        assert piece.text == "\n".join(TEXTS[path].split("\n")[start - 1 : end])
        lines = {(path, line) for line in range(start, end + 1)}
        assert len(lines & seen) < len(lines)
        seen |= lines


def test_the_faulty_function_comes_first_then_the_way_to_it() -> None:
    pieces = code(BASE, [Spot("a/work.py", 8)], "abc")
    assert pieces[0].rank is Rank.FAULT and "`finish`" in pieces[0].title
    titles = " ".join(piece.title for piece in pieces if piece.rank is Rank.CODE)
    assert "`start`, which leads there" in titles and "OBJECT_OT_go.execute" in titles
    assert any("poll" in piece.title for piece in pieces)


def test_of_a_long_function_the_part_around_the_place_is_shown() -> None:
    first = code(BASE, [Spot("a/long.py", 100)], "abc")[0]
    _, start, end = shown(first.title)
    assert start <= 100 <= end and end - start < 90


def test_what_was_asked_for_by_name_is_shown() -> None:
    pieces = code(BASE, [Spot("a/work.py", 8)], "abc", ("long",))
    assert "x199" in "".join(piece.text for piece in pieces)
