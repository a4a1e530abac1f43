"""No model at all, as a member of the protocol: what a run asks where rules alone do the work."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.llm.base import Say, quiet
from bot.models.exchange import Call, Exchange, Failure, FailureKind

WHY = "no model is set up (--llm names one)."


@dataclass(frozen=True)
class NoModels:
    """Nobody answers; `why` says why."""

    why: str = WHY
    available: bool = False

    def ask(self, call: Call, step: str, say: Say = quiet) -> Failure:
        """See `Asker.ask`."""
        return Failure(kind=FailureKind.ENDED, provider="none", message=self.why)

    def taken(self) -> tuple[Exchange, ...]:
        """See `Asker.taken`."""
        return ()

    def preload(self, exchanges: Iterable[Exchange]) -> None:
        """See `Asker.preload`."""
