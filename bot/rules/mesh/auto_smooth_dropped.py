"""Auto smooth that is switched off, or on for normals and sharp edges that are set.

## What it does
Leaves the assignment out.

## Why it breaks
Blender 4.1 removed `Mesh.use_auto_smooth` and `Mesh.auto_smooth_angle`. Custom normals and sharp edges
count without them, and there is nothing left to switch off.

## Example
```python
import bpy


def set_normals(mesh, normals):
    mesh.normals_split_custom_set(normals)
    mesh.use_auto_smooth = True


def flatten(mesh):
    mesh.use_auto_smooth = False
```

Use instead:
```python
import bpy


def set_normals(mesh, normals):
    mesh.normals_split_custom_set(normals)


def flatten(mesh):
    pass
```

Supporting 3.6 to 4.5:
```python
import bpy


def set_normals(mesh, normals):
    mesh.normals_split_custom_set(normals)
    if bpy.app.version < (4, 1, 0):
        mesh.use_auto_smooth = True


def flatten(mesh):
    if bpy.app.version < (4, 1, 0):
        mesh.use_auto_smooth = False
```

## Left alone
Switching it on for smoothing, which MSH101 answers, and properties of the add-on's own.
```python
import bpy


class Settings(bpy.types.PropertyGroup):
    use_auto_smooth: bpy.props.BoolProperty()


def reset(settings):
    settings.use_auto_smooth = False
```

## Fix safety
Safe: since 4.1 custom normals and sharp edges are always used, and meshes are never smoothed by angle unasked.

## References
- https://developer.blender.org/docs/release_notes/4.1/python_api/
- https://docs.blender.org/api/4.0/bpy.types.Mesh.html#bpy.types.Mesh.use_auto_smooth
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.models.fault import Fault
from bot.models.patch import Decision, Edit, Repair
from bot.rules.base import Context, Rule, Safety
from bot.rules.building import repair
from bot.rules.guards import dropped_statement, needs_bpy
from bot.rules.mesh.auto_smooth_sites import (
    ANGLE,
    SINCE,
    USE,
    Site,
    is_false,
    marks_sharp,
    partner,
    question,
    sites,
    value_of,
)
from bot.rules.source import Source

SHARED = "the assignment shares its line or its value; put it on a line of its own"


class AutoSmoothDropped(Rule):
    """MSH104."""

    code = "MSH104"
    name = "auto-smooth-dropped"
    family = "mesh"
    since = SINCE
    safety = Safety.SAFE
    triggers = ("auto_smooth",)

    def answers(self, fault: Fault) -> bool:
        """The error the missing members raise."""
        return fault.owner == "Mesh" and fault.member in (USE, ANGLE)

    def find(self, source: Source, context: Context) -> Iterator[Repair]:
        """Every assignment that has nothing to do any more."""
        for site in sites(source, context):
            if not _idle(source, site):
                continue
            edits: tuple[Edit, ...] = ()
            if site.line is not None:
                covered = context.covers(SINCE)
                bpy = None if covered else needs_bpy(source)
                edits = (dropped_statement(source, site.line, SINCE, covered=covered), *((bpy,) if bpy else ()))
            yield repair(
                self,
                source,
                site.member,
                f"Mesh has no {site.name}",
                "leave the assignment out",
                decision=Decision.REPAIR if edits else Decision.EXPLAIN,
                reason="" if edits else SHARED,
                edits=edits,
                question=question(site.name),
                owner="Mesh",
                member=site.name,
                fault=site.fault,
            )


def _idle(source: Source, site: Site) -> bool:
    """Whether leaving it out changes nothing in 4.1 and later."""
    if site.explicit:
        return True
    if site.name == USE:
        return is_false(site.value)
    switch = partner(source, site)
    return marks_sharp(source, site) if switch is None else is_false(value_of(switch))
