"""What the models of a run cost: each call once, by step and role, and what it comes to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.models.exchange import Exchange
from bot.models.report import Cost
from bot.reporting.text import line, listed, plural

TITLE = "What the models cost"
OWED = "To be paid"
NOBODY = "No model was asked, so nothing was paid."
TOKENS = "{sent:,} tokens in, {received:,} out"
UNKNOWN = "price not known"
AT_LEAST = "{known} and what has no known price"
KEPT = "{calls} answered from memory, not paid again"
NOT_AGAIN = "not paid again"
AT_MOST = "at most"
FAILED = "{count} failed: {why}"


@dataclass(frozen=True)
class Entry:
    """The calls of one role in one step. `cached` ones were answered from memory, and are paid for by nobody.

    `usd` is null where a price is not known; `most` says that it is an upper bound. `failed` holds why calls failed.
    """

    step: str
    role: str
    models: tuple[str, ...]
    calls: int
    failed: tuple[str, ...]
    input_tokens: int
    output_tokens: int
    usd: float | None
    most: bool
    cached: bool

    @property
    def price(self) -> str:
        """What it cost, in words, so exactly that the lines add up."""
        return NOT_AGAIN if self.cached else _bounded(exactly(self.usd), self.most)

    @property
    def went(self) -> str:
        """What went wrong; empty where nothing did."""
        why = listed(dict.fromkeys(self.failed))
        return FAILED.format(count=len(self.failed), why=why) if self.failed else ""


def money(usd: float | None) -> str:
    """US dollars: to the cent, and where that says nothing to the hundredth of one."""
    if usd is None:
        return UNKNOWN
    return f"${usd:,.2f}" if usd >= 0.01 or usd <= 0 else f"${max(usd, 0.0001):.4f}"


def exactly(usd: float | None) -> str:
    """US dollars to the hundredth of a cent, for what is to be added up."""
    return UNKNOWN if usd is None else f"${usd:,.4f}" if usd else "$0"


def entries(cost: Cost) -> tuple[Entry, ...]:
    """The lines of the bill, in the order the steps first asked."""
    same: dict[tuple[str, str, bool], list[Exchange]] = defaultdict(list)
    for call in cost.calls:
        same[call.step, str(call.role), call.cached].append(call)
    return tuple(_entry(step, role, cached, calls) for (step, role, cached), calls in same.items())


def total(cost: Cost) -> str:
    """`2 calls, 9,812 tokens in, 640 out, $0.03`."""
    paid = [call for call in cost.calls if not call.cached]
    kept = len(cost.calls) - len(paid)
    if not cost.calls:
        return NOBODY
    tokens = TOKENS.format(sent=cost.input_tokens, received=cost.output_tokens)
    told = f"{plural(len(paid), 'call')}, {tokens}, {owed(cost)}"
    return f"{told}; {KEPT.format(calls=plural(kept, 'more call'))}" if kept else told


def owed(cost: Cost, amount: Callable[[float | None], str] = money) -> str:
    """What is to be paid, as far as it is known."""
    paid = [call for call in cost.calls if not call.cached]
    known = amount(cost.usd if cost.usd is not None else sum(call.usd or 0.0 for call in paid))
    if cost.usd is None:
        return AT_LEAST.format(known=known) if any(call.usd for call in paid) else UNKNOWN
    return _bounded(known, any(map(_at_most, paid)))


def models(calls: Sequence[Exchange]) -> tuple[str, ...]:
    """Who answered: provider and model, as they name themselves; a stranger's text."""
    named = (line(f"{call.provider} {call.model}", 100) for call in calls if call.failure is None)
    return tuple(dict.fromkeys(named)) or tuple(dict.fromkeys(line(call.provider, 100) for call in calls))


def _entry(step: str, role: str, cached: bool, calls: Sequence[Exchange]) -> Entry:
    prices = [call.usd for call in calls]
    return Entry(
        step=step,
        role=role,
        models=models(calls),
        calls=len(calls),
        failed=tuple(str(call.failure) for call in calls if call.failure is not None),
        input_tokens=sum(call.input_tokens for call in calls),
        output_tokens=sum(call.output_tokens for call in calls),
        usd=None if any(price is None for price in prices) else sum(price or 0.0 for price in prices),
        most=any(map(_at_most, calls)),
        cached=cached,
    )


def _at_most(call: Exchange) -> bool:
    """Whether nobody knows what a call that failed cost, and it is counted at its most."""
    return call.failure is not None and bool(call.usd)


def _bounded(amount: str, most: bool) -> str:
    return f"{AT_MOST} {amount}" if most else amount
