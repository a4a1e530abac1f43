"""Functions, called with guessed arguments."""

from __future__ import annotations

import importlib.util
import inspect
import os
import re
import sys
from collections.abc import Iterator
from functools import partial
from types import ModuleType
from typing import Any

import bpy

from bot.blender.harness.bench import Bench, quiet
from bot.blender.harness.code.addon import Addon
from bot.blender.harness.code.sources import Site
from bot.blender.harness.course import Attempt, Course
from bot.blender.harness.judging.excuse_words import DATA_DEPENDENT, FROM_OUTSIDE
from bot.blender.harness.recipes import UnwritableError, call, recipe
from bot.blender.harness.scene.arguments import NothingToGiveError, arguments
from bot.blender.harness.scene.situations import SITUATIONS
from bot.blender.harness.timing import OutOfTimeError
from bot.blender.harness.values import FAIL, PASS, SKIPPED, Json, probe


def attempts(course: Course) -> Iterator[Attempt]:
    """The functions of a given traceback that no operator and no panel holds, then changed ones nothing reached."""
    bench, aims = course.bench, course.aims
    tried = (bpy.types.Operator, bpy.types.Panel, bpy.types.Menu)
    covered = {cls.__name__ for cls in course.classes if issubclass(cls, tried)}
    given = [
        (place, site)
        for place in aims.places
        if (site := bench.sources.at(place["path"], place["line"], place.get("function", ""))) is not None
    ]
    for place, site in reversed(given):
        if site.owner not in covered and site.name not in {"register", "unregister"}:
            yield _attempt(bench, site, True, {place["line"]})
            break
    for path, lines in sorted(aims.changed.items()):
        for line in sorted(lines - bench.coverage.lines(path)):
            found = bench.sources.at(path, line)
            if found is None or line in bench.coverage.lines(path):
                continue
            if found.owner not in covered and found.name not in {"register", "unregister"}:
                yield _attempt(bench, found, False, {one for one in lines if found.start <= one <= found.end})


def _attempt(bench: Bench, site: Site, given: bool, wanted: set[int]) -> Attempt:
    return Attempt("function", _subject(bench, site), partial(probe_function, bench, site, given, wanted))


def _subject(bench: Bench, site: Site) -> str:
    dotted = re.sub(r"(^|/)__init__\.py$|\.py$", "", site.path).replace("/", ".")
    return site.qualname if bench.addon.single_file or not dotted else f"{dotted}.{site.qualname}"


def module_of(addon: Addon, path: str) -> ModuleType | None:
    """The loaded module of a file of the add-on, imported when it is not loaded yet."""
    wanted = addon.absolute(path)
    for module in list(sys.modules.values()):
        filename = getattr(module, "__file__", None)
        if filename and os.path.normpath(filename) == wanted:
            return module
    if addon.single_file:
        return None
    dotted = re.sub(r"(^|/)__init__\.py$|\.py$", "", path).replace("/", ".")
    try:
        return importlib.import_module(f"{addon.module}.{dotted}" if dotted else addon.module)
    except OutOfTimeError:
        raise
    except BaseException:
        return None


def probe_function(bench: Bench, site: Site, given: bool, wanted: set[int]) -> Json:
    """Call one function with guessed arguments, in one scene after the other until its wanted lines ran.

    `given` says that a traceback named it; only then does an exception count, and only one raised
    at a line of that traceback, or in it without an argument of ours being what does not fit.
    """
    kind, module = "function", module_of(bench.addon, site.path)
    subject = _subject(bench, site)
    if module is None:
        return probe(kind, subject, SKIPPED, "its module cannot be imported")
    function: Any = module
    owner: Any = None
    made = ""
    for part in site.qualname.split("."):
        owner, function = function, getattr(function, part, None)
    if not callable(function):
        return probe(kind, subject, SKIPPED, "it is not there to be called")
    if (
        isinstance(owner, type)
        and inspect.isfunction(function)
        and not isinstance(inspect.getattr_static(owner, site.name), staticmethod)
    ):
        try:
            function, made = getattr(owner(), site.name), "()"
        except OutOfTimeError:
            raise
        except BaseException as error:
            return probe(kind, subject, SKIPPED, f"no {owner.__name__} can be made: {bench.describer.message(error)}")
    best = probe(kind, subject, SKIPPED, "no scene could be made")
    for situation in SITUATIONS:
        if not bench.stage.enter(situation):
            continue
        with bench.stage.view(), quiet():
            try:
                positional, named = arguments(function)
            except (NothingToGiveError, TypeError, ValueError) as error:
                if best["outcome"] == SKIPPED:
                    detail = f"nothing to give for the parameter {error}"
                    best = probe(kind, subject, SKIPPED, detail, situation)
                continue
            try:
                function(*positional, **named)
            except OutOfTimeError:
                raise
            except BaseException as error:
                how = _recipe(bench, module, site, made, positional, named, situation) if given else None
                result = _judge_call(bench, subject, error, [*positional, *named.values()], situation, given, how)
            else:
                result = probe(kind, subject, PASS, "called with guessed arguments", situation)
        if result["outcome"] == FAIL:
            return result
        if best["outcome"] == SKIPPED:
            best = result
        if wanted <= bench.coverage.lines(site.path):
            break
    return best


def _recipe(
    bench: Bench, module: ModuleType, site: Site, made: str, positional: list[Any], named: Json, situation: str
) -> Json | None:
    """How the function is called; none where an argument cannot be written."""
    known, inner = bench.addon.owns(module.__name__), module.__name__[len(bench.addon.module) :]
    name = repr(module.__name__) if not known else f"MODULE + {inner!r}" if inner else "MODULE"
    owner, dot, function = site.qualname.rpartition(".")
    try:
        line = call(f"importlib.import_module({name}).{owner}{made}{dot}{function}", positional, named)
    except UnwritableError:
        return None
    return recipe(line, scene=situation, over="view()")


def _judge_call(
    bench: Bench,
    subject: str,
    error: BaseException,
    values: list[Any],
    situation: str,
    given: bool,
    how: Json | None,
) -> Json:
    kind, message = "function", bench.describer.message(bench.describer.origin(error))
    detail = f"called with guessed arguments: {type(error).__name__}: {message}"
    if not given or not bench.inside(error) or re.search(r"\bbool\b", message):
        return probe(kind, subject, SKIPPED, detail, situation)
    if not bench.at_a_place(error):
        origin = bench.describer.origin(error)
        ours = any(getattr(origin, "obj", None) is value for value in values)
        names = {type(value).__name__ for value in values} - {"Context", "Scene"}
        wrong = isinstance(origin, (TypeError, AttributeError)) and any(f"'{name}'" in message for name in names)
        if ours or wrong or isinstance(origin, (*FROM_OUTSIDE, *DATA_DEPENDENT)) or "'NoneType'" in message:
            return probe(kind, subject, SKIPPED, detail, situation)
    return probe(kind, subject, FAIL, "called with guessed arguments", situation, bench.fault(error), how)
