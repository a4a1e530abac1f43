"""Shortcuts: each has to be for an operator there is, with properties it has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import partial
from typing import Any

import bpy

from bot.blender.harness.bench import Bench
from bot.blender.harness.code.belongings import shortcuts
from bot.blender.harness.course import Attempt, Course
from bot.blender.harness.interface.buttons import known_operator
from bot.blender.harness.interface.misfits import LayoutError
from bot.blender.harness.interface.returned import raise_at
from bot.blender.harness.interface.shortcuts import dangling
from bot.blender.harness.judging.reading import names_given, place_of_text
from bot.blender.harness.recipes import recipe
from bot.blender.harness.values import FAIL, PASS, REFUSED, Json, probe

KIND = "keymap"
OF_OTHERS = "the operator is another add-on's, or made later"


def attempts(course: Course) -> Iterator[Attempt]:
    """Each shortcut that was not there before the add-on was enabled; equal ones as one."""
    known = Counter(course.before.shortcuts)
    found: dict[tuple[str, str], list[Any]] = {}
    for keymap, operator, item in shortcuts():
        if known[keymap, operator] > 0:
            known[keymap, operator] -= 1
        else:
            found.setdefault((keymap, operator), []).append(item)
    for (keymap, operator), items in found.items():
        yield Attempt(KIND, f"{keymap}.{operator}", partial(_result, course.bench, keymap, operator, items))


def _result(bench: Bench, keymap: str, operator: str, items: list[Any]) -> Json:
    subject = f"{keymap}.{operator}"
    if known_operator(operator) is None and not _of_blender(bench, operator):
        return probe(KIND, subject, REFUSED, OF_OTHERS)
    problem = next((found for item in items if (found := dangling(item)) is not None), None)
    return _failing(bench, keymap, operator, problem) if problem is not None else probe(KIND, subject, PASS)


def _failing(bench: Bench, keymap: str, operator: str, problem: LayoutError) -> Json:
    """It is told where the add-on names what is not there."""
    path, line = place_of_text(bench, problem.member)
    path, line = (path, line) if line else place_of_text(bench, operator)
    how = None
    if line:
        name = bench.addon.inner_module(path)
        file = f"importlib.import_module(MODULE{f' + {name!r}' if name else ''}).__file__"
        how = recipe(f"check_shortcut({keymap!r}, {operator!r}, {file}, {line})")
        try:
            raise_at(bench.addon.absolute(path), line, problem)
        except LayoutError as error:
            problem = error
    return probe(KIND, f"{keymap}.{operator}", FAIL, fault=bench.describer.described(problem), recipe=how)


def _of_blender(bench: Bench, operator: str) -> bool:
    """Whether its name is one of those Blender gives: it has operators of its own in that module, and no class of
    the add-on's is to get that name."""
    module = operator.partition(".")[0]
    made = set(dir(bpy.types))
    names = dir(getattr(bpy.ops, module)) if module in dir(bpy.ops) else ()
    return operator not in names_given(bench) and any(f"{module.upper()}_OT_{name}" not in made for name in names)
