"""The names of a corpus, made ready for looking up: loaded once, and only the parts that are asked for."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from indexer.stores.base import NameRow
from indexer.tokens import tokens

MIN_LIKENESS = 0.75
MAX_NEAR = 8

Places = NDArray[np.int32]
"""Where rows stand in `Names.rows`; not the chunks' numbers, which may have gaps."""

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_REGISTERED = re.compile(r"[A-Z][A-Z0-9_]*_(?:OT|PT|MT|HT|UL|GT|GGT)_(?=\w)")
_ROOTS = ("bpy.types.", "bpy.ops.", "bpy.")


class Names:
    """The names of the chunks of one store, as they were when it was loaded.

    Lookups give places in `rows`. A symbol that was cut into parts is found by its first part.
    """

    def __init__(self, rows: Sequence[NameRow]) -> None:
        self.rows = rows

    def __len__(self) -> int:
        return len(self.rows)

    @cached_property
    def ids(self) -> NDArray[np.int64]:
        """The chunk's number of each row."""
        return np.fromiter((row.id for row in self.rows), dtype=np.int64, count=len(self.rows))

    @cached_property
    def places(self) -> Mapping[int, int]:
        """Where each chunk's row stands, by its number."""
        return {row.id: place for place, row in enumerate(self.rows)}

    @cached_property
    def priors(self) -> NDArray[np.float32]:
        """How likely each is asked for, 0 to 1."""
        return np.fromiter((row.prior for row in self.rows), dtype=np.float32, count=len(self.rows))

    @cached_property
    def roles(self) -> NDArray[np.str_]:
        """What each row is."""
        return np.array([row.role for row in self.rows], dtype=np.str_)

    @cached_property
    def by_symbol(self) -> Mapping[str, tuple[int, ...]]:
        """Places by the whole symbol, lower case."""
        return _grouped((row.symbol.lower(), place) for place, row in enumerate(self.rows) if row.part < 2)

    @cached_property
    def by_last_name(self) -> Mapping[str, tuple[int, ...]]:
        """Places by what stands behind the symbol's last dot, lower case."""
        return _grouped(self._lasts())

    def _lasts(self) -> Iterator[tuple[str, int]]:
        for place, row in enumerate(self.rows):
            if row.part < 2:
                last = row.symbol.rpartition(".")[2]
                yield last.lower(), place
                # A registered class is also known by what stands behind its kind: VRM_OT_move_up is move_up.
                if match := _REGISTERED.match(last):
                    yield last[match.end() :].lower(), place

    @cached_property
    def by_owner(self) -> Mapping[str, tuple[int, ...]]:
        """Places of the members of a class or module, by its whole symbol, lower case."""
        rows = ((row.symbol.lower().rpartition(".")[0], place) for place, row in enumerate(self.rows))
        return _grouped(rows)

    @cached_property
    def by_path(self) -> Mapping[str, tuple[int, ...]]:
        """Places by the file (or page) they are of."""
        return _grouped((row.path, place) for place, row in enumerate(self.rows))

    def ending(self, name: str) -> list[int]:
        """Places whose symbol is this name, or ends in it at a dot (letters as they are)."""
        found = self.by_last_name.get(name.rpartition(".")[2].lower(), ())
        return [place for place in found if f".{self.rows[place].symbol}".endswith(f".{name}")]

    def near(self, name: str, limit: int = MAX_NEAR) -> list[tuple[float, int]]:
        """Places whose last name is like this one, with the likeness (0 to 1), likest first."""
        name = name.lower()
        if not 3 <= len(name) <= 100:
            return []
        found = process.extract(name, self._last_names, scorer=fuzz.ratio, limit=limit, score_cutoff=100 * MIN_LIKENESS)
        return [(score / 100, place) for last, score, _ in found for place in self.by_last_name[last]]

    @cached_property
    def _last_names(self) -> tuple[str, ...]:
        return tuple(self.by_last_name)

    @cached_property
    def _postings(self) -> tuple[Mapping[str, Places], NDArray[np.float32]]:
        """Where each word stands in a name, and how many words (in idf) each name has."""
        lists: dict[str, list[int]] = {}
        spoken: list[tuple[str, ...]] = []
        for place, row in enumerate(self.rows):
            words = _spoken(row)
            spoken.append(words)
            for word in words:
                lists.setdefault(word, []).append(place)
        postings = {word: np.array(found, dtype=np.int32) for word, found in lists.items()}
        weights = {word: self._idf(len(found)) for word, found in lists.items()}
        masses = np.fromiter(
            (sum(weights[word] for word in words) for words in spoken), dtype=np.float32, count=len(spoken)
        )
        return postings, masses

    def _idf(self, documents: int) -> float:
        return math.log(1 + (len(self.rows) - documents + 0.5) / (documents + 0.5))

    def likeness(self, weights: Mapping[str, float]) -> NDArray[np.float32]:
        """How well each name says the (stemmed) words, 0 to 1; words count by weight and rarity.

        A name is good when it says much of what is asked and little else: the harmonic mean of both.
        """
        postings, masses = self._postings
        said = np.zeros(len(self.rows), dtype=np.float32)
        covered = np.zeros(len(self.rows), dtype=np.float32)
        total = 0.0
        for word, weight in weights.items():
            found = postings.get(word)
            idf = self._idf(0 if found is None else len(found))
            if found is not None:
                said[found] += weight * idf
                covered[found] += idf
                total += weight * idf
            else:
                # A word no name has says nothing against a name.
                total += 0.3 * weight * min(idf, 6.0)
        if total <= 0:
            return said
        share = said / total
        precision = covered / np.maximum(masses, 1e-6)
        return np.asarray(2 * share * precision / np.maximum(share + precision, 1e-6), dtype=np.float32)


def _spoken(row: NameRow) -> tuple[str, ...]:
    name = row.symbol
    for root in _ROOTS:
        name = name.removeprefix(root)
    pieces = name.split(".")[-2:]
    return tuple(dict.fromkeys(word for piece in pieces for word in stems(piece)))


def stems(name: str) -> tuple[str, ...]:
    """The stemmed words an identifier is made of, each once."""
    return tuple(dict.fromkeys(token for word in _WORDS.findall(name) for token in tokens(word.lower())))


def _grouped(pairs: Iterable[tuple[str, int]]) -> Mapping[str, tuple[int, ...]]:
    found: dict[str, list[int]] = {}
    for name, place in pairs:
        found.setdefault(name, []).append(place)
    return {name: tuple(places) for name, places in found.items()}
