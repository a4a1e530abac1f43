"""The protocol every provider of a model meets."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol

from bot.models.exchange import Call, Exchange, Failure, Reply

Say = Callable[[str], None]
"""Tells a person what is going on at this moment, in a few words."""


def quiet(_: str) -> None:
    """Tells nobody."""


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


class Asker(Protocol):
    """What a step asks: behind it stand memory, the limit on money, trying again, and other providers."""

    @property
    def available(self) -> bool:
        """Whether there is any model at all."""
        ...

    @property
    def why(self) -> str:
        """Why there is none, in a sentence for people; empty where there is one."""
        ...

    def ask(self, call: Call, step: str, say: Say = quiet) -> Reply | Failure:
        """The answer, or why there is none and will be none; `step` is what the bill files it under."""
        ...

    def taken(self) -> tuple[Exchange, ...]:
        """The calls since this was last asked, for the bill."""
        ...

    def preload(self, exchanges: Iterable[Exchange]) -> None:
        """Count what an interrupted run had spent before it was taken up."""
        ...
