"""What is to be tried: attempts, in rounds, and what they should reach first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

from bot.blender.harness.bench import Bench
from bot.blender.harness.code.belongings import Before
from bot.blender.harness.code.classes import file_of, registered_classes
from bot.blender.harness.results import Results
from bot.blender.harness.values import Json

Goal = dict[str, set[int]]
"""Lines to be reached, by path."""


@dataclass(frozen=True)
class Attempt:
    """One thing to try; `<kind>:<subject>` is its probe's id, and `run` gives the probe."""

    kind: str
    subject: str
    run: Callable[[], Json]


class Aims:
    """The lines that should be reached: those a patch changed, and those of a traceback somebody gave."""

    def __init__(self, bench: Bench, request: Json) -> None:
        self._bench = bench
        self.changed: Goal = {
            path: set(lines) & bench.sources.executable(path) for path, lines in (request.get("changed") or {}).items()
        }
        self.places: tuple[Json, ...] = tuple(request.get("places") or ())

    def wished(self) -> Goal:
        """All of them."""
        wished = {path: set(lines) for path, lines in self.changed.items()}
        for path, line in self._bench.places:
            if line in self._bench.sources.executable(path):
                wished.setdefault(path, set()).add(line)
        return wished

    def of_operator(self, cls: type) -> Goal:
        """The wished-for lines that this operator can get to, going by names."""
        wished = self.wished()
        if not any(wished.values()):
            return {}
        sources = self._bench.sources
        holders = {holder.__name__ for holder in cls.__mro__ if file_of(self._bench.addon, holder)}
        own = {
            site
            for site in sources.all_sites()
            if site.owner in holders and site.name not in {"invoke", "modal", "draw"}
        }
        goal: Goal = {}
        for site in sources.reach(set(), own):
            lines = {line for line in wished.get(site.path, ()) if site.start <= line <= site.end}
            if lines:
                goal.setdefault(site.path, set()).update(lines)
        return goal

    def in_class(self, cls: type) -> Goal:
        """The wished-for lines that stand in this class."""
        goal: Goal = {}
        for path, lines in self.wished().items():
            for site in self._bench.sources.sites(path):
                inside = {line for line in lines if site.start <= line <= site.end}
                if site.owner == cls.__name__ and inside:
                    goal.setdefault(path, set()).update(inside)
        return goal

    def met(self, goal: Goal) -> bool:
        """Whether all of these lines ran."""
        return all(lines <= self._bench.coverage.lines(path) for path, lines in goal.items())


@dataclass(frozen=True)
class Course:
    """What a round of attempts is made of."""

    bench: Bench
    aims: Aims
    results: Results
    before: Before

    @cached_property
    def classes(self) -> list[type]:
        """The classes the add-on has registered, once it is enabled."""
        return registered_classes(self.bench.addon)

    def ended(self, identifier: str) -> str:
        """How an earlier attempt ended; empty where it was not made."""
        return next((str(one["outcome"]) for one in self.results.probes if one["id"] == identifier), "")


Round = Callable[[Course], Iterator[Attempt]]
"""Attempts of one kind, in an order that does not change; what has to be done after one comes after its `yield`."""
