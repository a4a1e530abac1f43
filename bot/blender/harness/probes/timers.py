"""Timers: each function that waits for its time is called once."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from bot.blender.harness.bench import Bench, quiet
from bot.blender.harness.code.belongings import is_of
from bot.blender.harness.course import Attempt, Course
from bot.blender.harness.interface.returned import check_number
from bot.blender.harness.judging.callbacks import excuse_callback
from bot.blender.harness.probes.drawing import qualified
from bot.blender.harness.probes.playing import Play
from bot.blender.harness.scene.situations import CUBE
from bot.blender.harness.values import SKIPPED, Json, probe

KIND = "timer"
VIEW = ("VIEW_3D", "WINDOW")


def attempts(course: Course) -> Iterator[Attempt]:
    """Each timer of the add-on's that has not run yet."""
    bench, before = course.bench, course.before
    for function in before.registrations.waiting():
        if is_of(bench.addon, function):
            subject = qualified(bench.addon, function)
            yield Attempt(KIND, subject, partial(_result, bench, subject, function))


def _result(bench: Bench, subject: str, function: Any) -> Json:
    if not bench.stage.enter(CUBE):
        return probe(KIND, subject, SKIPPED, f"the scene {CUBE} cannot be made")
    play = Play(bench, KIND, subject, CUBE, f'view("{VIEW[0]}", "{VIEW[1]}")')
    play.names |= {"timer": function, "check_number": check_number}
    name = play.known_as(function)
    steps = [f"timer = {name}"] if name else []
    excuse = partial(excuse_callback, bench)
    with bench.stage.view(*VIEW), quiet():
        return play.played((line, excuse) for line in (*steps, "check_number(timer, timer())"))
