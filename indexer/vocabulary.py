"""Blender's words for what people say: "dropdown" is an enum property, "sidebar" the region UI.

The words are data (`indexer/data/vocabulary/`, a file a domain), written from knowledge of Blender. They are hints:
what they lead to is one opinion among several.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexer.embedders.base import Embedder, Vectors
from indexer.embedders.static import StaticEmbedder
from indexer.errors import MissingError
from indexer.query import COMMON, STOP
from indexer.tokens import tokens

DATA = Path(__file__).resolve().parent / "data" / "vocabulary"

MAX_HEARD = 12
"""How many entries a query may meet."""
MAX_WORDS = 64
SATURATION = 0.6
"""How soon saying a word in several phrases of an entry says nothing more."""
WHOLE = 0.5
"""What a whole phrase counts, beside its words."""
SYNONYM = 0.6
"""What a word counts that was not said but is meant by one that was."""
MEANING = 0.6
"""What nearness in meaning counts, beside the words."""
MIN_NEAR = 0.15
UNHEARD = 5.0
"""What a word that no entry has counts at most against them."""


_SMALL = frozenset(token for word in STOP | COMMON for token in tokens(word))


@dataclass(frozen=True)
class Entry:
    """What a phrase means: `names` of the API, the most likely first; `words` its documentation uses; and why.

    ``phrases` are sets of stemmed words, all of which must be said; `spoken` are the same as people say them.
    """

    phrases: tuple[frozenset[str], ...]
    spoken: tuple[str, ...]
    names: tuple[str, ...]
    words: tuple[str, ...]
    why: str = ""


@dataclass(frozen=True)
class Heard:
    """An entry a text met: how well (0 to 1), and whether one of its phrases was said whole."""

    entry: Entry
    score: float
    whole: bool


class Vocabulary:
    """The entries, found by what a text says of them: a whole phrase first, else as many rare words as can be."""

    def __init__(self, entries: Sequence[Entry], embedder: Embedder | None = None) -> None:
        self.entries = tuple(entry for entry in entries if entry.names)
        self._embedder = embedder
        self._known: tuple[Vectors, NDArray[np.int64], Vectors] | None = None
        self._phrases: dict[str, list[tuple[int, frozenset[str]]]] = {}
        self._postings: dict[str, dict[int, float]] = {}
        self._synonyms = [entry for entry in entries if not entry.names]
        for number, entry in enumerate(self.entries):
            for phrase in entry.phrases:
                for word in phrase:
                    self._phrases.setdefault(word, []).append((number, phrase))
                    self._count(word, number, 1.0)
            for word in entry.words:
                self._count(word, number, 0.5)
            for name in entry.names:
                for word in tokens(name):
                    self._count(word, number, 0.25)

    def _count(self, word: str, number: int, weight: float) -> None:
        entries = self._postings.setdefault(word, {})
        entries[number] = entries.get(number, 0.0) + weight

    def instead(self, said: frozenset[str]) -> tuple[str, ...]:
        """Blender's words for words that were said."""
        found = [
            word for entry in self._synonyms if any(phrase <= said for phrase in entry.phrases) for word in entry.words
        ]
        return tuple(dict.fromkeys(found))

    def _near(self, text: str) -> dict[int, float]:
        """How near in meaning each entry is, where it is near at all: its best phrase and all it says."""
        if self._embedder is None:
            return {}
        phrases, firsts, wholes = self._vectors(self._embedder)
        asked = self._embedder.query(text)
        each = np.maximum.reduceat(_products(phrases, asked), firsts)
        near = 0.5 * each + 0.5 * _products(wholes, asked)
        return {int(number): float(near[number]) for number in np.flatnonzero(near > MIN_NEAR)}

    def _vectors(self, embedder: Embedder) -> tuple[Vectors, NDArray[np.int64], Vectors]:
        if self._known is None:
            self._known = self._embed(embedder)
        return self._known

    def _embed(self, embedder: Embedder) -> tuple[Vectors, NDArray[np.int64], Vectors]:
        every = [said for entry in self.entries for said in entry.spoken]
        firsts = np.cumsum([0, *(len(entry.spoken) for entry in self.entries[:-1])], dtype=np.int64)
        wholes = [", ".join(entry.spoken) + " " + " ".join(entry.words) for entry in self.entries]
        return embedder.documents(every), firsts, embedder.documents(wholes)

    def idf(self, word: str) -> float:
        """How telling a word is among the entries; one that none of them has is very telling, and unheard."""
        count = len(self.entries)
        documents = len(self._postings.get(word, ()))
        return math.log(1 + (count - documents + 0.5) / (documents + 0.5))

    def hear(self, text: str, limit: int = MAX_HEARD) -> tuple[Heard, ...]:
        """The entries a text meets, the best first."""
        every = tuple(dict.fromkeys(tokens(text)))[:MAX_WORDS]
        said = frozenset(every)
        telling = {word: 1.0 for word in every if word not in _SMALL}
        total = sum(min(self.idf(word), UNHEARD) for word in telling) or 1.0
        for word in self.instead(said):
            telling.setdefault(word, SYNONYM)
        scores: dict[int, float] = {}
        for word, weight in telling.items():
            idf = weight * self.idf(word)
            for number, often in self._postings.get(word, {}).items():
                scores[number] = scores.get(number, 0.0) + idf * often / (often + SATURATION)
        whole: dict[int, float] = {}
        for word in said:
            for number, phrase in self._phrases.get(word, ()):
                if phrase <= said:
                    mass = sum(self.idf(part) for part in phrase)
                    whole[number] = max(whole.get(number, 0.0), mass)
        for number, mass in whole.items():
            scores[number] = scores.get(number, 0.0) + WHOLE * mass
        for number, near in self._near(text).items():
            scores[number] = scores.get(number, 0.0) + MEANING * total * near
        best = sorted(scores, key=lambda number: (-scores[number], number))[:limit]
        most = total * (1 + WHOLE)
        return tuple(Heard(self.entries[n], min(scores[n] / most, 1.0), n in whole) for n in best)


def _products(rows: Vectors, vector: Vectors) -> Vectors:
    # Not `@`: that hands half a millisecond's work to every core and, where they are busy, waits twenty for them.
    return np.asarray(np.einsum("ij,j->i", rows, vector), dtype=np.float32)


@lru_cache(maxsize=1)
def load() -> Vocabulary:
    """The vocabulary that ships with the package; read once."""
    entries = [entry for file in sorted(DATA.glob("*.toml")) for entry in read(file.read_text("utf-8"))]
    embedder = StaticEmbedder()
    try:
        embedder.dimensions  # noqa: B018  (looks whether the model is there)
    except MissingError:
        return Vocabulary(entries)
    return Vocabulary(entries, embedder)


def read(text: str) -> list[Entry]:
    """The entries of a file of the vocabulary."""
    entries: list[Entry] = []
    domains: Mapping[str, Mapping[str, Mapping[str, str]]] = tomllib.loads(text)
    for domain in domains.values():
        for key, value in domain.items():
            phrases = tuple(_phrase(phrase) for phrase in key.split(","))
            names = tuple(value.get("is", "").split())
            words = tuple(dict.fromkeys(tokens(value.get("like", ""))))
            spoken = tuple(" ".join(phrase.split()) for phrase in key.split(","))
            entries.append(Entry(phrases, spoken, names, words, value.get("why", "")))
    return entries


def _phrase(text: str) -> frozenset[str]:
    """The words that must be said; small ones too where else a single word would be left of several."""
    telling = [word for word in text.split() if word.lower() not in STOP and word.lower() not in COMMON]
    kept = telling if len(telling) > 1 else text.split()
    return frozenset(token for word in kept for token in tokens(word))
