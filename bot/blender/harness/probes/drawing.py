"""Panels, menus, and what is appended to them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from types import FunctionType
from typing import Any

import bpy

from bot.blender.harness.bench import Bench, quiet
from bot.blender.harness.code.addon import Addon
from bot.blender.harness.code.classes import menu_functions, operator_name, own_function
from bot.blender.harness.course import Attempt, Course
from bot.blender.harness.interface.buttons import operator_exists, operator_properties
from bot.blender.harness.interface.editors import properties_context, space_of
from bot.blender.harness.interface.layout import RecordingLayout, stand_in
from bot.blender.harness.judging.excuse_words import FROM_OUTSIDE, NEEDS_MORE
from bot.blender.harness.judging.excuses import by_data, named_by_user, needs_editor, other_kind
from bot.blender.harness.judging.reading import ordinary_none
from bot.blender.harness.recipes import recipe, type_named
from bot.blender.harness.scene.situations import CUBE, SITUATIONS, WITH_MESH
from bot.blender.harness.timing import OutOfTimeError
from bot.blender.harness.values import FAIL, PASS, POLL_SAYS_NO, REFUSED, SKIPPED, Json, probe

_UNSET = re.compile(r"'\w+_OT_\w+' object has no attribute")
"""An operator's own attribute: `invoke` may set it."""


def attempts(course: Course) -> Iterator[Attempt]:
    """Each panel, menu, header, page of preferences and list of an operator's options; what is in Blender's menus."""
    bench, classes = course.bench, course.classes
    bases = (bpy.types.Panel, bpy.types.Menu, bpy.types.Header, bpy.types.AddonPreferences)
    for cls in classes:
        options = issubclass(cls, bpy.types.Operator) and own_function(bench.addon, cls, "draw")
        if options or (issubclass(cls, bases) and hasattr(cls, "draw")):
            yield Attempt("panel", cls.__name__, partial(_drawn, course, cls))
    owned = set(classes)
    for cls, function in menu_functions(bench.addon):
        if cls not in owned:
            subject = qualified(bench.addon, function)
            yield Attempt("function", subject, partial(probe_menu_function, bench, cls, function))


def _drawn(course: Course, cls: type) -> Json:
    """One panel in one scene after the other, until it has shown what it can."""
    goal = course.aims.in_class(cls)
    result = probe_panel(course.bench, cls)
    doubted = result["outcome"] == FAIL and result.pop("doubtful", False)
    for situation in SITUATIONS[1:]:
        if (result["outcome"] == FAIL and not doubted) or (result["outcome"] == PASS and course.aims.met(goal)):
            break
        other = probe_panel(course.bench, cls, situation)
        other.pop("doubtful", None)
        if other["outcome"] == FAIL and not doubted and situation in WITH_MESH:
            return other
        if other["outcome"] == PASS:
            result, doubted = other, False
    return result


def draw_functions(cls: type) -> list[Callable[..., Any]]:
    """What is called to draw it: its own functions, and those others appended."""
    draw = getattr(cls, "draw", None)
    functions = list(getattr(draw, "_draw_funcs", ())) or ([draw] if draw is not None else [])
    header = getattr(cls, "draw_header", None)
    return functions + ([header] if isinstance(header, FunctionType) else [])


def probe_panel(bench: Bench, cls: Any, situation: str = CUBE) -> Json:
    """Poll, then draw into a recording layout."""
    kind, subject = "panel", cls.__name__
    if not bench.stage.enter(situation):
        return probe(kind, subject, SKIPPED, f"the scene {situation} cannot be made")
    space = judged = space_of(cls)
    instance = None
    if issubclass(cls, bpy.types.AddonPreferences):
        entry = bpy.context.preferences.addons.get(str(getattr(cls, "bl_idname", bench.addon.module)))
        instance = entry.preferences if entry is not None else None
        if instance is None:
            return probe(kind, subject, SKIPPED, "there are no preferences to draw")
    if issubclass(cls, bpy.types.Operator):  # its panel of options
        if not operator_exists(operator_name(cls)):
            return probe(kind, subject, SKIPPED, "it is registered no longer")
        space, judged = "VIEW_3D", "OPERATOR"  # what was there when it was called is not known
        instance = operator_properties(operator_name(cls))
    how = partial(recipe, f"draw({_drawn_as(cls)})", scene=situation, over=_over(cls, space))
    bench.witness.clear()
    with bench.stage.view(space, "WINDOW", **properties_context(cls)), quiet():
        try:
            poll = getattr(cls, "poll", None)
            if poll is not None and not poll(bpy.context):
                return probe(kind, subject, REFUSED, POLL_SAYS_NO, situation)
            for function in draw_functions(cls):
                function(stand_in(cls, RecordingLayout(), instance), bpy.context)
        except OutOfTimeError:
            raise
        except BaseException as error:
            return _judge_drawing(bench, kind, subject, error, judged, situation, how())
    printed = next((error for error in bench.witness.seen if bench.inside(error)), None)
    if printed is not None:
        return _judge_drawing(bench, kind, subject, printed, judged, situation, how(printed=True))
    return probe(kind, subject, PASS, situation=situation)


def _over(cls: Any, space: str) -> str:
    """The context a recipe draws in."""
    members = f", **properties_context({type_named(cls)})" if properties_context(cls) else ""
    return f'view("{space}", "WINDOW"{members})'


def _drawn_as(cls: Any) -> str:
    """What a recipe hands to `draw`: the class, and the data behind it where that is not Blender's own."""
    if issubclass(cls, bpy.types.AddonPreferences):
        return f"{type_named(cls)}, bpy.context.preferences.addons[{str(cls.bl_idname)!r}].preferences"
    if issubclass(cls, bpy.types.Operator):
        return f"{type_named(cls)}, operator_properties({operator_name(cls)!r})"
    return type_named(cls)


def _judge_drawing(
    bench: Bench, kind: str, subject: str, error: BaseException, space: str, situation: str, how: Json | None
) -> Json:
    origin = bench.describer.origin(error)
    message = bench.describer.message(origin)
    if not bench.inside(error):
        return probe(kind, subject, REFUSED, f"failed outside the add-on: {message}", situation)
    if bench.at_a_place(error):
        return probe(kind, subject, FAIL, situation=situation, fault=bench.fault(error), recipe=how)
    faked = space not in {"VIEW_3D", "PROPERTIES", "PREFERENCES"}
    ordinary = isinstance(origin, AttributeError) and by_data(bench, origin) and ordinary_none(bench, origin)
    named = isinstance(origin, KeyError) and named_by_user(bench, origin, str(origin))
    unset = isinstance(origin, AttributeError) and _UNSET.match(message)
    reason = (
        (f"needs to be started by a person: {message}" if unset else "")
        or needs_editor(origin, message)
        or other_kind(bench, origin, message)
        or (
            f"needs what is not there: {message}"
            if isinstance(origin, FROM_OUTSIDE) or ordinary or named or any(words in message for words in NEEDS_MORE)
            else ""
        )
    )
    if not reason and by_data(bench, origin) and (faked or situation != CUBE):
        reason = f"needs another scene: {message}"
    if reason:
        return probe(kind, subject, REFUSED, reason, situation)
    result = probe(kind, subject, FAIL, situation=situation, fault=bench.fault(error), recipe=how)
    result["doubtful"] = by_data(bench, origin)
    return result


def probe_menu_function(bench: Bench, cls: type, function: Callable[..., Any]) -> Json:
    """Draw what the add-on appended to one of Blender's menus."""
    subject, name = qualified(bench.addon, function), str(getattr(function, "__qualname__", ""))
    if not bench.stage.enter(CUBE):
        return probe("function", subject, SKIPPED, "the scene cannot be made")
    space = space_of(cls)
    with bench.stage.view(space, "WINDOW", **properties_context(cls)), quiet():
        try:
            function(stand_in(cls, RecordingLayout()), bpy.context)
        except OutOfTimeError:
            raise
        except BaseException as error:
            how = recipe(f"draw_entry({type_named(cls)}, {name!r})", scene=CUBE, over=_over(cls, space))
            result = _judge_drawing(bench, "function", subject, error, space, CUBE, how)
            result.pop("doubtful", None)
            return result
    return probe("function", subject, PASS, f"drawn in {cls.__name__}", CUBE)


def qualified(addon: Addon, function: Any) -> str:
    """A function's dotted name below the add-on's module."""
    module = str(getattr(function, "__module__", ""))
    inner = module[len(addon.module) + 1 :] if module.startswith(addon.module + ".") else ""
    name = str(getattr(function, "__qualname__", function))
    return f"{inner}.{name}" if inner else name
