"""Values of a curve mapping are asked of the mapping.

## What it does
Rewrites `curve.evaluate(position)` to `mapping.evaluate(curve, position)`, where the curve is one of a
mapping that is known there.

## Why it breaks
Blender 2.82 moved `evaluate` from the single curve to the mapping it belongs to, which holds what lies
outside the curve's ends: `AttributeError: 'CurveMap' object has no attribute 'evaluate'`.

## Example
```python
import bpy


def middle(node):
    mapping = node.mapping
    mapping.initialize()
    curve = mapping.curves[3]
    value = curve.evaluate(0.5)
    return value


tree = bpy.data.node_groups.new("Curves", "ShaderNodeTree")
assert middle(tree.nodes.new("ShaderNodeRGBCurve")) > 0.4
```

Use instead:
```python
import bpy


def middle(node):
    mapping = node.mapping
    mapping.initialize()
    curve = mapping.curves[3]
    value = mapping.evaluate(curve, 0.5)
    return value


tree = bpy.data.node_groups.new("Curves", "ShaderNodeTree")
assert middle(tree.nodes.new("ShaderNodeRGBCurve")) > 0.4
```

Supporting 2.80 to 4.5:
```python
import bpy


def middle(node):
    mapping = node.mapping
    mapping.initialize()
    curve = mapping.curves[3]
    value = mapping.evaluate(curve, 0.5) if bpy.app.version >= (2, 82, 0) else curve.evaluate(0.5)
    return value


tree = bpy.data.node_groups.new("Curves", "ShaderNodeTree")
assert middle(tree.nodes.new("ShaderNodeRGBCurve")) > 0.4
```

## Left alone
F-Curves, which are asked themselves, and curves of a mapping that cannot be told.
```python
import bpy


def values(action, curve, splines):
    fcurve = action.fcurves[0]
    first = splines.curves.find("x")
    return fcurve.evaluate(1.0), curve.evaluate(0.5), first.evaluate(0.5)
```

## Fix safety
Safe: it is the same curve, and the mapping is the one it was taken from.

## References
- https://developer.blender.org/docs/release_notes/2.82/python_api/
- https://docs.blender.org/api/current/bpy.types.CurveMapping.html#bpy.types.CurveMapping.evaluate
- https://github.com/varkenvarken/blenderaddons/blob/6df817f23e6032175431a1d7fc33ecf1da7ff689/height.py#L178
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import libcst as cst

from bot.models.fault import Fault
from bot.models.patch import Repair, Requirement
from bot.models.question import Question, QuestionKind
from bot.models.release import Release
from bot.rules.base import Context, Rule
from bot.rules.bindings import bound
from bot.rules.building import every, plain_arguments, repair
from bot.rules.guards import guarded_expression, is_guarded, needs_bpy
from bot.rules.inference import types_of
from bot.rules.places import dotted, fault_at
from bot.rules.source import Source

MAPPING: Final = "bpy.types.CurveMapping"
ERROR: Final = "'CurveMap' object has no attribute 'evaluate'"

_MOVED: Final = Release(2, 82)
_DATA: Final = ("data", "bpy.data")
"""Holders of another `curves`: those one draws."""


class CurveEvaluate(Rule):
    """`curve.evaluate(x)` becomes `mapping.evaluate(curve, x)`."""

    code = "MTH102"
    name = "curve-evaluate"
    family = "maths"
    since = _MOVED
    triggers = (".evaluate",)
    example_support = ("2.90", "4.5")
    runs_in_blender = True

    def find(self, source: Source, context: Context) -> Iterator[Repair]:
        """Every `evaluate` of a curve that was taken out of a mapping."""
        releases = [release for release in context.targets if release >= self.since]
        for call in every(source, cst.Call):
            method = call.func
            if not (isinstance(method, cst.Attribute) and method.attr.value == "evaluate"):
                continue
            if len(call.args) != 1 or not plain_arguments(call):
                continue
            mapping = _mapping(source, method.value)
            if mapping is None:
                continue
            fault = fault_at(source, call, context, ERROR)
            if is_guarded(source, call, releases, names=("evaluate",), seen=fault is not None):
                continue
            covered = context.covers(_MOVED)
            curve, given = source.code(method.value), source.code(call.args[0]).rstrip(", ")
            text = f"{mapping}.evaluate({curve}, {given})"
            if not covered:
                text = guarded_expression(text, source.code(call), _MOVED, parentheses=not _stands_alone(source, call))
            bpy = None if covered else needs_bpy(source)
            yield repair(
                self,
                source,
                call,
                "CurveMap has no evaluate since Blender 2.82",
                "ask the mapping",
                edits=(source.replace(call, text), *((bpy,) if bpy else ())),
                question=Question(kind=QuestionKind.MEMBER, owner="bpy.types.CurveMap", name="evaluate"),
                requires=(
                    Requirement(
                        question=Question(kind=QuestionKind.MEMBER, owner=MAPPING, name="evaluate"), since=_MOVED
                    ),
                ),
                owner="CurveMap",
                member="evaluate",
                fault=fault,
            )

    def answers(self, fault: Fault) -> bool:
        """The error the missing method raises."""
        return ERROR in fault.message


def _mapping(source: Source, curve: cst.BaseExpression) -> str | None:
    """The mapping a curve was taken out of, as code that can be written at the same place; null: not known."""
    if isinstance(curve, cst.Name):
        values = bound(source, curve)
        if len(values) != 1 or values[0] is None:
            return None
        curve = values[0]
    if not isinstance(curve, cst.Subscript):
        return None
    holder = curve.value
    if not (isinstance(holder, cst.Attribute) and holder.attr.value == "curves"):
        return None
    name = dotted(holder.value)
    known = types_of(source).of(holder.value)
    if name is None or known not in (None, MAPPING) or name.endswith(_DATA):
        return None
    if isinstance(holder.value, cst.Name) and len(bound(source, holder.value)) > 1:
        return None  # it may be another mapping by now
    return name


def _stands_alone(source: Source, call: cst.Call) -> bool:
    """Whether nothing around the call binds closer than a conditional expression."""
    return isinstance(source.parent(call), cst.Assign | cst.Return)
