"""Handlers: called by their events, or with what Blender gives at events that do not come about here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import bpy

from bot.blender.harness.bench import quiet
from bot.blender.harness.code.belongings import code_of, handlers_of, is_of
from bot.blender.harness.course import Attempt, Course
from bot.blender.harness.interface.returned import check_arguments
from bot.blender.harness.judging.callbacks import excuse_callback
from bot.blender.harness.probes.drawing import qualified
from bot.blender.harness.probes.playing import Play
from bot.blender.harness.scene.situations import CUBE
from bot.blender.harness.values import PASS, SKIPPED, Json, probe

KIND = "handler"
VIEW = ("VIEW_3D", "WINDOW")
MOVE = "bpy.context.object.location.x += 1.0\nbpy.context.view_layer.update()"
SAVE = "bpy.ops.wm.save_as_mainfile(filepath=os.path.join(TMP, 'copied.blend'), copy=True)"
HAPPENING = {
    "frame_change_pre": "bpy.context.scene.frame_set(2)",
    "frame_change_post": "bpy.context.scene.frame_set(2)",
    "depsgraph_update_pre": MOVE,
    "depsgraph_update_post": MOVE,
    "save_pre": SAVE,
    "save_post": SAVE,
}
"""By event, what makes it come about."""

SCENE, FILE, NOTHING = "bpy.context.scene", "os.path.join(TMP, 'copied.blend')", "None"
GRAPH = "bpy.context.evaluated_depsgraph_get()"
GIVEN = {
    **{f"render_{what}": (SCENE, NOTHING) for what in ("init", "pre", "post", "write", "complete", "cancel")},
    **{f"composite_{what}": (SCENE, NOTHING) for what in ("pre", "post", "cancel")},
    **{f"object_bake_{what}": ("bpy.context.object", NOTHING) for what in ("pre", "complete", "cancel")},
    **{f"{what}_{when}": (SCENE, NOTHING) for what in ("undo", "redo") for when in ("pre", "post")},
    **{f"animation_playback_{when}": (SCENE, GRAPH) for when in ("pre", "post")},
    **{f"load_{when}": (FILE if bpy.app.version >= (3, 6, 0) else NOTHING, NOTHING) for when in ("pre", "post")},
    "version_update": (NOTHING, NOTHING),
}
"""By event, what Blender gives; a function that takes one argument gets the first."""

HANDLER = "handler"
PERSISTENT = "_bpy_persistent"
FORGOTTEN = "it is not persistent: Blender forgets it before a file is loaded"
CALLED = "it was called when a file was loaded"
NOT_KNOWN = "what Blender gives at this event is not known"
NEEDS_GRAPHICS = "it draws with the graphics card, and there is none"


def attempts(course: Course) -> Iterator[Attempt]:
    """Each function that is called at an event, then those that are drawn over an editor."""
    bench = course.bench
    for event, function in handlers_of(bench.addon):
        subject = f"{event}.{qualified(bench.addon, function)}"
        yield Attempt(KIND, subject, partial(_result, course, subject, event, function))
    before = course.before
    for editor, function in before.registrations.shown():
        if is_of(bench.addon, function):
            subject = f"{editor}.{qualified(bench.addon, function)}"
            yield Attempt(KIND, subject, partial(probe, KIND, subject, SKIPPED, NEEDS_GRAPHICS))


def _result(course: Course, subject: str, event: str, function: Callable[..., Any]) -> Json:
    loaded, bench = course.results.loaded, course.bench
    if event == "load_post" and not hasattr(function, PERSISTENT):
        return probe(KIND, subject, SKIPPED, FORGOTTEN)
    if code_of(function) in loaded:
        failed = loaded[code_of(function)]
        told = {"id": f"{KIND}:{subject}", "kind": KIND, "subject": subject}
        return {**failed, **told} if failed is not None else probe(KIND, subject, PASS, CALLED)
    happening, given = HAPPENING.get(event), GIVEN.get(event)
    if happening is None and given is None:
        return probe(KIND, subject, SKIPPED, NOT_KNOWN)
    if not bench.stage.enter(CUBE):
        return probe(KIND, subject, SKIPPED, f"the scene {CUBE} cannot be made")
    play = Play(bench, KIND, subject, CUBE, f'view("{VIEW[0]}", "{VIEW[1]}")')
    play.names["check_arguments"] = check_arguments
    code, both = code_of(function), given or (SCENE, NOTHING)
    count = 1 if hasattr(function, "__code__") and code.co_argcount == 1 else len(both)
    found = f"{HANDLER} = bpy.app.handlers.{event}[{getattr(bpy.app.handlers, event).index(function)}]"
    given_here = ", ".join(both[:count])
    excuse = partial(excuse_callback, bench)
    with bench.stage.view(*VIEW), quiet():
        if not play.step(f"{found}\ncheck_arguments({HANDLER}, {count})", excuse):
            return play.failing or probe(KIND, subject, SKIPPED, NOT_KNOWN)
        play.handler = code if happening else None
        return play.played([(happening or f"{HANDLER}({given_here})", excuse)])
