"""The names of a corpus, made ready for looking up: loaded once, and only the parts that are asked for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from indexer.stores.base import NameRow

MIN_LIKENESS = 0.75
MAX_NEAR = 8

_REGISTERED = re.compile(r"[A-Z][A-Z0-9_]*_(?:OT|PT|MT|HT|UL|GT|GGT)_(?=\w)")


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

    def of_module(self, module: str) -> list[str]:
        """The files a dotted module name can mean: wherever the repository's packages begin."""
        wanted = f"/{module.replace('.', '/')}"
        return [path for stem, path in self._by_stem.get(module.rpartition(".")[2], ()) if stem.endswith(wanted)]

    @cached_property
    def _by_stem(self) -> Mapping[str, tuple[tuple[str, str], ...]]:
        """The files of each last name of a module, with their paths as modules spell them."""
        found: dict[str, list[tuple[str, str]]] = {}
        for path in self.by_path:
            stem = "/" + path.removesuffix(".py").removesuffix("/__init__")
            found.setdefault(stem.rpartition("/")[2], []).append((stem, path))
        return {name: tuple(files) for name, files in found.items()}

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


def _grouped(pairs: Iterable[tuple[str, int]]) -> Mapping[str, tuple[int, ...]]:
    found: dict[str, list[int]] = {}
    for name, place in pairs:
        found.setdefault(name, []).append(place)
    return {name: tuple(places) for name, places in found.items()}
