"""Where steps ask: each role's settings, answers that are kept, the purse, patience and the bill behind one call."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Protocol

from bot.llm.base import Say, quiet
from bot.llm.budget import Purse
from bot.llm.members import Member
from bot.llm.replies import Replies
from bot.llm.resilience import Persistence
from bot.models.exchange import Call, Exchange, Failure, FailureKind, Message, Reply, Role
from bot.secrets import redacted
from bot.settings import RoleSettings

NO_MODEL = "There is no model to ask. {why}"
INTERRUPTED = "interrupted"


class Closes(Protocol):
    """What is let go when a run is over."""

    def close(self) -> None:
        """Let go; as often as one likes."""
        ...


class Models:
    """Every model a run may ask. `why` says in a sentence what there is, or why there is none.

    `members` are asked in their order; a role that is in `of_role` has its own.
    """

    def __init__(
        self,
        members: Sequence[Member],
        purse: Purse,
        *,
        of_role: Mapping[Role, Sequence[Member]] | None = None,
        roles: Mapping[str, RoleSettings] | None = None,
        replies: Replies | None = None,
        persistence: Persistence | None = None,
        why: str = "",
        connection: Closes | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.why = why
        self._members = tuple(members)
        self._of_role = {role: tuple(own) for role, own in (of_role or {}).items()}
        self._roles = dict(roles or {})
        self._purse = purse
        self._replies = replies
        self._persistence = persistence or Persistence()
        self._connection = connection
        self._clock = clock

    @property
    def available(self) -> bool:
        """Whether there is any model at all."""
        return bool(self._members or any(self._of_role.values()))

    @property
    def spent(self) -> float:
        """US dollars of the whole run so far."""
        return self._purse.spent

    def serves(self, role: Role) -> bool:
        """Whether there is a model for a role."""
        return bool(self._of_role.get(role, self._members))

    def ask(self, call: Call, step: str, say: Say = quiet) -> Reply | Failure:
        """The answer to a call of a step, or why there is none. What it cost goes on the bill."""
        call = self._settled(call).model_copy(update={"messages": tuple(map(_redacted, call.messages))})
        members = self._of_role.get(call.role, self._members)
        if not members:
            return Failure(kind=FailureKind.ENDED, provider="none", message=NO_MODEL.format(why=self.why).strip())
        if known := self._kept(call, members, step):
            return known

        def attempt(member: Member, addressed: Call, say: Say) -> Reply | Failure:
            return self._try(member, addressed, step, say)

        return self._persistence.ask(members, call, attempt, lambda: self._purse.left, say)

    def taken(self) -> tuple[Exchange, ...]:
        """The lines of the bill since this was last asked, for the next checkpoint."""
        return self._purse.taken()

    def preload(self, exchanges: Iterable[Exchange]) -> None:
        """Count what an interrupted run had spent before it was taken up."""
        self._purse.preload(exchanges)

    def close(self) -> None:
        """Let go of the broker."""
        if self._connection:
            self._connection.close()

    def _settled(self, call: Call) -> Call:
        own = self._roles.get(call.role)
        if own is None:
            return call
        known = {"effort": own.effort, "temperature": own.temperature, "max_output_tokens": own.max_output_tokens}
        return call.model_copy(update={key: value for key, value in known.items() if value is not None})

    def _kept(self, call: Call, members: Sequence[Member], step: str) -> Reply | None:
        for member in members:
            addressed = member.addressed(call)
            if self._replies and member.kept and (reply := self._replies.find(addressed, member.identity)):
                self._purse.note(
                    Exchange(
                        step=step,
                        role=call.role,
                        prompt=call.prompt,
                        provider=member.name,
                        model=reply.model,
                        input_tokens=reply.input_tokens,
                        output_tokens=reply.output_tokens,
                        cached=True,
                    )
                )
                return reply
        return None

    def _try(self, member: Member, call: Call, step: str, say: Say) -> Reply | Failure:
        held = self._purse.reserve(member, call)
        if isinstance(held, Failure):
            return held
        began = self._clock()
        result: Reply | Failure = Failure(kind=FailureKind.CUT, provider=member.name, message=INTERRUPTED)
        try:
            result = member.provider.complete(call, member.seconds, say)
        finally:
            # Also on Ctrl-C: what was begun may be billed.
            result = self._purse.settle(held, member, call, step, result, self._clock() - began)
        if isinstance(result, Reply) and self._replies and member.kept:
            self._replies.keep(call, member.identity, result)
        return result


def _redacted(message: Message) -> Message:
    """What leaves this machine, without the secrets somebody left in a log or in code."""
    return message.model_copy(update={"text": redacted(message.text)})
