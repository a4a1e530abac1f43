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
from bot.blender.harness.interface.known import is_known
from bot.blender.harness.judging.reading import names_given, place_of_text
from bot.blender.harness.values import FAIL, PASS, REFUSED, Json, probe, raised

KIND = "keymap"
MENUS = {"wm.call_menu": "Menu", "wm.call_menu_pie": "Menu", "wm.call_panel": "Panel"}
"""By operator, what its `name` is the name of."""
OF_OTHERS = "the operator is another add-on's, or made later"


def attempts(course: Course) -> Iterator[Attempt]:
    """Each shortcut that was not there before the add-on was enabled; equal ones as one."""
    before = course.before
    known = Counter(before.shortcuts)
    found: dict[str, list[Any]] = {}
    for keymap, operator, item in shortcuts():
        if known[keymap, operator] > 0:
            known[keymap, operator] -= 1
        else:
            found.setdefault(f"{keymap}.{operator}", []).append(item)
    for subject, items in found.items():
        yield Attempt(KIND, subject, partial(_result, course.bench, subject, items))


def _result(bench: Bench, subject: str, items: list[Any]) -> Json:
    operator = items[0].idname
    if known_operator(operator) is None:
        if _of_blender(bench, operator):
            module, _, name = operator.partition(".")
            message = f"the shortcut is for an unknown operator '{operator}'"
            return _fails(bench, subject, "UnknownOperator", message, f"bpy.ops.{module}", name, operator)
        return probe(KIND, subject, REFUSED, OF_OTHERS)
    for item in items:
        kind, name = MENUS.get(operator, ""), str(getattr(item.properties, "name", ""))
        if kind and name and not is_known(kind, name):
            message = f"the shortcut opens what is not there: {kind} '{name}'"
            return _fails(bench, subject, f"Unknown{kind}", message, "bpy.types", name, name)
        for key in list(item.properties.keys()):
            if key not in item.properties.bl_rna.properties:
                message = f"the shortcut sets a property '{operator}' does not have: {key}"
                return _fails(bench, subject, "UnknownProperty", message, f"bpy.ops.{operator}", key, key)
    return probe(KIND, subject, PASS)


def _fails(bench: Bench, subject: str, error: str, message: str, owner: str, member: str, text: str) -> Json:
    path, line = place_of_text(bench, text)
    return probe(KIND, subject, FAIL, fault=raised(error, message, path, line, owner, member))


def _of_blender(bench: Bench, operator: str) -> bool:
    """Whether its name is one of those Blender gives: it has operators of its own in that module, and no class of
    the add-on's is to get that name."""
    module = operator.partition(".")[0]
    made = set(dir(bpy.types))
    names = dir(getattr(bpy.ops, module)) if module in dir(bpy.ops) else ()
    return operator not in names_given(bench) and any(f"{module.upper()}_OT_{name}" not in made for name in names)
