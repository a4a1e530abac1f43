"""Groups of gizmos, set up and made ready to be drawn; the gizmos themselves need a graphics card."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import bpy

from bot.blender.harness.bench import Bench, quiet
from bot.blender.harness.code.classes import defines
from bot.blender.harness.course import Attempt, Course
from bot.blender.harness.interface.gizmos_faked import FakedGizmos
from bot.blender.harness.interface.layout import RecordingLayout, stand_in
from bot.blender.harness.judging.callbacks import excuse_callback
from bot.blender.harness.probes.playing import errors_of
from bot.blender.harness.scene.situations import SITUATIONS
from bot.blender.harness.values import FAIL, PASS, POLL_SAYS_NO, REFUSED, SKIPPED, Json, probe

KIND = "gizmo"
NEEDS_GRAPHICS = "it draws with the graphics card, and there is none"
CALLED = ("setup", "refresh", "draw_prepare")


def attempts(course: Course) -> Iterator[Attempt]:
    """Each group, then each gizmo, of which it is only told that it is not tried."""
    for cls in course.classes:
        if issubclass(cls, bpy.types.GizmoGroup):
            yield Attempt(KIND, cls.__name__, partial(_result, course.bench, cls))
        elif issubclass(cls, bpy.types.Gizmo):
            yield Attempt(KIND, cls.__name__, partial(probe, KIND, cls.__name__, SKIPPED, NEEDS_GRAPHICS))


def _result(bench: Bench, cls: Any) -> Json:
    """In the first scene its poll takes."""
    result = probe(KIND, cls.__name__, SKIPPED, "no scene could be made")
    for situation in SITUATIONS:
        if bench.stage.enter(situation):
            with bench.stage.view(str(getattr(cls, "bl_space_type", "VIEW_3D")), "WINDOW"), quiet():
                result = _set_up(bench, cls, situation)
        if result["outcome"] != SKIPPED and result["detail"] != POLL_SAYS_NO:
            break
    return result


def _set_up(bench: Bench, cls: Any, situation: str) -> Json:
    group = stand_in(cls, RecordingLayout())
    group.gizmos = FakedGizmos()
    refused: Json | None = None
    willing = [True]
    if defines(bench.addon, cls, "poll"):
        for error, _ in errors_of(bench, lambda: willing.append(bool(cls.poll(bpy.context)))):
            return _judged(bench, cls, error, situation)
    if not willing[-1]:
        return probe(KIND, cls.__name__, REFUSED, POLL_SAYS_NO, situation)
    for name in CALLED:
        if not defines(bench.addon, cls, name):
            continue
        for error, _ in errors_of(bench, partial(getattr(group, name), bpy.context)):
            result = _judged(bench, cls, error, situation)
            if result["outcome"] == FAIL:
                return result
            refused = refused or result
    return refused or probe(KIND, cls.__name__, PASS, situation=situation)


def _judged(bench: Bench, cls: Any, error: BaseException, situation: str) -> Json:
    reason = excuse_callback(bench, error, situation)
    if reason:
        return probe(KIND, cls.__name__, REFUSED, reason, situation)
    return probe(KIND, cls.__name__, FAIL, situation=situation, fault=bench.fault(error))
