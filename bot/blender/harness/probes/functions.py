"""Functions that no operator and no panel holds: which of them are called, and with which lines to be reached."""

from __future__ import annotations

from collections.abc import Iterator

import bpy

from bot.blender.harness.code.sources import Site
from bot.blender.harness.course import Attempt, Course
from bot.blender.harness.probes.calling import Calling, subject_of
from bot.blender.harness.scene.situations import DENSE, SITUATIONS, asked_for
from bot.blender.harness.values import FAIL

MOST_FRAMES = 8
"""As many functions of one traceback are called, the one that raised first."""
_BY_BLENDER = frozenset({"register", "unregister"})


def attempts(course: Course) -> Iterator[Attempt]:
    """The functions of a given traceback, from the one that raised outwards, then changed ones nothing reached."""
    bench, aims = course.bench, course.aims
    tried = (bpy.types.Operator, bpy.types.Panel, bpy.types.Menu)
    covered = {cls.__name__ for cls in course.classes if issubclass(cls, tried)}
    given = {
        site: place["line"]
        for place in reversed(aims.places)
        if (site := bench.sources.at(place["path"], place["line"], place.get("function", ""))) is not None
    }
    nearest = next(iter(given), None)
    deep = any(course.mentions.is_recursive(site) for site in given)
    callable_ones = [site for site in given if site.owner not in covered and site.name not in _BY_BLENDER]
    for site in callable_ones[:MOST_FRAMES]:
        attempt = _attempt(course, site, {given[site]}, given=True, nearest=site is nearest, deep=deep)
        yield attempt
        if course.ended(f"{attempt.kind}:{attempt.subject}") == FAIL:
            break
    for path, lines in sorted(aims.changed.items()):
        for line in sorted(lines - bench.coverage.lines(path)):
            found = bench.sources.at(path, line)
            if found is None or line in bench.coverage.lines(path):
                continue
            if found.owner not in covered and found.name not in _BY_BLENDER:
                yield _attempt(course, found, {one for one in lines if found.start <= one <= found.end})


def _attempt(
    course: Course, site: Site, wanted: set[int], *, given: bool = False, nearest: bool = False, deep: bool = False
) -> Attempt:
    asked = asked_for(course.mentions.of_function(site)) if given else ()
    scenes = (*SITUATIONS, *asked, *((DENSE,) if deep else ()))
    calling = Calling(course.bench, site, scenes, frozenset(wanted), given, nearest)
    return Attempt("function", subject_of(course.bench, site), calling.result)
