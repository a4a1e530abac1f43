"""What a ranking is worth: every measure is between 0 and 1, larger is better.

A ranking is judged as a sequence: for each result, best first, the answers it gives (an empty set
for one that gives none). An answer counts where it is given first. `total` is how many there are.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Hashable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Given = Sequence[Collection[Hashable]]
"""For each result, best first, which of the right answers it is."""

RESAMPLES = 10_000
SEED = 20261121


def reciprocal_rank(given: Given, k: int = 10) -> float:
    """One over the place of the first right result; 0 where none is among the first `k`."""
    for place, answers in enumerate(given[:k], start=1):
        if answers:
            return 1 / place
    return 0.0


def hit(given: Given, k: int = 10) -> float:
    """1 if any of the first `k` results is right, else 0."""
    return float(any(given[:k]))


def recall(given: Given, total: int, k: int = 10) -> float:
    """The share of the answers that stand among the first `k` results.

    Raises:
        ValueError: there is no answer at all.
    """
    if total < 1:
        raise ValueError("a question without an answer cannot be judged")
    return min(len({answer for answers in given[:k] for answer in answers}), total) / total


def ndcg(given: Given, total: int, k: int = 10) -> float:
    """Normalised discounted cumulative gain: a result gains 1 if it gives an answer not given before.

    Raises:
        ValueError: there is no answer at all.
    """
    if total < 1:
        raise ValueError("a question without an answer cannot be judged")
    gained = sum(1 / math.log2(place + 1) for place, new in enumerate(_news(given[:k]), start=1) if new)
    ideal = sum(1 / math.log2(place + 1) for place in range(1, min(total, k) + 1))
    return min(gained / ideal, 1.0)


def _news(given: Given) -> Iterator[bool]:
    seen: set[Hashable] = set()
    for answers in given:
        fresh = set(answers) - seen
        seen |= fresh
        yield bool(fresh)


@dataclass(frozen=True)
class Interval:
    """A mean difference with its 95 % interval, and how many pairs it rests on."""

    mean: float
    low: float
    high: float
    pairs: int

    @property
    def above_zero(self) -> bool:
        """Whether the whole interval is: the first is better than the second, surely enough."""
        return self.low > 0

    def __str__(self) -> str:
        return f"{self.mean:+.3f} [{self.low:+.3f}, {self.high:+.3f}]"


def paired_bootstrap(
    first: ArrayLike, second: ArrayLike, *, resamples: int = RESAMPLES, seed: int = SEED, share: float = 0.95
) -> Interval:
    """The mean of `first - second` over the same cases in the same order, and its percentile interval.

    Raises:
        ValueError: the two are not of one length, or empty.
    """
    ours, theirs = np.asarray(first, dtype=np.float64), np.asarray(second, dtype=np.float64)
    if ours.ndim != 1 or ours.shape != theirs.shape or not len(ours):
        raise ValueError(f"cannot pair {ours.shape} with {theirs.shape} results")
    difference: NDArray[np.float64] = ours - theirs
    generator = np.random.default_rng(seed)
    # In blocks, so that many cases do not take resamples x cases numbers at once.
    means = np.concatenate(
        [
            difference[generator.integers(0, len(difference), (min(1_000, resamples - done), len(difference)))].mean(
                axis=1
            )
            for done in range(0, resamples, 1_000)
        ]
    )
    tail = (1 - share) / 2
    low, high = np.quantile(means, [tail, 1 - tail])
    return Interval(float(difference.mean()), float(low), float(high), len(difference))
