"""Counts tokens without a network."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

from bot.llm.wording import plain
from bot.models.exchange import Message

PER_MESSAGE = 4
"""Tokens a message costs besides its text: who speaks, and where it begins and ends."""

PER_CONVERSATION = 3
"""Tokens every answer begins with."""

BYTES_PER_TOKEN = 3
"""A conservative guess: English and code have about four bytes a token, other scripts about three."""


def count(text: str) -> int:
    """Tokens of a text in the vocabulary of the newer OpenAI models; other models differ by about a fifth.

    Where no counter is installed (it is compiled, and not there for every Python) it is `estimate`.
    """
    return _counter()(plain(text))


def conversation(messages: Sequence[Message]) -> int:
    """Tokens of a whole prompt."""
    return PER_CONVERSATION + sum(PER_MESSAGE + count(message.text) for message in messages)


def estimate(text: str) -> int:
    """Tokens of a text by its bytes, rather too many than too few."""
    return -(-len(text.encode("utf-8", "replace")) // BYTES_PER_TOKEN)


@cache
def _counter() -> Callable[[str], int]:
    """Made once: the vocabulary takes a tenth of a second to unfold."""
    try:
        from rs_bpe.bpe import openai  # type: ignore[import-not-found]  # compiled, without stubs
    except ImportError:
        return estimate
    counter: Callable[[str], int] = openai.o200k_base().count
    return counter
