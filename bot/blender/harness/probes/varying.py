"""Every operator again: in the scenes its code asks for, by a click, with other values of its options and settings.

What comes of it depends on nothing but the add-on and the release: how much is tried is counted, not timed. Only
where an operator takes long the time there is ends it, and the probe says so.
"""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Callable, Iterator
from functools import cached_property, partial

from bot.blender.harness.bench import Trial
from bot.blender.harness.code.classes import operator_name
from bot.blender.harness.course import Attempt, Course
from bot.blender.harness.interface.buttons import pressed
from bot.blender.harness.probes.loading import recover
from bot.blender.harness.probes.operators import CLICK, DEFAULT, OperatorProbe, ready
from bot.blender.harness.scene.choices import Choice, options, settings
from bot.blender.harness.scene.situations import CUBE, DENSE, is_ordinary
from bot.blender.harness.timing import OutOfTimeError, time_limit
from bot.blender.harness.values import FAIL, PASS, REFUSED, SKIPPED, Json, probe

KIND = "variation"
SHARE = 0.6
"""Of the time that is left, for all operators together: what comes after them needs some too."""
MOST_SECONDS = 30.0
"""For all of them, however much is left."""
LEAST_SECONDS = 0.5
"""For each of them."""
TRIAL_SECONDS = 4.0
MOST_SLOW = 2
"""An operator that does not end in so many trials is left alone."""
MOST_FAULTS = 3
"""Probes of one operator, each of which tells of another fault."""
TRIALS = ((0.05, 100), (0.1, 60), (0.25, 30), (1.0, 10), (5.0, 3))
"""By the seconds that one run of an operator takes, with how many choices it is tried."""


def attempts(course: Course) -> Iterator[Attempt]:
    """Each operator; once more where there was a fault, for the next one."""
    classes = list(course.operators())
    ends = time.monotonic() + min(course.left * SHARE, MOST_SECONDS)
    for index, cls in enumerate(classes):
        name = operator_name(cls)
        if course.last or f"operator:{name}" in course.spared:
            continue
        varying = _Varying(course, cls, partial(_share, ends, len(classes) - index))
        for number in range(1, MOST_FAULTS + 1):
            subject = name if number == 1 else f"{name} #{number}"
            yield Attempt(KIND, subject, partial(varying.result, subject, number))
            recover(course)
            if course.ended(f"{KIND}:{subject}") != FAIL:
                break


def _share(ends: float, waiting: int) -> float:
    """The seconds an operator may take, so that the others have as many; some may take their time, most take little."""
    return max((ends - time.monotonic()) / max(waiting / 4, 1), LEAST_SECONDS)


@contextlib.contextmanager
def _untraced(course: Course) -> Iterator[None]:
    """Note no lines meanwhile: a trace function that runs out of stack itself would be switched off by Python."""
    sys.settrace(None)
    try:
        yield
    finally:
        course.bench.coverage.renew()


class _Varying:
    """One operator, with one thing after the other another than by default."""

    def __init__(self, course: Course, cls: type, share: Callable[[], float]) -> None:
        self._course = course
        self._cls = cls
        self._share = share
        self._trials: Iterator[tuple[str, Trial]] = iter(())
        self._faults: list[tuple[str, int]] = []
        self._tried = self._slow = 0
        self._home = ""
        self._note = ""

    def result(self, subject: str, number: int) -> Json:
        """The next fault, the `number`th in all; or that there is none."""
        name = operator_name(self._cls)
        if number == 1 or not self._faults:
            attempt = ready(self._course, self._cls)
            if isinstance(attempt, str):
                return probe(KIND, subject, SKIPPED, attempt)
            before = self._course.earlier(f"operator:{name}")
            if before.get("outcome") == FAIL and not self._hunted:
                return probe(KIND, subject, SKIPPED, "it fails without any")
            if before.get("seconds", 0.0) > TRIAL_SECONDS * 2:
                return probe(KIND, subject, SKIPPED, "it takes too long")
            self._trials = self._all(attempt)
            self._attempt = attempt
        ends = time.monotonic() + self._share()
        for situation, trial in self._trials:
            found = self._fault(situation, trial)
            if found is not None and len(self._faults) >= number:
                return {**found, "id": f"{KIND}:{subject}", "subject": subject}
            if time.monotonic() > ends and not self._hunted:
                return probe(KIND, subject, SKIPPED, f"there was no time for more than {self._tried} variations")
        if self._note:
            return probe(KIND, subject, REFUSED, self._note)
        if number > 1:  # no check of its own: where the first fault is repaired there is nothing to be the second
            return probe(KIND, subject, SKIPPED, f"nothing else fails in {self._tried} variations")
        return probe(KIND, subject, PASS, f"{self._tried} variations")

    @cached_property
    def _goal(self) -> dict[str, set[int]]:
        return self._course.aims.of_operator(self._cls)

    @property
    def _hunted(self) -> bool:
        return self._course.aims.hunts(self._goal)

    def _fault(self, situation: str, trial: Trial) -> Json | None:
        """A fault that was not told of yet."""
        bench = self._course.bench
        if trial.outcome != FAIL or trial.error is None or not self._attempt.counts(trial.error, situation):
            return None
        if self._hunted and not bench.at_a_place(trial.error):
            return None
        if trial.tentative and situation != self._home and self._home != CUBE:
            return None  # it needs more than the cube, and this scene is one with a cube
        raised = bench.fault(trial.error)
        place = raised["path"], raised["line"]
        if place in self._faults:
            return None
        self._faults.append(place)
        return probe(KIND, "", FAIL, trial.detail, situation, raised, trial.recipe)

    def _all(self, attempt: OperatorProbe) -> Iterator[tuple[str, Trial]]:
        """One trial after the other; what leads to lines that did not run before is followed into other scenes."""
        base, ran, seconds = self._base(attempt)
        if not ran:
            self._note = "it runs in none of the scenes"
            return
        most = next((count for longest, count in TRIALS if seconds < longest), 1)
        scenes = [one for one in attempt.asked if one != base]
        plain = CLICK if attempt.clickable and base == "" else DEFAULT
        home = self._home = base or ran[0]
        for situation in scenes:
            yield from self._one(attempt, situation, plain)
        if attempt.deep and (self._hunted or "edit_mesh" in ran or attempt.trial("edit_mesh", plain).ran):
            with _untraced(self._course):
                deepest = list(self._one(attempt, DENSE, plain))
            yield from deepest
        followed = [one for one in scenes if is_ordinary(one) or one in ran]
        for choice in self._choices(attempt)[:most]:
            before = self._lines
            yield from self._one(attempt, home, choice)
            if self._lines > before or (choice.clicked and plain == DEFAULT):
                for situation in followed[:3]:
                    yield from self._one(attempt, situation, choice)

    def _base(self, attempt: OperatorProbe) -> tuple[str, list[str], float]:
        """The first scene it runs through in, or none; all those it runs in till then; how long that takes."""
        ran: list[str] = []
        slowest = 0.0
        for situation in attempt.situations:
            began = time.monotonic()
            trial = attempt.trial(situation)
            if trial.ran:
                ran.append(situation)
                slowest = max(slowest, time.monotonic() - began)
            if trial.outcome == PASS:
                return situation, ran, slowest
        return "", ran, slowest

    def _one(self, attempt: OperatorProbe, situation: str, choice: Choice) -> Iterator[tuple[str, Trial]]:
        if self._slow >= MOST_SLOW:
            return
        self._tried += 1
        try:
            with time_limit(TRIAL_SECONDS):
                trial = attempt.trial(situation, choice)
        except OutOfTimeError:
            self._slow += 1
            return
        yield situation, trial

    def _choices(self, attempt: OperatorProbe) -> list[Choice]:
        """What a click does, what buttons set, options, settings; those that lines to be reached speak of first."""
        mentions = self._course.mentions
        words = mentions.of(self._cls).all
        wished = mentions.around(self._goal)
        found = [*(Choice(values) for values in pressed(attempt.name)), *options(self._cls, words)]
        found += settings(self._course.bench.addon, words)
        found.sort(key=lambda choice: not choice.names & wished)
        return [*([CLICK] if attempt.clickable else []), *found]

    @property
    def _lines(self) -> int:
        """How many lines of the add-on ran so far."""
        bench = self._course.bench
        return sum(len(bench.coverage.lines(path)) for path in self._course.mentions.files)
