"""Ask a model until its answer can be read: one precise reminder for each that cannot, at most three in a row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from bot.llm.base import Asker
from bot.models.exchange import Call, Failure, Message
from bot.models.proposal import Malformed
from bot.prompts.fence import fenced

MOST_REMINDERS = 3
REMINDER = (
    "That answer cannot be used. What is wrong with it, with what it quotes of the code:\n\n{reason}\n\n"
    "Answer once more, whole, in the form that was asked for; nothing of the first answer is kept."
)

_Value = TypeVar("_Value")


@dataclass(frozen=True)
class Unanswered:
    """No usable answer. `spoke` says that a model did answer, and never in a way that could be used."""

    why: str
    spoke: bool = False


def ask(models: Asker, call: Call, read: Callable[[str], _Value | Malformed], step: str) -> _Value | Unanswered:
    """The answer, read; or why there is none."""
    reason = ""
    for _ in range(1 + MOST_REMINDERS):
        reply = models.ask(call, step)
        if isinstance(reply, Failure):
            return Unanswered(reply.message)
        value = read(reply.text)
        if not isinstance(value, Malformed):
            return value
        reason = value.reason
        turns = (
            Message(speaker="assistant", text=reply.text),
            Message(speaker="user", text=REMINDER.format(reason=fenced(reason))),
        )
        call = call.model_copy(update={"messages": (*call.messages, *turns)})
    return Unanswered(reason, spoke=True)
