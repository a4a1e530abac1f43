"""An asker that passes everything on to another: what has something to add overrides `ask`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.llm.base import Asker, Say, quiet
from bot.models.exchange import Call, Exchange, Failure, Reply


@dataclass
class Relay:
    """See the module."""

    models: Asker

    @property
    def available(self) -> bool:
        """See `Asker.available`."""
        return self.models.available

    @property
    def why(self) -> str:
        """See `Asker.why`."""
        return self.models.why

    def ask(self, call: Call, step: str, say: Say = quiet) -> Reply | Failure:
        """See `Asker.ask`."""
        return self.models.ask(call, step, say)

    def taken(self) -> tuple[Exchange, ...]:
        """See `Asker.taken`."""
        return self.models.taken()

    def preload(self, exchanges: Iterable[Exchange]) -> None:
        """See `Asker.preload`."""
        self.models.preload(exchanges)
