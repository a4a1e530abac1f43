"""Enabling and disabling, the way Blender's preferences do it."""

from __future__ import annotations

import ast
import contextlib
import sys
from collections.abc import Iterator
from functools import partial
from importlib.machinery import EXTENSION_SUFFIXES
from types import ModuleType
from typing import Any

import addon_utils
import bpy

from bot.blender.harness.bench import Bench
from bot.blender.harness.course import Attempt, Course
from bot.blender.harness.interface.guards import unguarded
from bot.blender.harness.interface.loading_rules import restricted
from bot.blender.harness.probes.leftovers import probe_left_behind
from bot.blender.harness.recipes import recipe
from bot.blender.harness.scene.situations import CUBE
from bot.blender.harness.timing import OutOfTimeError
from bot.blender.harness.values import FAIL, PASS, SKIPPED, Json, probe, raised

RECIPES = {
    "enable": recipe(),
    "disable": recipe("disable()"),
    "enable-again": recipe("with contextlib.suppress(Exception):\n    disable()", "enable()"),
}
"""How each of these comes about again, once the add-on was enabled; by that alone for the first of them."""
UNUSED = "unused"
"""Before anything else was done with the add-on."""
RESTRICTED = recipe(
    "disable()",
    "for name in [one for one in sys.modules if (one + '.').startswith(MODULE + '.')]:\n    del sys.modules[name]",
    "restrict_loading()",
    "enable()",
)
"""The same of what only an add-on that is being enabled may not do: where Blender is a module, it may."""


def attempts(course: Course) -> Iterator[Attempt]:
    """Disable it, and enable it again."""
    course.bench.stage.enter(CUBE)
    recover(course)
    yield Attempt("disable", "", partial(probe_disable, course.bench))
    if course.ended("disable"):
        if course.ended("disable") == PASS:  # what is there of one that failed half-way is no news
            yield Attempt("left-behind", "", partial(probe_left_behind, course))
        yield Attempt("enable-again", "", lambda: probe_enable(course.bench, "enable-again")[0])
    # What ended Blender once may do so again: for this alone nothing else is given up.
    if not course.spared and {course.ended("disable"), course.ended("enable-again")} <= {PASS, ""}:
        yield Attempt("disable", UNUSED, partial(_probe_disable_unused, course))


def probe_enable(bench: Bench, kind: str = "enable") -> tuple[Json, bool]:
    """Enable the add-on the way Blender's preferences do; also says whether it is enabled now."""
    errors: list[BaseException] = []

    def collect(*arguments: Any) -> None:
        error = arguments[0] if arguments and isinstance(arguments[0], BaseException) else sys.exc_info()[1]
        if error is not None:
            errors.append(error)

    bench.witness.clear()
    module = None
    try:
        module = addon_utils.enable(bench.addon.module, default_set=True, handle_error=collect)
    except BaseException as error:  # an add-on may raise SystemExit when it is imported
        errors.append(error)
    if any(isinstance(error, OutOfTimeError) for error in errors):  # some releases hand that to `collect`, too
        fault = raised("TimeoutError", "enabling the add-on does not end", "", 0)
        return probe(kind, "", FAIL, fault=fault, recipe=RECIPES[kind]), False
    if errors:
        how = RESTRICTED if restricted(errors[0]) else RECIPES[kind]
        return probe(kind, "", FAIL, fault=bench.fault(errors[0]), recipe=how), module is not None
    if module is None:
        return probe(kind, "", FAIL, fault=_too_old(bench), recipe=RECIPES[kind]), False
    return probe(kind, "", PASS), True


def _probe_disable_unused(course: Course) -> Json:
    """Disable it straight after it was enabled: what it clears away then may only come with use."""
    _, why = enable_afresh(course.bench)
    if why:
        return probe("disable", UNUSED, SKIPPED, why)
    result = probe_disable(course.bench, UNUSED)
    if result["outcome"] == PASS:
        recover(course)
    else:  # half of it is still there: its handlers are called by whatever Blender loads, which takes it down
        _forget(course.bench)
        probe_enable(course.bench)
    return result


def recover(course: Course) -> None:
    """An operator can load a file or disable add-ons; carry on with the add-on enabled."""
    module = sys.modules.get(course.bench.addon.module)
    if module is None or not getattr(module, "__addon_enabled__", False):
        probe_enable(course.bench)


def enable_afresh(bench: Bench) -> tuple[ModuleType | None, str]:
    """The add-on's module, imported and enabled anew over Blender's factory scene; or none, and why.

    The scene is loaded, as `File > New` does it, which no other probe needs: it takes nothing down as long as no
    override of the context is under way.
    """
    with contextlib.suppress(Exception):
        addon_utils.disable(bench.addon.module, default_set=True, handle_error=lambda *_: None)
    _forget(bench)
    with unguarded():
        bpy.ops.wm.read_homefile(use_factory_startup=True)
    result, enabled = probe_enable(bench)
    module = sys.modules.get(bench.addon.module)
    if enabled and module is not None:
        return module, ""
    fault = result["raised"] or {"type": "ImportError", "message": ""}
    return None, f"the add-on could not be enabled for it: {fault['type']}: {fault['message']}"


def _forget(bench: Bench) -> None:
    """Have the add-on's modules imported anew, but for native code, which need not bear that."""
    for name, module in list(sys.modules.items()):
        if bench.addon.owns(name) and not str(getattr(module, "__file__", "")).endswith(tuple(EXTENSION_SUFFIXES)):
            del sys.modules[name]


def _too_old(bench: Bench) -> Json:
    """Blender refuses, without a word, what says it is for a release before 2.80."""
    path = bench.addon.shown_name if bench.addon.single_file else "__init__.py"
    line = 0
    for node in ast.walk(bench.sources.tree(path) or ast.Module([], [])):
        if isinstance(node, ast.Dict):
            for key in node.keys:
                if isinstance(key, ast.Constant) and key.value == "blender" and not line:
                    line = key.lineno
    message = "add-on was not upgraded for 2.80, ignoring"
    return raised("ImportError", message, path, line, "bl_info", "blender", [])


def probe_disable(bench: Bench, subject: str = "") -> Json:
    """Disable it the way Blender's preferences do."""
    errors: list[BaseException] = []

    def collect(*arguments: Any) -> None:
        error = arguments[0] if arguments and isinstance(arguments[0], BaseException) else sys.exc_info()[1]
        if error is not None:
            errors.append(error)

    try:
        addon_utils.disable(bench.addon.module, default_set=True, handle_error=collect)
    except BaseException as error:
        errors.append(error)
    if any(isinstance(error, OutOfTimeError) for error in errors):
        fault = raised("TimeoutError", "disabling the add-on does not end", "", 0)
        return probe("disable", subject, FAIL, fault=fault, recipe=RECIPES["disable"])
    if errors:
        return probe("disable", subject, FAIL, fault=bench.fault(errors[0]), recipe=RECIPES["disable"])
    return probe("disable", subject, PASS)
