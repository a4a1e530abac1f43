"""Groups of gizmos, set up and made ready to be drawn; the gizmos themselves need a graphics card."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import bpy

from bot.blender.harness.bench import Bench, quiet
from bot.blender.harness.course import Attempt, Course
from bot.blender.harness.interface.gizmos_faked import set_up_gizmos
from bot.blender.harness.judging.callbacks import excuse_callback
from bot.blender.harness.probes.playing import Play
from bot.blender.harness.scene.situations import CUBE, SITUATIONS
from bot.blender.harness.values import PASS, POLL_SAYS_NO, REFUSED, SKIPPED, Json, probe

KIND = "gizmo"
NEEDS_GRAPHICS = "it draws with the graphics card, and there is none"


def attempts(course: Course) -> Iterator[Attempt]:
    """Each group, then each gizmo, of which it is only told that it is not tried."""
    for cls in course.classes:
        if issubclass(cls, bpy.types.GizmoGroup):
            yield Attempt(KIND, cls.__name__, partial(_result, course.bench, cls))
        elif issubclass(cls, bpy.types.Gizmo):
            yield Attempt(KIND, cls.__name__, partial(probe, KIND, cls.__name__, SKIPPED, NEEDS_GRAPHICS))


def _result(bench: Bench, cls: Any) -> Json:
    """In the first scene its poll takes."""
    result = probe(KIND, cls.__name__, SKIPPED, f"the scene {CUBE} cannot be made")
    space = str(getattr(cls, "bl_space_type", "VIEW_3D"))
    for situation in SITUATIONS:
        if not bench.stage.enter(situation):
            continue
        play = Play(bench, KIND, cls.__name__, situation, f'view("{space}", "WINDOW")')
        play.names |= {"set_up_gizmos": set_up_gizmos, "group": cls}
        name = play.known_as(cls)
        with bench.stage.view(space, "WINDOW"), quiet():
            line = f"shown = set_up_gizmos({name or 'group'})"
            result = play.played([(line, partial(excuse_callback, bench, situation=situation))])
        if result["outcome"] != PASS or play.names["shown"]:
            return result
        result = probe(KIND, cls.__name__, REFUSED, POLL_SAYS_NO, situation)
    return result
