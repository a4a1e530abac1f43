"""View layers are updated, not scenes

## What it does

Rewrites `scene.update()` to `view_layer.update()`: of the context's view layer where the scene is the
context's, of the scene's first one anywhere else.

## Why it breaks

Since Blender 2.80 objects are evaluated per view layer. `Scene.update` is gone; calling it raises an
`AttributeError`.

## Example

```python
import bpy


def refresh(context):
    context.scene.update()
    scene = bpy.context.scene
    scene.update()
    bpy.data.scenes["Scene"].update()


refresh(bpy.context)
```

Use instead:

```python
import bpy


def refresh(context):
    context.view_layer.update()
    scene = bpy.context.scene
    bpy.context.view_layer.update()
    bpy.data.scenes["Scene"].view_layers[0].update()


refresh(bpy.context)
```

## Left alone

```python
import bpy


def refresh(context, scene_settings, known):
    known.update()
    context.view_layer.update()
    scene_settings.update({"a": 1})
    if bpy.app.version < (2, 80, 0):
        context.scene.update()
```

## Fix safety

Safe: it brings the same objects up to date. Inside a handler that runs after updates it can call
itself, as it could before.

## References

- https://docs.blender.org/api/current/bpy.types.ViewLayer.html#bpy.types.ViewLayer.update
- https://developer.blender.org/docs/release_notes/2.80/python_api/scene_and_object_api/
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
from bot.rules.scene.facts import SCENE, context_behind, member, needs
from bot.rules.source import Source

ERROR: Final = r"'Scene' object has no attribute 'update'"


class SceneUpdate(Rule):
    """`scene.update()` becomes `view_layer.update()`."""

    code = "SCN105"
    name = "scene-update"
    family = "scene"
    since = Release(2, 80)
    triggers = (".update()",)
    runs_in_blender = True

    def find(self, source: Source, context: Context) -> Iterator[Repair]:
        """Calls without arguments of a scene's `update`."""
        types = types_of(source)
        for call in every(source, cst.Call):
            function = call.func
            if not isinstance(function, cst.Attribute) or function.attr.value != "update" or call.args:
                continue
            fault = fault_at(source, call, context, ERROR)
            known = types.of(function.value)
            if (known != SCENE and (known is not None or fault is None)) or is_guarded(
                source, call, seen=fault is not None
            ):
                continue
            writer = context_behind(source, function.value)
            layer = f"{writer}.view_layer" if writer else f"{source.code(function.value)}.view_layers[0]"
            yield repair(
                self,
                source,
                call,
                "Scene has no update since Blender 2.80",
                f"call {layer}.update()",
                edits=(source.replace(function.value, layer),),
                question=member(SCENE, "update"),
                requires=needs("bpy.types.ViewLayer", "update"),
                owner="Scene",
                member="update",
                fault=fault,
            )

    def answers(self, fault: Fault) -> bool:
        """`'Scene' object has no attribute 'update'`."""
        return fault.owner == "Scene" and fault.member == "update"
