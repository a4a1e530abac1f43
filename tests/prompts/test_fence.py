"""Fences: nothing in a text ends its fence, hides in it, or makes it endless."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from bot.prompts.fence import fenced, inline, plain, shortened

TICKS = st.text(alphabet=st.sampled_from("`~ab\n "), max_size=80)


@given(TICKS)
def test_a_fence_is_longer_than_any_in_its_text(text: str) -> None:
    first, *body, last = fenced(text, "python").split("\n")
    fence = re.match(r"`+", first)
    assert fence is not None and last == fence[0]
    assert all(fence[0] not in line for line in body)


@given(st.text())
def test_nothing_invisible_is_left(text: str) -> None:
    shown = plain(text)
    assert not re.search("[\u0000-\u0008\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]", shown)
    assert plain(shown) == shown


@given(st.text(), st.integers(30, 200))
def test_a_text_is_cut_to_its_limit_and_keeps_both_ends(text: str, limit: int) -> None:
    short = shortened(text, limit)
    assert len(short) <= limit
    assert short == text or "[...]" in short


@given(st.text())
def test_a_name_stays_on_its_line_and_in_its_backticks(text: str) -> None:
    shown = inline(text)
    assert "\n" not in shown and shown.count("`") == 2 and shown[0] == shown[-1] == "`"
