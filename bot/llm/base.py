"""The protocol every provider of a model meets."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from bot.models.exchange import Call, Failure, Reply

Say = Callable[[str], None]
"""Tells a person what is going on at this moment, in a few words."""


class Provider(Protocol):
    """Answers one call. What goes wrong is a value, never an exception."""

    @property
    def name(self) -> str:
        """What the report calls it: `openai`, `ollama`, `manual`."""
        ...

    def complete(self, call: Call, seconds: float, say: Say) -> Reply | Failure:
        """The answer, or why there is none, after at most `seconds`.

        One try: trying again, other providers, money and memory are others' work (`bot.llm.resilience`).
        `KeyboardInterrupt` passes through, and leaves nothing running.
        """
        ...
