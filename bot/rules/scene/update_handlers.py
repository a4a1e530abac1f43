"""Handlers for scene updates are handlers for dependency graph updates

## What it does

Rewrites `bpy.app.handlers.scene_update_post` to `depsgraph_update_post`, and `scene_update_pre` to
`depsgraph_update_pre`.

## Why it breaks

Blender 2.80 removed the scene update handlers; naming one raises an `AttributeError`.

## Example

```python
import bpy
from bpy.app.handlers import persistent


@persistent
def watch(scene):
    print(scene.name)


bpy.app.handlers.scene_update_post.append(watch)
bpy.app.handlers.scene_update_post.remove(watch)
```

Use instead:

```python
import bpy
from bpy.app.handlers import persistent


@persistent
def watch(scene):
    print(scene.name)


bpy.app.handlers.depsgraph_update_post.append(watch)
bpy.app.handlers.depsgraph_update_post.remove(watch)
```

## Left alone

```python
import bpy


def watch(scene, mine):
    mine.scene_update_post.append(watch)
    bpy.app.handlers.depsgraph_update_post.append(watch)
    if hasattr(bpy.app.handlers, "scene_update_post"):
        bpy.app.handlers.scene_update_post.append(watch)
```

## Fix safety

Unsafe: the old handlers ran all the time, the new ones when something changed. A function that
changes the scene each time it is called must stop doing so, or it calls itself.

## References

- https://docs.blender.org/api/current/bpy.app.handlers.html#bpy.app.handlers.depsgraph_update_post
- https://developer.blender.org/docs/release_notes/2.80/python_api/scene_and_object_api/
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import libcst as cst

from bot.models.fault import Fault, FaultKind
from bot.models.patch import Repair
from bot.models.release import Release
from bot.rules.base import Context, Rule, Safety
from bot.rules.building import every, repair
from bot.rules.examples import ExampleFault
from bot.rules.guards import is_guarded
from bot.rules.inference import qualified
from bot.rules.scene.facts import member, needs
from bot.rules.source import Source

HANDLERS: Final = "bpy.app.handlers"
RENAMED: Final = {"scene_update_post": "depsgraph_update_post", "scene_update_pre": "depsgraph_update_pre"}


class UpdateHandlers(Rule):
    """`scene_update_post` becomes `depsgraph_update_post`."""

    code = "SCN106"
    name = "update-handlers"
    family = "scene"
    since = Release(2, 80)
    safety = Safety.UNSAFE
    triggers = ("scene_update_p",)
    runs_in_blender = True
    example_faults = (
        ExampleFault(
            message="'bpy.app.handlers' object has no attribute 'scene_update_post'",
            at="scene_update_post.append",
            exception="AttributeError",
        ),
    )

    def find(self, source: Source, context: Context) -> Iterator[Repair]:
        """The old lists of handlers, by their full name."""
        for node in every(source, cst.Attribute):
            old = node.attr.value
            if old not in RENAMED or qualified(source, node) != f"{HANDLERS}.{old}":
                continue
            fault = _seen(source, context, old)
            if is_guarded(source, node, seen=fault is not None):
                continue
            yield repair(
                self,
                source,
                node,
                f"{HANDLERS} has no {old} since Blender 2.80",
                f"use {RENAMED[old]}",
                edits=(source.replace(node.attr, RENAMED[old]),),
                question=member(HANDLERS, old),
                requires=needs(HANDLERS, RENAMED[old]),
                owner=HANDLERS,
                member=old,
                fault=fault,
            )

    def answers(self, fault: Fault) -> bool:
        """The `AttributeError` of a list of handlers that is gone."""
        return any(f"has no attribute '{old}'" in fault.message for old in RENAMED)


def _seen(source: Source, context: Context, old: str) -> Fault | None:
    """Blender's complaint, wherever in the file: where one use fails all of them do, and they go together."""
    return next(
        (
            fault
            for fault in context.faults_in(source)
            if fault.kind is not FaultKind.API and f"has no attribute '{old}'" in fault.message
        ),
        None,
    )
