"""What is to be tried: attempts, in rounds, and what they should reach first."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

import bpy

from bot.blender.harness.bench import Bench
from bot.blender.harness.code.belongings import Before
from bot.blender.harness.code.classes import file_of, registered_classes
from bot.blender.harness.code.mentions import Mentions
from bot.blender.harness.results import Results
from bot.blender.harness.values import Json

STARTS_AGAIN = 2
"""How often Blender is started again where a probe ended it."""
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
        self._of_operators: dict[type, Goal] = {}

    def wished(self) -> Goal:
        """All of them."""
        wished = {path: set(lines) for path, lines in self.changed.items()}
        for path, line in self._bench.places:
            if line in self._bench.sources.executable(path):
                wished.setdefault(path, set()).add(line)
        return wished

    def of_operator(self, cls: type) -> Goal:
        """The wished-for lines that this operator can get to, going by names."""
        if cls not in self._of_operators:
            self._of_operators[cls] = self._of_operator(cls)
        return self._of_operators[cls]

    def hunts(self, goal: Goal) -> bool:
        """Whether a line of a traceback somebody gave is among these."""
        return any(line in goal.get(path, ()) for path, line in self._bench.places)

    def _of_operator(self, cls: type) -> Goal:
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
            if site.name in {"register", "unregister"}:  # Blender calls them, whoever speaks of a function so named
                continue
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
    deadline: float = math.inf
    """By `time.monotonic()`."""
    spared: frozenset[str] = frozenset()
    """What ended Blender in an earlier start and is not tried again."""

    @cached_property
    def mentions(self) -> Mentions:
        """What the add-on's functions speak of."""
        return Mentions(self.bench.addon, self.bench.sources)

    @property
    def last(self) -> bool:
        """Whether there will be no further start, so that nothing that is not needed should end this one."""
        return len(self.spared) >= STARTS_AGAIN

    @property
    def left(self) -> float:
        """Seconds."""
        return self.deadline - time.monotonic()

    def operators(self) -> Iterator[type]:
        """The operators: those that get to lines to be reached, then, each time, one whose code did not run so far."""
        waiting = [cls for cls in self.classes if issubclass(cls, bpy.types.Operator)]
        waiting.sort(key=lambda cls: not self.aims.of_operator(cls))
        aimed = sum(bool(self.aims.of_operator(cls)) for cls in waiting)
        while waiting:
            fresh = (index for index, cls in enumerate(waiting) if not self._ran(cls))
            yield waiting.pop(0 if aimed > 0 else next(fresh, 0))
            aimed -= 1

    def _ran(self, cls: type) -> bool:
        """Whether any of what an operator executes ran; the order is not worth a failure of what was exchanged."""
        try:
            own, _ = self.mentions.sites(cls)
        except Exception:
            return False
        bodies = [site for site in own if site.name == "execute"]
        return any(site.start < line <= site.end for site in bodies for line in self.bench.coverage.lines(site.path))

    @cached_property
    def classes(self) -> list[type]:
        """The classes the add-on has registered, once it is enabled."""
        return registered_classes(self.bench.addon)

    def earlier(self, identifier: str) -> Json:
        """What came of an earlier attempt; nothing where it was not made."""
        return next((one for one in self.results.probes if one["id"] == identifier), {})

    def ended(self, identifier: str) -> str:
        """How an earlier attempt ended; empty where it was not made."""
        return str(self.earlier(identifier).get("outcome", ""))


Round = Callable[[Course], Iterator[Attempt]]
"""Attempts of one kind, in an order that does not change; what has to be done after one comes after its `yield`."""
