"""Trying again, resting a server that is down, and going on to the next: what stands between one try and an answer."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from bot.llm.base import Say
from bot.llm.members import Member
from bot.models.exchange import Call, Failure, FailureKind, Reply

if TYPE_CHECKING:
    import pybreaker
    from tenacity import RetryCallState

AGAIN = "{name}: {kind}; again in {wait:.0f} s"
NEXT = "{name} did not answer; asking {other}"
TOO_FAR = "{message} It asks to wait {wait:.0f} seconds, which is more than there is."
RESTING = "{name} failed several times in a row and is left alone for a while."
TRIED = "{message} (tried {tries} times)"
NOBODY = "No model answered. {each}"

RETRIES: Mapping[FailureKind, int] = MappingProxyType(
    {
        FailureKind.RATE_LIMITED: 4,
        FailureKind.OVERLOADED: 3,
        FailureKind.UNREACHABLE: 2,
        FailureKind.CUT: 2,
        FailureKind.MALFORMED: 2,
        FailureKind.EMPTY: 2,
        FailureKind.TIMED_OUT: 1,
    }
)
"""How often each kind of failure is worth another try; kinds that are not here are answers, and stay what they are."""

MAX_TRIES = 6
"""Of one provider for one call, whatever the failures."""

FIRST_WAIT = 1.0
LONGEST_WAIT = 120.0
"""Seconds. A server that asks for more is as good as down."""

REST_SECONDS = 60.0
FAILURES_TO_REST = 5

_OF_THE_SERVER = frozenset({FailureKind.OVERLOADED, FailureKind.TIMED_OUT, FailureKind.UNREACHABLE})
"""What says that a server is not well. One that is busy or refuses is, and bad answers may be the model's."""

Try = Callable[[Member, Call, Say], Reply | Failure]
"""One try: money, time and the bill included."""


class _Unwell(Exception):  # noqa: N818  (a value on its way through the breaker)
    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.message)
        self.failure = failure


class Breakers:
    """One circuit breaker per server, for the whole run: what is down for one call is down for the next."""

    def __init__(self, *, failures: int = FAILURES_TO_REST, rest: float = REST_SECONDS) -> None:
        self._failures = failures
        self._rest = rest
        self._lock = threading.Lock()
        self._known: dict[str, pybreaker.CircuitBreaker] = {}

    def through(self, identity: str, attempt: Callable[[], Reply | Failure]) -> Reply | Failure | None:
        """What a try gives, or nothing while the server is left alone."""
        import pybreaker

        def guarded() -> Reply | Failure:
            result = attempt()
            if isinstance(result, Failure) and result.kind in _OF_THE_SERVER:
                raise _Unwell(result)
            return result

        try:
            result: Reply | Failure = self._breaker(identity).call(guarded)
        except _Unwell as unwell:
            return unwell.failure
        except pybreaker.CircuitBreakerError:
            return None
        return result

    def _breaker(self, identity: str) -> pybreaker.CircuitBreaker:
        import pybreaker

        with self._lock:
            if identity not in self._known:
                # Ctrl-C is no failure of the server's.
                self._known[identity] = pybreaker.CircuitBreaker(
                    fail_max=self._failures,
                    reset_timeout=self._rest,
                    exclude=[lambda error: not isinstance(error, _Unwell)],
                    throw_new_error_on_trip=False,
                )
            return self._known[identity]


@dataclass(frozen=True)
class Persistence:
    """How patiently models are asked. `sleep` and `jitter` (a number from 0 to 1) are handed in for tests' sake."""

    breakers: Breakers = field(default_factory=Breakers)
    sleep: Callable[[float], None] = time.sleep
    jitter: Callable[[], float] = random.random

    def ask(
        self, members: Sequence[Member], call: Call, attempt: Try, left: Callable[[], float], say: Say
    ) -> Reply | Failure:
        """The answer of the first member that gives one. `left` says how many seconds of the run there are."""
        failures: list[Failure] = []
        for place, member in enumerate(members):
            result = self._one(member, member.addressed(call), attempt, left, say)
            if isinstance(result, Reply):
                return result
            failures.append(result)
            if place + 1 < len(members):
                say(NEXT.format(name=member.name, other=members[place + 1].name))
        return summed(failures)

    def _one(self, member: Member, call: Call, attempt: Try, left: Callable[[], float], say: Say) -> Reply | Failure:
        from tenacity import Retrying, retry_if_result, stop_after_attempt

        course = _Course(member, left, self.jitter)

        def once() -> Reply | Failure:
            if member.patient:
                return attempt(member, call, say)
            result = self.breakers.through(member.identity, lambda: attempt(member, call, say))
            if result is not None:
                return result
            course.resting = True
            message = RESTING.format(name=member.name)
            return Failure(kind=FailureKind.UNREACHABLE, provider=member.name, message=message)

        def waiting(state: RetryCallState) -> None:
            say(AGAIN.format(name=member.name, kind=course.kind, wait=course.wait))

        tries = Retrying(
            retry=retry_if_result(course.worth_another),
            stop=stop_after_attempt(MAX_TRIES),
            wait=lambda state: course.wait,
            sleep=self.sleep,
            before_sleep=waiting,
            retry_error_callback=lambda state: state.outcome.result() if state.outcome else None,
        )
        result: Reply | Failure = tries(once)
        return course.told(result) if isinstance(result, Failure) else result


class _Course:
    """How the tries of one provider go for one call."""

    def __init__(self, member: Member, left: Callable[[], float], jitter: Callable[[], float]) -> None:
        self.resting = False
        self.wait = 0.0
        self.kind = ""
        self._member = member
        self._left = left
        self._jitter = jitter
        self._seen: Counter[FailureKind] = Counter()
        self._too_far = False

    def worth_another(self, result: Reply | Failure) -> bool:
        """Whether to try again, and after how many seconds."""
        if not isinstance(result, Failure) or self.resting:
            return False
        self.kind = result.kind
        self._seen[result.kind] += 1
        if self._member.patient and result.kind == FailureKind.TIMED_OUT:
            return False
        if self._seen[result.kind] > RETRIES.get(result.kind, 0):
            return False
        self.wait = pause(self._seen.total(), result.retry_after, self._jitter())
        self._too_far = (result.retry_after or 0) > LONGEST_WAIT or self.wait >= self._left()
        return not self._too_far

    def told(self, failure: Failure) -> Failure:
        """The last failure, with what was done about it."""
        if self._too_far and failure.retry_after is not None:
            message = TOO_FAR.format(message=failure.message, wait=failure.retry_after)
        elif self._seen.total() > 1:
            message = TRIED.format(message=failure.message, tries=self._seen.total())
        else:
            return failure
        return failure.model_copy(update={"message": message})


def pause(tries: int, asked: float | None, jitter: float) -> float:
    """Seconds to wait after so many tries: what the server asked for and a little more, else a growing random time."""
    if asked is not None:
        return min(asked, LONGEST_WAIT) + FIRST_WAIT * jitter
    longest: float = min(FIRST_WAIT * 2.0 ** (tries - 1), LONGEST_WAIT)
    return longest * (0.5 + jitter / 2)


def summed(failures: Sequence[Failure]) -> Failure:
    """One failure that says what each provider said; it is of the last one's kind."""
    *before, last = failures
    if not before:
        return last
    each = " ".join(f"{failure.provider}: {failure.message}" for failure in failures)
    names = ", ".join(failure.provider for failure in failures)
    return Failure(kind=last.kind, provider=names, message=NOBODY.format(each=each), retry_after=last.retry_after)
