"""What a figure is: a function of results whose docstring is its definition."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from bot.models.evaluation import Figure, Result


class Mean(NamedTuple):
    """A value, and over how many cases (or patches, names, claims) it was taken."""

    value: float | None
    over: int


@dataclass(frozen=True)
class Measure:
    """One figure. `of` gets the results of one configuration, those that were skipped left out."""

    key: str
    title: str
    of: Callable[[Sequence[Result]], Mean]
    unit: Literal["share", "count", "mean", "USD", "tokens"] = "share"
    goal: float | None = None
    at_most: bool = False

    @property
    def definition(self) -> str:
        """What it measures, in one paragraph."""
        return " ".join((inspect.getdoc(self.of) or "").split())

    def figure(self, results: Sequence[Result]) -> Figure:
        """The number of one configuration."""
        value, over = self.of([result for result in results if not result.skipped])
        return Figure(
            key=self.key, title=self.title, value=value, over=over, unit=self.unit, goal=self.goal,
            at_most=self.at_most,
        )  # fmt: skip


def mean(values: Iterable[float | None]) -> Mean:
    """The mean of what could be measured."""
    known = [float(value) for value in values if value is not None]
    return Mean(sum(known) / len(known) if known else None, len(known))


def share(good: int, total: int) -> Mean:
    """`good` of `total`; no number of none."""
    return Mean(good / total if total else None, total)
