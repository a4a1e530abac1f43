"""Counting tokens, with the counter and without."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.llm import tokens
from calls import call


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """A Python the counter is not there for."""
    monkeypatch.setitem(sys.modules, "rs_bpe.bpe", None)
    tokens._counter.cache_clear()
    monkeypatch.setattr(tokens, "_counter", tokens._counter.__wrapped__)


def test_known_counts() -> None:
    assert tokens.count("") == 0
    assert tokens.count("hello world") == 2
    assert tokens.count("half a pair: \udcff") > 3


def test_a_conversation_has_its_overhead() -> None:
    asked = call("hello")
    texts = sum(tokens.count(message.text) for message in asked.messages)
    assert tokens.conversation(asked.messages) == texts + 2 * tokens.PER_MESSAGE + tokens.PER_CONVERSATION
    assert tokens.conversation(()) == tokens.PER_CONVERSATION


@pytest.mark.usefixtures("bare")
def test_without_the_counter_it_is_guessed() -> None:
    assert tokens.count("hello world") == 4
    assert tokens.count("") == 0


@pytest.mark.parametrize(
    "text", ["The quick brown fox jumps over the lazy dog. " * 20, "def f(x):\n    return bpy.context.scene\n" * 20]
)
def test_the_guess_is_rather_too_high(text: str) -> None:
    assert tokens.count(text) <= tokens.estimate(text) <= 3 * tokens.count(text)


@given(st.text())
def test_any_text_has_a_count(text: str) -> None:
    assert 0 <= tokens.count(text) <= len(text.encode())
