"""How likely anybody asks for a symbol of the API: by how many public add-ons use it.

The counts are package data, made by `benchmarks/count_usage.py`, one column for each age of Blender.
"""

from __future__ import annotations

import gzip
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources

FILE = "api_usage.tsv.gz"


@dataclass(frozen=True)
class Age:
    """A stretch of Blender's history whose code looks alike. Dates are ISO, `until` excluded."""

    name: str
    first: tuple[int, int]
    since: str
    until: str
    stubs: str


AGES = (
    Age("2.7", (0, 0), "2000-01-01", "2019-07-30", "2.79"),
    Age("2.8", (2, 80), "2019-07-30", "2021-12-03", "2.93"),
    Age("3", (3, 0), "2021-12-03", "2023-11-14", "3.6"),
    Age("4", (4, 0), "2023-11-14", "2025-11-18", "4.5"),
    Age("5", (5, 0), "2025-11-18", "2100-01-01", "5.1"),
)
"""`first` is the release an age starts with, `stubs` the one whose stubs its code is read with."""

_FADE = 0.5
"""What an age counts for the one beside it: an add-on that still works in a release was often written before it."""

_GUESSED = 0.2
"""What every owner of a name gets of the uses whose owner is not known, before those known to be used get theirs."""

_STEEP = 200.0
"""How the share of add-ons becomes a prior: of 200 add-ons, the one that uses a thing is worth 0.13 already."""

_FROM_MEMBERS = 0.5
"""A class is asked for when its members are, if less often."""

_HEARSAY = 0.5
"""Names as code writes them, in no particular age, say less than code that was understood."""

_Counts = tuple[float, ...]


@dataclass(frozen=True)
class Usage:
    """The counts: `exact` by full name; `bare` by last name, owner not known, with the number of possible
    owners; `written` by name or `owner.name` as code has it, in any age. `addons` were read in each age.
    """

    addons: _Counts
    exact: Mapping[str, _Counts] = field(default_factory=dict)
    bare: Mapping[str, tuple[_Counts, int]] = field(default_factory=dict)
    written: Mapping[str, float] = field(default_factory=dict)
    written_by: float = 1.0
    _same_name: dict[str, float] = field(default_factory=dict)
    _best_member: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for symbol, counts in self.exact.items():
            owner, _, name = symbol.rpartition(".")
            self._same_name[name] = self._same_name.get(name, 0.0) + sum(counts)
            self._best_member.setdefault(owner, []).append(symbol)

    def prior(self, symbol: str, release: str) -> float:
        """0 (nobody uses it) to 1 (everybody does), in the ages near the release."""
        weights = _weights(release)
        share = self._share(symbol, weights)
        if members := self._best_member.get(symbol):
            share = max(share, _FROM_MEMBERS * max(self._exact(member, weights) for member in members))
        return min(1.0, math.log1p(_STEEP * share) / math.log1p(_STEEP))

    def _share(self, symbol: str, weights: _Counts) -> float:
        """The share of add-ons that use it, as far as can be known."""
        owner, _, name = symbol.rpartition(".")
        part = self._part(symbol, name)
        counts, _ = self.bare.get(name, ((), 0))
        found = self._exact(symbol, weights) + part * self._over(counts, weights)
        if symbol in self.exact:
            return found
        pair = self.written.get(f"{owner.rpartition('.')[2]}.{name}", 0.0)
        return max(found, _HEARSAY * max(pair, part * self.written.get(name, 0.0)) / self.written_by)

    def _part(self, symbol: str, name: str) -> float:
        """Of the uses of a name whose owner is not known, how many are probably this one's."""
        _, owners = self.bare.get(name, ((), 0))
        known = self._same_name.get(name, 0.0) + _GUESSED * owners
        return (sum(self.exact.get(symbol, ())) + _GUESSED) / known if owners else 0.0

    def _exact(self, symbol: str, weights: _Counts) -> float:
        return self._over(self.exact.get(symbol, ()), weights)

    def _over(self, counts: _Counts, weights: _Counts) -> float:
        """A weighted share; ages the counts do not reach are empty."""
        used = sum(weight * count for weight, count in zip(weights, counts, strict=False))
        return used / sum(weight * count for weight, count in zip(weights, self.addons, strict=True))


def prior(symbol: str, release: str) -> float:
    """How likely anybody asks for a symbol in a release, 0 to 1; 0 where it is not known to be used."""
    return usage().prior(symbol, release)


@lru_cache(maxsize=1)
def usage() -> Usage:
    """The counts that are shipped, read once a process."""
    data = resources.files("indexer").joinpath("data", FILE).read_bytes()
    return parse(gzip.decompress(data).decode("utf-8").splitlines())


def parse(lines: Iterable[str]) -> Usage:
    """Read the table: `# add-ons` and `# written` give totals; then name, counts by age, possible owners."""
    addons: _Counts = (1.0,) * len(AGES)
    written_by = 1.0
    exact: dict[str, _Counts] = {}
    bare: dict[str, tuple[_Counts, int]] = {}
    written: dict[str, float] = {}
    for line in lines:
        name, *cells = line.split("\t")
        if name == "# add-ons":
            addons = _numbers(cells)
        elif name == "# written":
            written_by = float(cells[0])
        elif name.startswith("."):
            bare[name[1:]] = (_numbers(cells[: len(AGES)]), int(cells[len(AGES)]))
        elif name.startswith("~"):
            written[name[1:]] = float(cells[0])
        elif not name.startswith("#"):
            exact[name] = _numbers(cells)
    return Usage(addons, exact, bare, written, written_by)


def age_of(release: str) -> int:
    """Which age a release belongs to; what is no release (documentation of something else) is of today."""
    numbers = release.split(".")
    if not all(number.isdigit() for number in numbers):
        return len(AGES) - 1
    version = tuple(map(int, numbers[:2]))
    return max(index for index, age in enumerate(AGES) if age.first <= version)


@lru_cache(maxsize=32)
def _weights(release: str) -> _Counts:
    here = age_of(release)
    return tuple(_FADE ** abs(index - here) for index in range(len(AGES)))


def _numbers(cells: Iterable[str]) -> _Counts:
    return tuple(float(cell or 0) for cell in cells)
