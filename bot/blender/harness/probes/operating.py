"""Every operator: in which scenes it is tried, and with what."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import partial
from typing import Any

import bpy

from bot.blender.harness.bench import Trial
from bot.blender.harness.code.classes import operator_name
from bot.blender.harness.course import Attempt, Course
from bot.blender.harness.interface.buttons import operator_exists
from bot.blender.harness.judging.reading import POPUPS, calls_in
from bot.blender.harness.probes.loading import probe_enable
from bot.blender.harness.probes.operators import OperatorProbe, variations
from bot.blender.harness.probes.repeating import left_each_time
from bot.blender.harness.scene.datablocks import unused
from bot.blender.harness.scene.files import file_arguments, files_folder
from bot.blender.harness.scene.geometry import geometry
from bot.blender.harness.scene.measuring import effect, measures
from bot.blender.harness.scene.situations import CUBE, SITUATIONS, WITH_MESH
from bot.blender.harness.values import FAIL, PASS, POLL_SAYS_NO, REFUSED, SKIPPED, Json, probe


def attempts(course: Course) -> Iterator[Attempt]:
    """Each operator once."""
    for cls in course.classes:
        if issubclass(cls, bpy.types.Operator):
            name = operator_name(cls)
            yield Attempt("operator", name, partial(_Operating(course, cls).result, name))
            _recover(course)


def _recover(course: Course) -> None:
    """An operator can load a file or disable add-ons; carry on with the add-on enabled."""
    module = sys.modules.get(course.bench.addon.module)
    if module is None or not getattr(module, "__addon_enabled__", False):
        probe_enable(course.bench)


class _Operating:
    """One operator in one scene after the other, until it has shown what it can."""

    def __init__(self, course: Course, cls: Any) -> None:
        self._course = course
        self._bench = course.bench
        self._cls = cls

    def result(self, name: str) -> Json:
        """What came of it."""
        bench, cls, aims = self._bench, self._cls, self._course.aims
        if not operator_exists(name):
            return probe("operator", name, SKIPPED, "it is registered no longer")
        if not hasattr(cls, "execute"):
            return probe("operator", name, SKIPPED, "it has no execute: it needs a person")
        if calls_in(bench, cls, "execute") & POPUPS:
            return probe("operator", name, SKIPPED, "it opens a pop-up: it needs a person")
        values = file_arguments(cls, bench.scratch)
        if values is None:
            return probe("operator", name, SKIPPED, "needs an input file")
        attempt = OperatorProbe(bench, cls, values)
        goal = aims.of_operator(cls)
        best: Json | None = None
        doubt: Json | None = None
        hunted = any(path in goal and line in goal[path] for path, line in bench.places)
        for situation in SITUATIONS:
            if best is not None and best["outcome"] == PASS and aims.met(goal) and not hunted:
                break  # what somebody saw fail is looked for in every scene
            if not bench.stage.enter(situation):
                continue
            with bench.stage.view(attempt.space):
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
                if not self._counts(trial.error, situation, attempt):
                    continue
                fault = bench.fault(trial.error)
                result = probe("operator", name, FAIL, trial.detail, situation, fault, trial.recipe)
                if not trial.tentative:
                    return result
                doubt = doubt or result
            else:
                best = self._better(best, name, trial, situation)
        if best is not None and best["outcome"] == PASS:
            for changes in variations(cls) if not aims.met(goal) else ():
                attempt.trial(CUBE, changes)
                if aims.met(goal):
                    break
            return best
        return doubt or best or probe("operator", name, SKIPPED, "no scene could be made")

    def _counts(self, error: BaseException, situation: str, attempt: OperatorProbe) -> bool:
        """An operator whose poll takes a cube is not held to scenes without a mesh."""
        return situation in WITH_MESH or attempt.refused_cube or self._bench.at_a_place(error)

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
