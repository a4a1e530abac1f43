"""What a model answers first, remembered; and a model that gets no second try, for the ablation without healing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from bot.llm.base import Say, quiet
from bot.llm.relay import Relay
from bot.models.exchange import Call, Failure, FailureKind, Reply, Role

NO_HEALING = "Healing is switched off for this run: the model is asked for one patch."


@dataclass(frozen=True)
class First:
    """The first answer to a request for a patch, and the add-on's texts as the request had them."""

    text: str
    before: Mapping[str, str]


@dataclass
class Recorder(Relay):
    """An asker that asks another; `firsts` grows by every first answer to a request for a patch."""

    texts: Callable[[], Mapping[str, str]]
    heals: bool = True
    firsts: list[First] = field(default_factory=list)

    def ask(self, call: Call, step: str, say: Say = quiet) -> Reply | Failure:
        """See `Asker.ask`."""
        if call.role is Role.HEALER and not self.heals:
            return Failure(kind=FailureKind.ENDED, provider="none", message=NO_HEALING)
        first = call.role in (Role.PATCHER, Role.HEALER) and not any(
            message.speaker == "assistant" for message in call.messages
        )
        before = dict(self.texts()) if first else {}
        reply = self.models.ask(call, step, say)
        if first and isinstance(reply, Reply):
            self.firsts.append(First(reply.text, before))
        return reply
