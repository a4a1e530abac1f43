"""Every operator: in which scenes it is tried, and with what."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from bot.blender.harness.bench import Trial
from bot.blender.harness.code.classes import operator_name
from bot.blender.harness.course import Attempt, Course
from bot.blender.harness.probes.loading import recover
from bot.blender.harness.probes.operators import ready
from bot.blender.harness.probes.repeating import left_each_time
from bot.blender.harness.scene.datablocks import unused
from bot.blender.harness.scene.files import files_folder
from bot.blender.harness.scene.geometry import geometry
from bot.blender.harness.scene.measuring import effect, measures
from bot.blender.harness.scene.situations import CUBE
from bot.blender.harness.values import FAIL, PASS, POLL_SAYS_NO, REFUSED, SKIPPED, Json, probe


def attempts(course: Course) -> Iterator[Attempt]:
    """Each operator once."""
    for cls in course.operators():
        name = operator_name(cls)
        yield Attempt("operator", name, partial(_Operating(course, cls).result, name))
        recover(course)


class _Operating:
    """One operator in one scene after the other, until it has shown what it can."""

    def __init__(self, course: Course, cls: Any) -> None:
        self._course = course
        self._bench = course.bench
        self._cls = cls

    def result(self, name: str) -> Json:
        """What came of it."""
        bench, aims = self._bench, self._course.aims
        attempt = ready(self._course, self._cls)
        if isinstance(attempt, str):
            return probe("operator", name, SKIPPED, attempt)
        goal = aims.of_operator(self._cls)
        hunted = aims.hunts(goal)
        best: Json | None = None
        doubt: Json | None = None
        other: Json | None = None
        for situation in attempt.situations:
            if best is not None and best["outcome"] == PASS and aims.met(goal) and not hunted:
                break  # what somebody saw fail is looked for in every scene
            if not bench.stage.enter(situation):
                continue
            with bench.stage.view(attempt.over(situation)):
                before = geometry() if situation == CUBE else {}
                scene, left = measures(files_folder(bench.scratch)), unused()
                trial = attempt.run(situation)
                if trial.outcome == PASS:
                    trial.effect = effect(scene, measures(files_folder(bench.scratch)))
                if situation == CUBE and trial.outcome == PASS:
                    self._note_geometry(name, before)
                if trial.outcome == PASS and (best is None or best["outcome"] != PASS):
                    trial.detail = left_each_time(left, lambda: attempt.run(situation).outcome == PASS)  # noqa: B023
            if trial.outcome == FAIL and trial.error is not None:
                if not attempt.counts(trial.error, situation):
                    continue
                fault = bench.fault(trial.error)
                result = probe("operator", name, FAIL, trial.detail, situation, fault, trial.recipe)
                if not trial.tentative and (not hunted or bench.at_a_place(trial.error)):
                    return result
                if trial.tentative:
                    doubt = doubt or result
                else:
                    other = other or result
            else:
                best = self._better(best, name, trial, situation)
        if other is not None:
            return other
        if best is not None and best["outcome"] == PASS:
            return best
        return doubt or best or probe("operator", name, SKIPPED, "no scene could be made")

    def _better(self, best: Json | None, name: str, trial: Trial, situation: str) -> Json:
        """The more telling of two outcomes: it ran through, it ran and stopped, it did not run."""
        result = probe("operator", name, trial.outcome, trial.detail, situation)
        if trial.effect is not None:
            result["effect"] = trial.effect
        if best is None or (trial.outcome == PASS and best["outcome"] != PASS):
            return result
        if trial.ran and best["outcome"] == REFUSED and best["detail"] == POLL_SAYS_NO:
            return result
        return best

    def _note_geometry(self, name: str, before: dict[str, int]) -> None:
        after = geometry()
        if set(after) - set(before):
            self._course.results.makers.append((name, True))
        elif after != before:
            self._course.results.makers.append((name, False))
