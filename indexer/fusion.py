"""Putting several rankings of the same things together."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

K = 20.0
"""How flat a reciprocal rank is: the larger, the less the very first place is worth."""

Item = TypeVar("Item", bound=Hashable)


@dataclass(frozen=True)
class Ranking(Generic[Item]):
    """One opinion: things best first, and how much it counts."""

    name: str
    items: Sequence[Item]
    weight: float = 1.0


def reciprocal_ranks(rankings: Iterable[Ranking[Item]], k: float = K) -> dict[Item, float]:
    """Weighted reciprocal rank fusion: a thing on rank r of a ranking gets weight * (k + 1) / (k + r).

    First place in every ranking gives the sum of their weights. A thing named twice by one ranking
    counts where it stands first. The result is in the order in which things were first seen.
    """
    scores: dict[Item, float] = {}
    for ranking in rankings:
        for rank, item in enumerate(dict.fromkeys(ranking.items), start=1):
            scores[item] = scores.get(item, 0.0) + ranking.weight * (k + 1) / (k + rank)
    return scores


def ranks(scores: Mapping[Item, float]) -> dict[Item, int]:
    """Places from 1 by score, largest first; equal scores keep their order."""
    ordered = sorted(scores, key=lambda item: -scores[item])
    return {item: rank for rank, item in enumerate(ordered, start=1)}


def best(scores: Mapping[Item, float], limit: int) -> list[Item]:
    """The `limit` things with the largest scores, largest first; equal scores keep their order."""
    return sorted(scores, key=lambda item: -scores[item])[: max(limit, 0)]
