"""Presets: what they keep of the scene has to be there."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import bpy

from bot.blender.harness.bench import Bench, quiet
from bot.blender.harness.code.classes import operator_name
from bot.blender.harness.course import Attempt, Course
from bot.blender.harness.interface.known import is_known
from bot.blender.harness.judging.excuses import by_data, needs_editor, other_kind
from bot.blender.harness.judging.reading import place_of_text
from bot.blender.harness.probes.playing import errors_of
from bot.blender.harness.scene.situations import CUBE
from bot.blender.harness.values import FAIL, PASS, REFUSED, SKIPPED, Json, probe, raised

KIND = "preset"
VIEW = ("VIEW_3D", "WINDOW")


def attempts(course: Course) -> Iterator[Attempt]:
    """Each operator that adds a preset."""
    for cls in course.classes:
        if any(holder.__name__ == "AddPresetBase" for holder in cls.__mro__) and issubclass(cls, bpy.types.Operator):
            subject = operator_name(cls)
            yield Attempt(KIND, subject, partial(_result, course.bench, subject, cls))


def _result(bench: Bench, subject: str, cls: Any) -> Json:
    menu = str(getattr(cls, "preset_menu", ""))
    if menu and not (is_known("Menu", menu) or is_known("Panel", menu)):
        path, line = place_of_text(bench, menu)
        message = f"the presets are shown in what is not there: {menu}"
        fault = raised("UnknownMenu", message, path, line, "bpy.types", menu)
        return probe(KIND, subject, FAIL, fault=fault)
    if not bench.stage.enter(CUBE):
        return probe(KIND, subject, SKIPPED, f"the scene {CUBE} cannot be made")
    names: dict[str, Any] = {"bpy": bpy}
    with bench.stage.view(*VIEW), quiet():
        for text in _texts(cls, "preset_defines"):
            for error, _ in errors_of(bench, partial(exec, text, names)):
                return _judged(bench, subject, error, text)
        for text in _texts(cls, "preset_values"):
            for error, _ in errors_of(bench, partial(eval, text, names)):
                return _judged(bench, subject, error, text)
    return probe(KIND, subject, PASS, situation=CUBE)


def _texts(cls: Any, name: str) -> list[str]:
    """The expressions, where they do not depend on what is chosen."""
    given = getattr(cls, name, ())
    return [one for one in given if isinstance(one, str)] if isinstance(given, (list, tuple)) else []


def _judged(bench: Bench, subject: str, error: BaseException, text: str) -> Json:
    message = bench.describer.message(error)
    reason = needs_editor(error, message) or other_kind(bench, error, message)
    if not reason and by_data(bench, error):
        reason = f"needs data: {message}"
    if reason:
        return probe(KIND, subject, REFUSED, reason, CUBE)
    path, line = place_of_text(bench, text)
    fault = {**bench.describer.described(error), "path": path, "line": line}
    return probe(KIND, subject, FAIL, situation=CUBE, fault=fault)
