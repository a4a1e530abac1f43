"""Lists (`UIList`), drawn with the data the panels show in them."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from functools import partial
from types import FunctionType
from typing import Any

import bpy

from bot.blender.harness.bench import Bench, quiet
from bot.blender.harness.code.classes import operator_name, registered_name
from bot.blender.harness.course import Attempt, Course
from bot.blender.harness.interface.buttons import unwrapped
from bot.blender.harness.interface.drawing_rules import as_drawn, forbidden
from bot.blender.harness.interface.editors import properties_context, space_of
from bot.blender.harness.interface.layout import Noted, RecordingLayout, stand_in
from bot.blender.harness.interface.listing import draw_list
from bot.blender.harness.judging.drawn import excuse_drawing
from bot.blender.harness.probes.drawing import draw_functions, probe_panel
from bot.blender.harness.probes.playing import errors_of
from bot.blender.harness.recipes import UnwritableError, call, recipe, type_named, written
from bot.blender.harness.values import FAIL, PASS, REFUSED, SKIPPED, Json, probe

KIND = "panel"
NOT_SHOWN = "no panel that was drawn shows it"


def attempts(course: Course) -> Iterator[Attempt]:
    """Each list of the add-on's."""
    for cls in course.classes:
        if issubclass(cls, bpy.types.UIList):
            yield Attempt(KIND, cls.__name__, partial(_result, course, cls))


def _result(course: Course, cls: Any) -> Json:
    bench, subject = course.bench, cls.__name__
    panel, situation = _shown_by(course, registered_name(cls))
    if panel is None:
        return probe(KIND, subject, SKIPPED, NOT_SHOWN)
    if not isinstance(cls.draw_item, FunctionType):
        return probe(KIND, subject, PASS, "Blender draws its items itself")
    if not bench.stage.enter(situation):
        return probe(KIND, subject, SKIPPED, f"the scene {situation} cannot be made")
    space = space_of(panel)
    with bench.stage.view(space, "WINDOW", **properties_context(panel)), quiet():
        given = _shown(panel, registered_name(cls))
        if given is None:
            return probe(KIND, subject, SKIPPED, NOT_SHOWN, situation)
        return _drawn(bench, cls, given, space, situation)


def _shown_by(course: Course, name: str) -> tuple[type | None, str]:
    """The panel that shows it, and where; the panels are drawn for it, if they were not."""
    lists = course.results.lists
    for cls in course.classes:
        if name not in lists and issubclass(cls, (bpy.types.Panel, bpy.types.AddonPreferences)):
            probe_panel(course.bench, cls, lists=lists)
    return lists.get(name, (None, ""))


def _shown(panel: type, name: str) -> Json | None:
    """What the panel hands to the list, of the scene as it is."""
    noted = Noted()
    with contextlib.suppress(Exception):
        for function in draw_functions(panel):
            function(stand_in(panel, RecordingLayout(noted), _instance(panel)), bpy.context)
    there = (one for one in noted.lists if hasattr(unwrapped(one["dataptr"]), one["propname"]))
    return next((one for one in there if one["listtype_name"] == name), None)


def _instance(panel: Any) -> Any:
    if issubclass(panel, bpy.types.Operator):
        return bpy.context.window_manager.operator_properties_last(operator_name(panel))
    if not issubclass(panel, bpy.types.AddonPreferences):
        return None
    entry = bpy.context.preferences.addons.get(str(panel.bl_idname))
    return entry.preferences if entry is not None else None


def _drawn(bench: Bench, cls: Any, given: Json, space: str, situation: str) -> Json:
    subject, refused = cls.__name__, None
    data, active = unwrapped(given["dataptr"]), unwrapped(given["active_dataptr"])
    named = (data, given["propname"], active, given["active_propname"], given.get("type", "DEFAULT"))
    with _filled(data, given["propname"]) as added:
        for error, printed in errors_of(bench, partial(as_drawn, lambda: draw_list(cls, *named))):
            reason = excuse_drawing(bench, error, space, situation)
            if not reason:
                ruled = forbidden(error)
                how = _recipe(cls, named, situation, space, added=added, printed=printed, ruled=ruled)
                return probe(KIND, subject, FAIL, situation=situation, fault=bench.fault(error), recipe=how)
            refused = refused or probe(KIND, subject, REFUSED, reason, situation)
    return refused or probe(KIND, subject, PASS, situation=situation)


@contextlib.contextmanager
def _filled(data: Any, name: str) -> Iterator[bool]:
    """With one item in it, where there is none and one can be added; whether one was."""
    items, added = getattr(data, name), False
    if not len(items):
        with contextlib.suppress(Exception):
            items.add()
            added = True
    try:
        yield added
    finally:
        if added:
            with contextlib.suppress(Exception):
                items.remove(len(items) - 1)


def _recipe(
    cls: Any, named: tuple[Any, ...], situation: str, space: str, *, added: bool, printed: bool, ruled: bool
) -> Json | None:
    """How it comes about again, `ruled` as Blender rules while it draws; none where the data cannot be written."""
    data, name = named[0], named[1]
    lines = []
    try:
        if added:
            lines.append(f"{call('getattr', (data, name))}.add()")
        drawing = f"draw_list({type_named(cls)}, {', '.join(written(one) for one in named)})"
        lines.append(f"as_drawn(lambda: {drawing})" if ruled else drawing)
    except UnwritableError:
        return None
    return recipe(*lines, scene=situation, over=f'view("{space}", "WINDOW")', printed=printed)
