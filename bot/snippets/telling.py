"""A model to ask that tells, while it is asked, what it is waiting for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.llm.base import Asker, Say, quiet
from bot.models.exchange import Call, Exchange, Failure, Reply


@dataclass(frozen=True)
class Telling:
    """Asks `models`, with `say` where whoever asks listens to nothing."""

    models: Asker
    say: Say

    @property
    def available(self) -> bool:
        """See `Asker`."""
        return self.models.available

    @property
    def why(self) -> str:
        """See `Asker`."""
        return self.models.why

    def ask(self, call: Call, step: str, say: Say = quiet) -> Reply | Failure:
        """See `Asker.ask`."""
        return self.models.ask(call, step, self.say if say is quiet else say)

    def taken(self) -> tuple[Exchange, ...]:
        """See `Asker.taken`."""
        return self.models.taken()

    def preload(self, exchanges: Iterable[Exchange]) -> None:
        """See `Asker.preload`."""
        self.models.preload(exchanges)
