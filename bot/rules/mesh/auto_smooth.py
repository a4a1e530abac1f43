"""Auto smooth on a mesh.

## What it does
Marks the sharp edges by angle where auto smooth was switched on; the angle is the one set beside it,
30 degrees otherwise.

## Why it breaks
Blender 4.1 removed `Mesh.use_auto_smooth` and `Mesh.auto_smooth_angle`: smoothing follows the sharp
edges, or the modifier "Smooth by Angle".

## Example
```python
import bpy


def smooth(mesh, angle):
    for polygon in mesh.polygons:
        polygon.use_smooth = True
    mesh.use_auto_smooth = True
    mesh.auto_smooth_angle = angle
```

Use instead:
```python
import bpy


def smooth(mesh, angle):
    for polygon in mesh.polygons:
        polygon.use_smooth = True
    mesh.set_sharp_from_angle(angle=angle)
```

Supporting 3.6 to 4.5:
```python
import bpy


def smooth(mesh, angle):
    for polygon in mesh.polygons:
        polygon.use_smooth = True
    if bpy.app.version >= (4, 1, 0):
        mesh.set_sharp_from_angle(angle=angle)
    else:
        mesh.use_auto_smooth = True
        mesh.auto_smooth_angle = angle
```

## Left alone
Properties of the add-on's own, and code that is guarded. Switching it off, and switching it on for
custom normals or marked edges, is what MSH104 answers.
```python
import bpy


class Settings(bpy.types.PropertyGroup):
    use_auto_smooth: bpy.props.BoolProperty()


def smooth(mesh, settings):
    settings.use_auto_smooth = True
    if hasattr(mesh, "use_auto_smooth"):
        mesh.use_auto_smooth = True
```

## Fix safety
Unsafe: the sharp edges are marked once, when the line runs, instead of following later changes of
the mesh; edges marked sharp before and faces shaded flat are marked anew.

## References
- https://developer.blender.org/docs/release_notes/4.1/python_api/
- https://docs.blender.org/api/4.1/bpy.types.Mesh.html#bpy.types.Mesh.set_sharp_from_angle
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

import libcst as cst

from bot.models.fault import Fault
from bot.models.patch import Decision, Edit, Repair, Requirement
from bot.rules.base import Context, Rule, Safety
from bot.rules.building import repair
from bot.rules.examples import ExampleFault
from bot.rules.guards import guarded_statement, needs_bpy, statement_text
from bot.rules.mesh.auto_smooth_sites import (
    ANGLE,
    SHARP,
    SINCE,
    USE,
    Site,
    is_false,
    is_true,
    marks_sharp,
    partner,
    question,
    sites,
    value_of,
)
from bot.rules.places import walk
from bot.rules.source import Source

TITLE = "mark sharp edges by angle"
NO_SWITCH = "nothing beside it switches auto smooth on; call mesh.set_sharp_from_angle(angle=…) where it should act"
SHARED = "the assignment shares its line or its value; put it on a line of its own"

DEFAULT_ANGLE = "0.523599"
"""30 degrees in radians, the default of `auto_smooth_angle` before 4.1."""


class AutoSmooth(Rule):
    """MSH101."""

    code = "MSH101"
    name = "auto-smooth"
    family = "mesh"
    since = SINCE
    safety = Safety.UNSAFE
    triggers = ("auto_smooth",)
    example_faults: ClassVar = (
        ExampleFault("'Mesh' object has no attribute 'use_auto_smooth'", "mesh.use_auto_smooth = ", "AttributeError"),
    )

    def answers(self, fault: Fault) -> bool:
        """The error the missing members raise."""
        return fault.owner == "Mesh" and fault.member in (USE, ANGLE)

    def find(self, source: Source, context: Context) -> Iterator[Repair]:
        """Every assignment that switches auto smooth on, with the angle that belongs to it."""
        done: set[cst.SimpleStatementLine] = set()
        for site in sites(source, context):
            if site.explicit or (site.name == USE and is_false(site.value)) or site.line in done:
                continue
            other = partner(source, site)
            if site.line is None:
                yield self._explained(source, site, SHARED)
            elif site.name == ANGLE and other is None:
                if not marks_sharp(source, site):
                    yield self._explained(source, site, NO_SWITCH)
            elif other is not None and is_false(value_of(other)):
                continue
            elif other is not None and _adjacent(source, site.line, other):
                done.add(other)
                yield self._pair(source, context, site, site.line, other)
            elif site.name == USE:
                beside = value_of(other) if other is not None else None
                angle = source.code(beside) if beside is not None and _steady(beside) else DEFAULT_ANGLE
                switch = "" if is_true(site.value) else source.code(site.value)
                old = source.code(site.line)
                edit = _switched(source, context, site.line, site.line, site.mesh, angle, switch, old)
                yield self._repaired(source, context, site, site.line, edit)

    def _pair(
        self,
        source: Source,
        context: Context,
        site: Site,
        first: cst.SimpleStatementLine,
        second: cst.SimpleStatementLine,
    ) -> Repair:
        """Two neighbouring lines as one."""
        following = _assigned(second)
        switch, angle = (site.value, following) if site.name == USE else (following, site.value)
        old = source.text[source.start(first) : source.end(second)]
        edit = _switched(
            source,
            context,
            first,
            second,
            site.mesh,
            source.code(angle),
            "" if is_true(switch) else source.code(switch),
            old,
        )
        return self._repaired(source, context, site, second, edit)

    def _repaired(
        self, source: Source, context: Context, site: Site, last: cst.SimpleStatementLine, edit: Edit
    ) -> Repair:
        covered = context.covers(SINCE)
        bpy = None if covered else needs_bpy(source)
        found = repair(
            self,
            source,
            site.member,
            f"Mesh has no {site.name}",
            TITLE,
            edits=(edit, *((bpy,) if bpy else ())),
            question=question(site.name),
            requires=(Requirement(question=question(SHARP), since=None if covered else SINCE),),
            owner="Mesh",
            member=site.name,
            fault=site.fault,
        )
        return found.model_copy(update={"end_line": source.end_line(last)})

    def _explained(self, source: Source, site: Site, reason: str) -> Repair:
        return repair(
            self,
            source,
            site.member,
            f"Mesh has no {site.name}",
            TITLE,
            decision=Decision.EXPLAIN,
            reason=reason,
            question=question(site.name),
            owner="Mesh",
            member=site.name,
            fault=site.fault,
        )


def _switched(
    source: Source,
    context: Context,
    first: cst.SimpleStatementLine,
    last: cst.SimpleStatementLine,
    mesh: str,
    angle: str,
    switch: str,
    old: str,
) -> Edit:
    """`set_sharp_from_angle` in the place of the lines, under `if` where the switch is no literal."""
    call = f"{mesh}.{SHARP}(angle={angle})"
    new = statement_text(source, (f"if {switch}:", f"{source.indent_unit}{call}") if switch else (call,), first)
    if not context.covers(SINCE):
        new = guarded_statement(source, first, new, old, SINCE).text
    return Edit(start=source.start(first), end=source.end(last), text=new)


def _assigned(line: cst.SimpleStatementLine) -> cst.BaseExpression:
    value = value_of(line)
    if value is None:
        raise ValueError("the line is no assignment")
    return value


def _steady(value: cst.BaseExpression) -> bool:
    """Whether it means the same some lines earlier: constants and attributes, not a name set in between."""
    return not any(isinstance(node, cst.Await | cst.NamedExpr | cst.Lambda) for node in walk(value)) and not isinstance(
        value, cst.Name
    )


def _adjacent(source: Source, first: cst.SimpleStatementLine, second: cst.SimpleStatementLine) -> bool:
    """Whether nothing but white space is between two lines, in this order."""
    between = source.text[source.end(first) : source.start(second)]
    return source.start(first) < source.start(second) and not between.strip()
