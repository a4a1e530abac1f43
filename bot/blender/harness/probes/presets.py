"""Presets: what they keep of the scene has to be there."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import bpy

from bot.blender.harness.bench import quiet
from bot.blender.harness.code.classes import operator_name
from bot.blender.harness.course import Attempt, Course
from bot.blender.harness.interface.kept import keep_preset
from bot.blender.harness.judging.callbacks import excuse_callback
from bot.blender.harness.probes.playing import Play
from bot.blender.harness.recipes import type_named
from bot.blender.harness.scene.situations import CUBE
from bot.blender.harness.values import SKIPPED, Json, probe

KIND = "preset"
VIEW = ("VIEW_3D", "WINDOW")


def attempts(course: Course) -> Iterator[Attempt]:
    """Each operator that adds a preset."""
    for cls in course.classes:
        if any(holder.__name__ == "AddPresetBase" for holder in cls.__mro__) and issubclass(cls, bpy.types.Operator):
            subject = operator_name(cls)
            yield Attempt(KIND, subject, partial(_result, course, subject, cls))


def _result(course: Course, subject: str, cls: Any) -> Json:
    bench = course.bench
    if not bench.stage.enter(CUBE):
        return probe(KIND, subject, SKIPPED, f"the scene {CUBE} cannot be made")
    play = Play(bench, KIND, subject, CUBE, f'view("{VIEW[0]}", "{VIEW[1]}")')
    play.names["keep_preset"] = keep_preset
    with bench.stage.view(*VIEW), quiet():
        return play.played([(f"keep_preset({type_named(cls)})", partial(excuse_callback, bench))])
