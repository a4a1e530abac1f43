"""Lines keep their content on both sides of a patch."""

from __future__ import annotations

import difflib

from hypothesis import given
from hypothesis import strategies as st

from bot.models.patch import EMPTY, Patch
from bot.patches import line_after, line_before

LINES = st.lists(st.sampled_from([f"line {number}" for number in range(12)]), min_size=1, max_size=30)


def patch(before: list[str], after: list[str]) -> Patch:
    rows = difflib.unified_diff(before, after, "a/x.py", "b/x.py", lineterm="")
    return Patch(diff="".join(f"{row}\n" for row in rows))


@given(LINES, LINES)
def test_a_line_the_patch_keeps_is_found_on_the_other_side(before: list[str], after: list[str]) -> None:
    made = patch(before, after)
    kept = difflib.SequenceMatcher(None, before, after).get_matching_blocks()
    for old, new, size in kept:
        for offset in range(size):
            assert line_after(made, "x.py", old + offset + 1) == new + offset + 1
            assert before[line_before(made, "x.py", new + offset + 1) - 1] == after[new + offset]


@given(LINES, LINES, st.integers(1, 40))
def test_every_line_leads_somewhere(before: list[str], after: list[str], line: int) -> None:
    made = patch(before, after)
    assert line_after(made, "x.py", line) >= 1 and line_before(made, "x.py", line) >= 1


def test_other_files_and_no_patch_change_nothing() -> None:
    assert line_after(EMPTY, "x.py", 7) == line_before(EMPTY, "x.py", 7) == 7
    assert line_after(patch(["a"], ["b", "c"]), "y.py", 7) == 7
