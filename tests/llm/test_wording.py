"""What is shown of others' words, and what is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.llm.wording import MAX_QUOTE, plain, quoted, sendable
from calls import call

SECRET = "aB3-secret-of-somebody"


@given(st.text(), st.text())
def test_a_quote_is_one_short_line_without_the_secret(before: str, after: str) -> None:
    shown = quoted(f"{before}{SECRET}{after}", (SECRET,))
    assert SECRET not in shown and shown.isprintable() and len(shown) <= MAX_QUOTE


@pytest.mark.parametrize(
    "said",
    [
        "Incorrect API key provided: sk-proj-abc***xyz.",
        "Authorization: Bearer abcdefgh",
        "at http://user:hunter2@host/v1",
        "A" * 64,
    ],
)
def test_what_looks_like_a_secret_is_hidden(said: str) -> None:
    assert not any(word in quoted(said) for word in ("abc***xyz", "abcdefgh", "hunter2", "AAAA"))


def test_ordinary_words_stay() -> None:
    assert (
        quoted("the field 'temperature' must be 1 (task-specific)")
        == "the field 'temperature' must be 1 (task-specific)"
    )


@given(st.text(st.characters()))
def test_any_text_can_be_sent(text: str) -> None:
    assert (plain(text).encode() and plain(text)) or not text
    sendable(call(text)).model_dump_json()
