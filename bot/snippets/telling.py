"""A model to ask that tells, while it is asked, what it is waiting for."""

from __future__ import annotations

from dataclasses import dataclass

from bot.llm.base import Say, quiet
from bot.llm.relay import Relay
from bot.models.exchange import Call, Failure, Reply


@dataclass
class Telling(Relay):
    """Asks `models`, with `say` where whoever asks listens to nothing."""

    say: Say

    def ask(self, call: Call, step: str, say: Say = quiet) -> Reply | Failure:
        """See `Asker.ask`."""
        return self.models.ask(call, step, self.say if say is quiet else say)
