"""Panels, menus, and what is appended to them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from types import FunctionType
from typing import Any

import bpy

from bot.blender.harness.bench import Bench, quiet
from bot.blender.harness.code.addon import Addon
from bot.blender.harness.code.belongings import of_handlers
from bot.blender.harness.code.classes import menu_functions, operator_name, own_function
from bot.blender.harness.course import Attempt, Course
from bot.blender.harness.interface.buttons import operator_exists, operator_properties
from bot.blender.harness.interface.drawing_rules import as_drawn, forbidden
from bot.blender.harness.interface.editors import properties_context, space_of
from bot.blender.harness.interface.layout import Noted, RecordingLayout, stand_in
from bot.blender.harness.judging.drawn import excuse_drawing, is_doubtful
from bot.blender.harness.recipes import recipe, type_named
from bot.blender.harness.results import Shown
from bot.blender.harness.scene.situations import CUBE, SITUATIONS, WITH_MESH
from bot.blender.harness.timing import OutOfTimeError
from bot.blender.harness.values import FAIL, PASS, POLL_SAYS_NO, REFUSED, SKIPPED, Json, probe

_MODES = {
    "mesh_edit": ("edit_mesh",),
    "posemode": ("pose",),
    "weightpaint": ("weight_paint",),
    "objectmode": ("armature", "curve", "empty_selection"),
    "data": ("armature", "curve", "light", "camera"),
    "object": ("armature", "light"),
    "bone": ("pose",),
    "modifier": ("modifier",),
}
"""By the context a panel names (`bl_context`), the scenes it is seen in besides that of a cube."""
_ANYWHERE = ("edit_mesh", "pose", "empty_selection")
"""The same of what the 3D view shows in every mode."""


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
    """One panel in one scene after the other, until it has shown what it can; then where else it is seen."""
    goal, lists = course.aims.in_class(cls), course.results.lists
    result = probe_panel(course.bench, cls, lists=lists)
    doubted = result["outcome"] == FAIL and result.pop("doubtful", False)
    for situation in SITUATIONS[1:]:
        if (result["outcome"] == FAIL and not doubted) or (result["outcome"] == PASS and course.aims.met(goal)):
            break
        other = probe_panel(course.bench, cls, situation, lists)
        other.pop("doubtful", None)
        chosen = result["outcome"] == REFUSED and result["detail"] == POLL_SAYS_NO
        if other["outcome"] == FAIL and not doubted and (situation in WITH_MESH or chosen):
            return other
        if other["outcome"] == PASS:
            result, doubted = other, False
    for situation in _elsewhere(cls) if result["outcome"] == PASS else ():
        other = probe_panel(course.bench, cls, situation, lists)
        if other["outcome"] == FAIL and not other.pop("doubtful", False):
            return other
    return result


def _elsewhere(cls: type) -> tuple[str, ...]:
    """The scenes it is seen in besides that of a cube."""
    context = str(getattr(cls, "bl_context", ""))
    return _MODES.get(context, ()) if context or space_of(cls) != "VIEW_3D" else _ANYWHERE


def draw_functions(cls: type) -> list[Callable[..., Any]]:
    """What is called to draw it: its own functions, and those others appended."""
    draw = getattr(cls, "draw", None)
    functions = list(getattr(draw, "_draw_funcs", ())) or ([draw] if draw is not None else [])
    headers = [getattr(cls, name, None) for name in ("draw_header", "draw_header_preset")]
    return functions + [header for header in headers if isinstance(header, FunctionType)]


def probe_panel(bench: Bench, cls: Any, situation: str = CUBE, lists: Shown | None = None) -> Json:
    """Poll, then draw into a recording layout; the `lists` it shows are added to those there are."""
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
    how = partial(_recipe, cls, _drawing(cls), situation, space)
    noted, raised = Noted(), None
    draw = partial(_draw, cls, noted, instance)
    bench.witness.clear()
    with bench.stage.view(space, "WINDOW", **properties_context(cls)), quiet():
        try:
            # The options of an operator are drawn where data may be written to.
            if not (draw() if issubclass(cls, bpy.types.Operator) else as_drawn(draw)):
                return probe(kind, subject, REFUSED, POLL_SAYS_NO, situation)
        except OutOfTimeError:
            raise
        except BaseException as error:
            raised = error
    if lists is not None:
        for given in noted.lists:
            lists.setdefault(given["listtype_name"], (cls, situation))
    found = _judged(bench, kind, subject, raised, judged, situation, how)
    return found or probe(kind, subject, PASS, situation=situation)


def _draw(cls: Any, noted: Noted, instance: Any) -> bool:
    """Draw it; false where its poll says no."""
    poll = getattr(cls, "poll", None)
    if poll is not None and not poll(bpy.context):
        return False
    for function in draw_functions(cls):
        function(stand_in(cls, RecordingLayout(noted), instance), bpy.context)
    return True


def _recipe(cls: Any, line: str, situation: str, space: str, error: BaseException, *, printed: bool) -> Json:
    """How an exception of drawing comes about again; where it is raised only while Blender draws, as if it did."""
    line = f"as_drawn(lambda: {line})" if forbidden(error) else line
    return recipe(line, scene=situation, over=_over(cls, space), printed=printed)


def _over(cls: Any, space: str) -> str:
    """The context a recipe draws in."""
    members = f", **properties_context({type_named(cls)})" if properties_context(cls) else ""
    return f'view("{space}", "WINDOW"{members})'


def _drawing(cls: Any) -> str:
    """How a recipe draws it, with the data behind it where that is not Blender's own."""
    if issubclass(cls, bpy.types.AddonPreferences):
        return f"draw_preferences({str(cls.bl_idname)!r})"
    if issubclass(cls, bpy.types.Operator):
        last = f'bpy.context.window_manager.operator_properties_last("{operator_name(cls)}")'
        return f"draw({type_named(cls)}, {last})"
    return f"draw({type_named(cls)})"


def _judged(
    bench: Bench,
    kind: str,
    subject: str,
    raised: BaseException | None,
    space: str,
    situation: str,
    how: Callable[..., Json | None],
) -> Json | None:
    """What comes of what Blender printed and of what was raised, the first fault before anything else."""
    of_others = of_handlers(bench.addon, bench.witness.seen)
    errors = [error for error in bench.witness.seen if bench.inside(error) and error not in of_others]
    errors += [raised] if raised is not None else []
    reasons = [excuse_drawing(bench, error, space, situation) for error in errors]
    faults = [error for error, reason in zip(errors, reasons, strict=True) if not reason]
    if not faults:
        return probe(kind, subject, REFUSED, reasons[0], situation) if reasons else None
    first, others = faults[0], "; ".join(_told(bench, error) for error in faults[1:])
    detail = f"and besides: {others}" if others else ""
    result = probe(kind, subject, FAIL, detail, situation, bench.fault(first), how(first, printed=first is not raised))
    result["doubtful"] = is_doubtful(bench, first)
    return result


def _told(bench: Bench, error: BaseException) -> str:
    """What it says, and where."""
    fault = bench.fault(error)
    return f"{fault['message']} ({fault['path']}:{fault['line']})"


def probe_menu_function(bench: Bench, cls: type, function: Callable[..., Any]) -> Json:
    """Draw what the add-on appended to one of Blender's menus."""
    subject, name = qualified(bench.addon, function), str(getattr(function, "__qualname__", ""))
    if not bench.stage.enter(CUBE):
        return probe("function", subject, SKIPPED, "the scene cannot be made")
    space = space_of(cls)
    how = partial(_recipe, cls, f"draw_entry({type_named(cls)}, {name!r})", CUBE, space)
    raised = None
    bench.witness.clear()
    with bench.stage.view(space, "WINDOW", **properties_context(cls)), quiet():
        try:
            as_drawn(lambda: function(stand_in(cls, RecordingLayout()), bpy.context))
        except OutOfTimeError:
            raise
        except BaseException as error:
            raised = error
    result = _judged(bench, "function", subject, raised, space, CUBE, how)
    if result is not None:
        result.pop("doubtful", None)
    return result or probe("function", subject, PASS, f"drawn in {cls.__name__}", CUBE)


def qualified(addon: Addon, function: Any) -> str:
    """A function's dotted name below the add-on's module."""
    module = str(getattr(function, "__module__", ""))
    inner = module[len(addon.module) + 1 :] if module.startswith(addon.module + ".") else ""
    name = str(getattr(function, "__qualname__", function))
    return f"{inner}.{name}" if inner else name
