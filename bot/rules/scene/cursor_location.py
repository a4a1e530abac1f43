"""The 3D cursor is a thing of its own

## What it does

Rewrites `scene.cursor_location` to `scene.cursor.location`.

## Why it breaks

Blender 2.80 moved the place of the 3D cursor into `Scene.cursor`; the old member, and the one of the
3D viewport's space, are gone and raise an `AttributeError`.

## Example

```python
import bpy


def at_cursor(context):
    bpy.context.scene.cursor_location = (0.0, 0.0, 1.0)
    scene = context.scene
    return scene.cursor_location.copy()


at_cursor(bpy.context)
```

Use instead:

```python
import bpy


def at_cursor(context):
    bpy.context.scene.cursor.location = (0.0, 0.0, 1.0)
    scene = context.scene
    return scene.cursor.location.copy()


at_cursor(bpy.context)
```

## Left alone

```python
import bpy


def at_cursor(context, game):
    game.cursor_location = (0, 0)
    if hasattr(context.scene, "cursor_location"):
        return context.scene.cursor_location
    return context.scene.cursor.location
```

## Fix safety

Safe: it is the same place, in the same units.

## References

- https://docs.blender.org/api/current/bpy.types.View3DCursor.html#bpy.types.View3DCursor.location
- https://docs.blender.org/api/2.80/change_log.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import libcst as cst

from bot.models.fault import Fault
from bot.models.patch import Repair
from bot.models.release import Release
from bot.rules.base import Context, Rule
from bot.rules.building import every, repair
from bot.rules.guards import is_guarded
from bot.rules.inference import types_of
from bot.rules.places import fault_at
from bot.rules.scene.facts import SCENE, member, needs
from bot.rules.source import Source

ERROR: Final = r"'Scene' object has no attribute 'cursor_location'"


class CursorLocation(Rule):
    """`scene.cursor_location` becomes `scene.cursor.location`."""

    code = "SCN104"
    name = "cursor-location"
    family = "scene"
    since = Release(2, 80)
    triggers = ("cursor_location",)
    runs_in_blender = True

    def find(self, source: Source, context: Context) -> Iterator[Repair]:
        """The member of a scene, by its type or by the fault seen there."""
        types = types_of(source)
        for node in every(source, cst.Attribute):
            if node.attr.value != "cursor_location":
                continue
            fault = fault_at(source, node, context, ERROR)
            known = types.of(node.value)
            if (known != SCENE and (known is not None or fault is None)) or is_guarded(
                source, node, seen=fault is not None
            ):
                continue
            yield repair(
                self,
                source,
                node,
                "Scene has no cursor_location since Blender 2.80",
                "use cursor.location",
                edits=(source.replace(node.attr, "cursor.location"),),
                question=member(SCENE, "cursor_location"),
                requires=needs(SCENE, "cursor"),
                owner="Scene",
                member="cursor_location",
                fault=fault,
            )

    def answers(self, fault: Fault) -> bool:
        """`'Scene' object has no attribute 'cursor_location'`."""
        return fault.member == "cursor_location"
