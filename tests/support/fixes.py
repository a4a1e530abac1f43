"""A tiny add-on with a fault, the project's own fix of it, and a model that answers from a script."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from repositories import Repository

INIT = '''"""Lines things up."""

import bpy

from . import measure

bl_info = {"name": "Line Up", "blender": (4, 2, 0), "category": "Object"}


class OBJECT_OT_line_up(bpy.types.Operator):
    """Share a gap among the selected things."""

    bl_idname = "object.line_up"
    bl_label = "Line Up"

    def execute(self, context):
        things = context.selected_objects
        step = measure.step_of(len(things), context.scene.get("line_gap", 1.0))
        for number, thing in enumerate(things):
            thing.location.x = number * step
        return {"FINISHED"}


def register():
    bpy.utils.register_class(OBJECT_OT_line_up)


def unregister():
    bpy.utils.unregister_class(OBJECT_OT_line_up)
'''
MEASURE = '''"""Distances."""


def step_of(count, gap):
    """The distance from one thing to the next."""
    return gap / (count - 1)


def area_of(width, height):
    """How large a thing is."""
    return width * height
'''
FIXED = MEASURE.replace("(count - 1)", "max(count - 1, 1)")
TESTS = """import unittest

import line_up.measure as measure


class StepOf(unittest.TestCase):
    def test_of_one(self):
        self.assertEqual(measure.step_of(1, 3.0), 3.0)


def test_of_two():
    assert measure.step_of(3, 4.0) == 2.0
"""
MESSAGE = "Fix ZeroDivisionError when a single selected thing is lined up"
PROBE = """bpy.context.scene["line_gap"] = 1.0
bpy.ops.mesh.primitive_cube_add()
for thing in bpy.data.objects:
    thing.select_set(thing.name == "Cube.001")
assert bpy.ops.object.line_up() == {"FINISHED"}
assert CASE_TMP
"""
PARTICULAR = "assert addon.measure.step_of(1, 3.0) == 3.0, addon.measure.step_of(1, 3.0)\n"
TRACEBACK = """Traceback (most recent call last):
  File "probe_addon.py", line 123, in main
  File "probes/one.py", line 5, in <module>
  File "<TMP>/scripts/addons/line_up/__init__.py", line 19, in execute
    step = measure.step_of(len(things), context.scene.get("line_gap", 1.0))
  File "<TMP>/scripts/addons/line_up/measure.py", line 6, in step_of
    return gap / (count - 1)
ZeroDivisionError: float division by zero
"""
SHOWS = """## Expects
ZeroDivisionError

## Where
line_up/measure.py

## Claim
Lining up one thing divides by the number of gaps, which is zero.

## Script
```python
bpy.context.scene["line_gap"] = 1.0
for thing in bpy.data.objects:
    thing.select_set(thing.name == "Cube")
bpy.ops.object.line_up()
```
"""
MENDS = """## Summary
`step_of` divided by `count - 1`, which is zero for one thing. It now divides by at least one.

## Rests on
[c1] [c2]

## Patch
```diff
--- a/line_up/measure.py
+++ b/line_up/measure.py
@@
     \"\"\"The distance from one thing to the next.\"\"\"
-    return gap / (count - 1)
+    return gap / max(count - 1, 1)
```
"""
WRONG = MENDS.replace("gap / max(count - 1, 1)", "gap / (count - 1) if count > 1 else 0.0")
"""A patch that raises nothing and is not what is meant."""
LIKES = '{"api": 1.0, "context": 1.0, "idempotence": 1.0, "side_effects": 0.9, "objections": []}'
ANSWERS: tuple[dict[str, Any], ...] = (
    {"role": "router", "reply": '{"path": "one call", "reason": "It is one line."}', "repeat": True},
    {"role": "reproducer", "reply": SHOWS, "repeat": True},
    {"role": "patcher", "reply": MENDS, "repeat": True},
    {"role": "critic", "contains": "faithfulness", "reply": '{"faithfulness": 0.75, "relevancy": 0.5}'},
    {"role": "critic", "reply": LIKES, "repeat": True},
)


@dataclass(frozen=True)
class Fixed:
    """The repository, the commit with the fault and its fix."""

    root: Path
    before: str
    after: str


def fixed(root: Path, *, tests: bool = True) -> Fixed:
    """Make it."""
    repository = Repository(root)
    repository.write("line_up/__init__.py", INIT)
    repository.write("line_up/measure.py", MEASURE)
    before = repository.commit("Line things up")
    repository.write("line_up/measure.py", FIXED)
    if tests:
        repository.write("tests/test_measure.py", TESTS)
    return Fixed(root, before, repository.commit(MESSAGE))


def case(made: Fixed, **other: object) -> dict[str, object]:
    """A line of a case file."""
    return {
        "id": "one", "repo": str(made.root), "before": made.before, "after": made.after, "addon_path": "line_up",
        "module": "line_up", "kind": "logic", "probe": PROBE, "traceback": TRACEBACK, **other,
    }  # fmt: skip


def write_cases(file: Path, *cases: dict[str, object]) -> Path:
    """A case file."""
    file.write_text("".join(json.dumps(one) + "\n" for one in cases), "utf-8")
    return file


def write_answers(file: Path, *answers: dict[str, Any]) -> Path:
    """A script for `--llm scripted:FILE`."""
    file.write_text(json.dumps(list(answers)), "utf-8")
    return file
