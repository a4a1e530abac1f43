from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.triggers.hidden import undisguised, visible


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("a\nb", "a\nb"),
        ("a <!-- x --> b", "a  b"),
        ("<!-- a\nform -->\ntext", "text"),
        ("a<!-- x\n\ny -->b<!-- z -->", "a\nb"),
        ("text\n<!-- never closed\nand more", "text"),
        ("```\n<!-- code -->\n```\n<!-- x -->y", "```\n<!-- code -->\n```\ny"),
        ("~~~html\n```\n<!-- code -->\n~~~\nx", "~~~html\n```\n<!-- code -->\n~~~\nx"),
        ("<!--\n```\n-->\nx <!-- ``` --> y", "x  y"),
        ("```\n<!-- a fence that is never closed", "```\n<!-- a fence that is never closed"),
        ("<!-->x-->y", "y"),
    ],
)
def test_comments_are_not_seen(text: str, seen: str) -> None:
    assert visible(text) == seen


def test_disguises_are_not_seen() -> None:
    assert undisguised("a\u200bb\u202ec\x00\x1b[31md\ud800\n\te") == "abc[31md?\n\te"


@given(st.lists(st.sampled_from(["<!--", "-->", "```", "~~~", "\n", " ", "x", "secret"]), max_size=30).map("".join))
def test_what_is_seen_was_there(text: str) -> None:
    seen = visible(text)
    assert len(seen) <= len(text)
    assert visible(seen).count("<!--") <= seen.count("<!--")


@pytest.mark.parametrize("piece", ["<!--", "<!-- -->", "```\n", "-->", "<", "<!--\n"])
def test_much_is_read_at_once(piece: str) -> None:
    begun = time.monotonic()
    visible(piece * 200_000)
    assert time.monotonic() - begun < 5
