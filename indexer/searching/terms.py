"""Which of a query's words are looked up: the rare ones, since a common one costs most and says least."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from indexer.query import Query
from indexer.stores.base import Store
from indexer.tokens import tokens

MAX_TERMS = 60
MAX_READ = 10_000
"""How many places of words a search may read in all: beyond, the commonest words are left out …"""
MIN_TERMS = 3
"""… but never the rarest ones."""


@dataclass(frozen=True)
class Terms:
    """The (stemmed) words looked up with how telling each is, and how much of what was asked is known.

    `weights` are inverse document frequencies; `known` is the share (0 to 1) of the query's words, by
    how telling they are, that stand anywhere in the corpus.
    """

    weights: Mapping[str, float]
    known: float

    def __bool__(self) -> bool:
        return bool(self.weights)

    @property
    def rarest(self) -> tuple[str, ...]:
        """The words, the most telling first."""
        return tuple(sorted(self.weights, key=lambda word: -self.weights[word]))


def of_query(query: Query) -> tuple[str, ...]:
    """Every word a query may be found by, each once."""
    found = [term for word in (*query.words, *query.names) for term in tokens(word)]
    return tuple(dict.fromkeys(found))


def choose(words: Iterable[str], store: Store, count: int, most: int = MAX_READ) -> Terms:
    """Weigh words by how rare they are in a store of `count` chunks, and leave out the commonest.

    `most` bounds the places that are read for them, see `MAX_READ`.
    """
    asked = tuple(dict.fromkeys(words))
    frequencies = store.frequencies(asked)
    weights = {word: idf(frequencies[word], count) for word in asked if word in frequencies}
    missing = sum(idf(0, count) * 0.6 for word in asked if word not in frequencies and not _part(word, asked))
    mass = sum(weights.values())
    kept: list[str] = []
    read = 0
    for word in sorted(weights, key=lambda word: -weights[word]):
        read += frequencies[word]
        if len(kept) >= MAX_TERMS or (read > most and len(kept) >= MIN_TERMS):
            break
        kept.append(word)
    known = mass / (mass + missing) if mass + missing > 0 else 0.0
    return Terms({word: weights[word] for word in kept}, known)


def idf(documents: int, count: int) -> float:
    """Inverse document frequency as BM25 has it."""
    return math.log(1 + (max(count, documents) - documents + 0.5) / (documents + 0.5))


def _part(word: str, asked: Iterable[str]) -> bool:
    """Whether a word is a whole name whose parts are asked for as well: its absence says little."""
    return "_" in word or "." in word
