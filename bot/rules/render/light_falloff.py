"""Light settings of the engine before EEVEE.

## What it does
Leaves out assignments to `distance`, `falloff_type`, the falloff coefficients and the shadow buffer
of a light.

## Why it breaks
No engine has used them since Blender 2.80; Blender 4.0 removed them:
`AttributeError: 'PointLight' object has no attribute 'distance'`.

## Example
```python
import bpy


def lamp(name):
    light = bpy.data.lights.new(name, "POINT")
    light.energy = 100.0
    light.distance = 25.0
    light.falloff_type = "INVERSE_SQUARE"
    return light
```

Use instead:
```python
import bpy


def lamp(name):
    light = bpy.data.lights.new(name, "POINT")
    light.energy = 100.0
    return light
```

Supporting 3.6 to 4.5:
```python
import bpy


def lamp(name):
    light = bpy.data.lights.new(name, "POINT")
    light.energy = 100.0
    if bpy.app.version < (4, 0, 0):
        light.distance = 25.0
    if bpy.app.version < (4, 0, 0):
        light.falloff_type = "INVERSE_SQUARE"
    return light
```

## Left alone
The same names on other types.
```python
import bpy


def near(constraint, field):
    constraint.distance = 2.0
    field.falloff_type = "TUBE"
```

## Fix safety
Safe: the settings had no effect.

## References
- https://developer.blender.org/docs/release_notes/4.0/python_api/
- https://docs.blender.org/api/3.6/bpy.types.PointLight.html#bpy.types.PointLight.distance
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import libcst as cst

from bot.models.fault import Fault
from bot.models.patch import Decision, Edit, Repair
from bot.models.question import Question, QuestionKind
from bot.models.release import Release
from bot.rules.base import Context, Rule, Safety
from bot.rules.bindings import comes_from
from bot.rules.building import every, repair
from bot.rules.guards import dropped_statement, is_guarded, needs_bpy, whole_line
from bot.rules.inference import types_of
from bot.rules.places import dotted, fault_at, walk
from bot.rules.source import Source

SHARED = "the assignment shares its line or its value, or reading the value does something; take it out by hand"

_GONE: Final = frozenset(
    {
        "constant_coefficient",
        "distance",
        "falloff_type",
        "linear_attenuation",
        "linear_coefficient",
        "quadratic_attenuation",
        "quadratic_coefficient",
        "shadow_buffer_samples",
        "shadow_buffer_size",
    }
)
_CONSUMING: Final = re.compile(r"read|next|pop|unpack|recv|consume|parse", re.IGNORECASE)
_TYPES: Final = frozenset(f"bpy.types.{kind}Light" for kind in ("", "Point", "Sun", "Spot", "Area"))


class LightFalloff(Rule):
    """RND102."""

    code = "RND102"
    name = "light-falloff"
    family = "render"
    since = Release(4, 0)
    safety = Safety.SAFE
    triggers = tuple(sorted(f".{name}" for name in _GONE))

    def answers(self, fault: Fault) -> bool:
        """The error a missing setting of a light raises."""
        return f"bpy.types.{fault.owner}" in _TYPES and fault.member in _GONE

    def find(self, source: Source, context: Context) -> Iterator[Repair]:
        """Every assignment to such a setting of a light."""
        releases = [release for release in context.targets if release >= self.since]
        for assign in every(source, cst.Assign):
            member = assign.targets[0].target
            if not isinstance(member, cst.Attribute) or member.attr.value not in _GONE:
                continue
            name = member.attr.value
            fault = fault_at(source, assign, context, rf"'\w*Light' object has no attribute '{name}'")
            if fault is None and not comes_from(source, member.value, lambda value: _is_light(source, value)):
                continue
            if is_guarded(source, assign, releases, names=(name,), seen=fault is not None):
                continue
            line = whole_line(source, assign) if len(assign.targets) == 1 and not _consumes(assign.value) else None
            edits: tuple[Edit, ...] = ()
            if line is not None:
                covered = context.covers(self.since)
                bpy = None if covered else needs_bpy(source)
                edits = (dropped_statement(source, line, self.since, covered=covered), *((bpy,) if bpy else ()))
            yield repair(
                self,
                source,
                assign,
                f"a light has no {name}",
                "leave the assignment out",
                decision=Decision.REPAIR if edits else Decision.EXPLAIN,
                reason="" if edits else SHARED,
                edits=edits,
                question=Question(kind=QuestionKind.MEMBER, owner="bpy.types.PointLight", name=name),
                owner="Light",
                member=name,
                fault=fault,
            )


def _consumes(value: cst.BaseExpression) -> bool:
    """Whether working out the value takes something from a stream, so that it has to stay."""
    calls = (node for node in walk(value) if isinstance(node, cst.Call))
    return any(_CONSUMING.search((dotted(call.func) or "read").split(".")[-1]) for call in calls)


def _is_light(source: Source, node: cst.BaseExpression) -> bool:
    if types_of(source).of(node) in _TYPES:
        return True
    if isinstance(node, cst.Subscript):
        return (dotted(node.value) or "").endswith("data.lights")
    return isinstance(node, cst.Call) and (dotted(node.func) or "").endswith(("data.lights.new", "data.lights.get"))
