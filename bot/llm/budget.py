"""The purse of a run: what its models may cost and how long it may ask them, checked before each call."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from bot.llm import tokens
from bot.llm.members import Member
from bot.llm.prices import Prices
from bot.models.exchange import Call, Exchange, Failure, FailureKind, Reply

NO_PRICE = (
    "It is not known what {model} at {name} costs, so it is not asked: this run has a limit of ${limit:.2f}. Name its "
    'price in your configuration: [prices."{model}"] with input and output, in US dollars per million tokens.'
)
SPENT = "The next call could cost ${most:.4f}; of this run's limit of ${limit:.2f} there is ${left:.4f} left."
OVER = "The time for asking models is over: {seconds:.0f} seconds (run_seconds)."
AT_MOST = "counted at its most: it may have been billed"

MARGIN = 1.25
"""By how much more a prompt may count in another model's vocabulary than in the one it is counted in here."""

_BEGUN = frozenset(
    {FailureKind.TIMED_OUT, FailureKind.CUT, FailureKind.MALFORMED, FailureKind.EMPTY, FailureKind.FILTERED}
)
"""Failures that come after a model has begun to work, which is what is billed."""


@dataclass(frozen=True)
class Held:
    """Money set aside for one try: US dollars it can cost at most, null where no price is known (and no limit set)."""

    most: float | None


class Purse:
    """See the module. Safe to use from several threads: money that is set aside cannot be set aside twice."""

    def __init__(
        self,
        prices: Prices,
        max_cost: float | None = None,
        run_seconds: float = math.inf,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._prices = prices
        self._limit = max_cost
        self._seconds = run_seconds
        self._clock = clock
        self._began = clock()
        self._spent = 0.0
        self._aside = 0.0
        self._bill: list[Exchange] = []
        self._lock = threading.Lock()

    @property
    def spent(self) -> float:
        """US dollars so far, those of an interrupted run that is taken up included."""
        return self._spent

    @property
    def left(self) -> float:
        """Seconds in which calls may still begin."""
        return self._began + self._seconds - self._clock()

    def preload(self, exchanges: Iterable[Exchange]) -> None:
        """Count what an earlier part of this run has spent; its lines are not billed again."""
        with self._lock:
            self._spent += sum(exchange.usd or 0.0 for exchange in exchanges)

    def reserve(self, member: Member, call: Call) -> Held | Failure:
        """Set aside what a call can cost at most, or say why it must not be made."""
        if self.left <= 0:
            message = OVER.format(seconds=self._seconds)
            return Failure(kind=FailureKind.ENDED, provider=member.name, message=message)
        sent = math.ceil(tokens.conversation(call.messages) * MARGIN)
        most = self._prices.cost(member.endpoint, call.model, sent, call.max_output_tokens)
        with self._lock:
            if self._limit is not None:
                if most is None:
                    message = NO_PRICE.format(model=call.model or "the model", name=member.name, limit=self._limit)
                    return Failure(kind=FailureKind.OUT_OF_MONEY, provider=member.name, message=message)
                left = max(0.0, self._limit - self._spent - self._aside)
                if most > left:
                    message = SPENT.format(most=most, limit=self._limit, left=left)
                    return Failure(kind=FailureKind.OUT_OF_MONEY, provider=member.name, message=message)
            self._aside += most or 0.0
        return Held(most)

    def settle(
        self, held: Held, member: Member, call: Call, step: str, result: Reply | Failure, seconds: float
    ) -> Reply | Failure:
        """Put a try on the bill, and give the answer its price. A person's time is given back to the run."""
        exchange = self._exchange(held, member, call, step, result, seconds)
        with self._lock:
            self._aside -= held.most or 0.0
            self._spent += exchange.usd or 0.0
            self._bill.append(exchange)
            if member.patient:
                self._began += seconds
        return result.model_copy(update={"usd": exchange.usd}) if isinstance(result, Reply) else result

    def note(self, exchange: Exchange) -> None:
        """Put on the bill what cost nothing, such as an answer that was kept."""
        with self._lock:
            self._bill.append(exchange)

    def taken(self) -> tuple[Exchange, ...]:
        """The lines of the bill since this was last asked."""
        with self._lock:
            lines, self._bill = tuple(self._bill), []
        return lines

    def _exchange(
        self, held: Held, member: Member, call: Call, step: str, result: Reply | Failure, seconds: float
    ) -> Exchange:
        known = {"step": step, "role": call.role, "prompt": call.prompt, "provider": member.name, "seconds": seconds}
        if isinstance(result, Reply):
            sent, received = result.input_tokens, result.output_tokens
            # Priced by the name that was asked for: a server may answer under a longer one.
            usd = self._prices.cost(member.endpoint, call.model or result.model, sent, received)
            model = result.model or call.model
            return Exchange(**known, model=model, input_tokens=sent, output_tokens=received, usd=usd)
        begun = result.kind in _BEGUN
        note = AT_MOST if begun and held.most else ""
        return Exchange(**known, model=call.model, usd=held.most if begun else 0.0, failure=result.kind, note=note)
