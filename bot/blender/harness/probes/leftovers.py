"""What is still there when the add-on is disabled, and whether it fails now that the rest is gone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

import bpy

from bot.blender.harness.bench import Bench, quiet
from bot.blender.harness.code.belongings import added_properties, handlers_of, is_of, shortcuts
from bot.blender.harness.code.classes import menu_functions, registered_classes, registered_name
from bot.blender.harness.course import Course
from bot.blender.harness.interface.editors import properties_context, space_of
from bot.blender.harness.interface.layout import RecordingLayout, stand_in
from bot.blender.harness.judging.callbacks import excuse_callback
from bot.blender.harness.judging.drawn import excuse_drawing, is_doubtful
from bot.blender.harness.judging.reading import registered_later
from bot.blender.harness.probes.drawing import qualified
from bot.blender.harness.probes.events import HAPPENING
from bot.blender.harness.probes.playing import code_of, errors_of
from bot.blender.harness.recipes import recipe, type_named
from bot.blender.harness.scene.situations import CUBE
from bot.blender.harness.values import FAIL, PASS, Json, bounded, probe

KIND = "left-behind"
NOTHING = "nothing that can be seen"
DISABLE = "disable()"
VIEW = ("VIEW_3D", "WINDOW")

_CLEARING = frozenset({"unregister", "remove", "draw_handler_remove"})
"""What handlers, menu entries and timers are taken away with."""

Complaint = tuple[BaseException, Json | None]
"""What fails, and how it comes about again."""


def probe_left_behind(course: Course) -> Json:
    """What is left is told; it is a fault where it fails."""
    bench = course.bench
    told = "; ".join(f"{what}: {', '.join(names)}" for what, names in _left(course) if names)
    if not bench.stage.enter(CUBE):
        return probe(KIND, "", PASS, told or NOTHING)
    if _kept_where_nobody_looks(course):
        return probe(KIND, "", PASS, f"{told or NOTHING}; it clears away less where Blender has no window", CUBE)
    for error, how in (*_of_handlers(bench), *_of_menus(bench), *_of_timers(course)):
        if not course.results.is_told(bench.fault(error)):  # what failed before is no matter of being left behind
            return probe(KIND, "", FAIL, bounded(told, 2000), CUBE, bench.fault(error), how)
    return probe(KIND, "", PASS, told or NOTHING, CUBE)


def _kept_where_nobody_looks(course: Course) -> bool:
    """Whether a function that clears away asks if Blender has a window: what it leaves here it leaves no user."""
    sources = course.bench.sources
    return any({"app", "background"} <= site.names and site.names & _CLEARING for site in sources.all_sites())


def _left(course: Course) -> Iterator[tuple[str, list[str]]]:
    addon, before = course.bench.addon, course.before
    yield "classes", [registered_name(cls) for cls in registered_classes(addon)]
    yield "handlers", [f"{event}.{qualified(addon, function)}" for event, function in handlers_of(addon)]
    yield "menu entries", [f"{cls.__name__}.{qualified(addon, function)}" for cls, function in menu_functions(addon)]
    yield "properties", sorted(f"{holder}.{name}" for holder, name in added_properties() - before.properties)
    left = Counter((keymap, operator) for keymap, operator, _ in shortcuts()) - Counter(before.shortcuts)
    yield "shortcuts", sorted(f"{keymap}.{operator}" for keymap, operator in left)
    yield "timers", _names(course, before.registrations.waiting())
    drawn = [function for _, function in before.registrations.shown()]
    yield "functions drawn over editors", _names(course, drawn)


def _names(course: Course, functions: Iterable[Callable[..., Any]]) -> list[str]:
    addon = course.bench.addon
    return [qualified(addon, function) for function in functions if is_of(addon, function)]


def _of_handlers(bench: Bench) -> Iterator[Complaint]:
    """What handlers raise that are still called."""
    events = dict.fromkeys(event for event, _ in handlers_of(bench.addon))
    with bench.stage.view(*VIEW), quiet():
        for event in events:
            line = HAPPENING.get(event, "")
            names = {"bpy": bpy}
            if not line or "TMP" in line:
                continue
            for error, _ in errors_of(bench, partial(exec, line, names), handlers=True):
                if not _excuse(bench, error):
                    yield error, recipe(DISABLE, line, scene=CUBE, over=f'view("{VIEW[0]}", "{VIEW[1]}")', printed=True)


def _of_menus(bench: Bench) -> Iterator[Complaint]:
    """What is drawn in Blender's menus, still."""
    for cls, function in menu_functions(bench.addon):
        space = space_of(cls)
        with bench.stage.view(space, "WINDOW", **properties_context(cls)), quiet():
            for error, printed in errors_of(bench, partial(function, stand_in(cls, RecordingLayout()), bpy.context)):
                if not excuse_drawing(bench, error, space, CUBE) and not is_doubtful(bench, error):
                    name = str(getattr(function, "__qualname__", ""))
                    draw = f"draw_entry({type_named(cls)}, {name!r})"
                    yield error, recipe(DISABLE, draw, scene=CUBE, over=f'view("{space}", "WINDOW")', printed=printed)


def _of_timers(course: Course) -> Iterator[Complaint]:
    """What is still to be called after a time."""
    bench, before = course.bench, course.before
    for function in before.registrations.waiting():
        if is_of(bench.addon, function):
            with bench.stage.view(*VIEW), quiet():
                for error, _ in errors_of(bench, function):
                    if not _excuse(bench, error):
                        name = code_of(bench, function)
                        over = f'view("{VIEW[0]}", "{VIEW[1]}")'
                        yield error, recipe(DISABLE, f"{name}()", scene=CUBE, over=over) if name else None


def _excuse(bench: Bench, error: BaseException) -> str:
    """As of any callback; but that its own properties are gone is the very fault."""
    origin = bench.describer.origin(error)
    if isinstance(origin, AttributeError) and getattr(origin, "name", None) in registered_later(bench):
        return ""
    return excuse_callback(bench, error)
