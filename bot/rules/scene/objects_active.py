"""The active object belongs to the view layer

## What it does

Rewrites `scene.objects.active`, read and written, to `view_layer.objects.active`: the context's view
layer where the scene is the context's, the scene's first one anywhere else.

## Why it breaks

Since Blender 2.80 what is active and selected is kept per view layer. `Scene.objects` has no
`active`; using it raises an `AttributeError`.

## Example

```python
import bpy


def activate(context, ob):
    context.scene.objects.active = ob
    if bpy.context.scene.objects.active == ob:
        print(ob)
    for scene in bpy.data.scenes:
        print(scene.objects.active)


activate(bpy.context, bpy.data.objects["Cube"])
```

Use instead:

```python
import bpy


def activate(context, ob):
    context.view_layer.objects.active = ob
    if bpy.context.view_layer.objects.active == ob:
        print(ob)
    for scene in bpy.data.scenes:
        print(scene.view_layers[0].objects.active)


activate(bpy.context, bpy.data.objects["Cube"])
```

## Left alone

```python
import bpy


def activate(context, ob, shelf):
    context.view_layer.objects.active = ob
    shelf.objects.active = ob
    if hasattr(context.scene.objects, "active"):
        context.scene.objects.active = ob
    scene = context.scene
    scene.collection.objects.link(ob)
    ob.vertex_groups.active = None
```

## Fix safety

Safe: there was one view layer where 2.79 had one scene. A name that only ever holds the context's
scene counts as the context's.

## References

- https://docs.blender.org/api/current/bpy.types.LayerObjects.html#bpy.types.LayerObjects.active
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
from bot.rules.places import fault_at
from bot.rules.scene.facts import context_behind, is_scene_objects, member, needs
from bot.rules.source import Source

ERROR: Final = r"bpy_prop_collection.*attribute ['\"]active['\"]"


class SceneObjectsActive(Rule):
    """`scene.objects.active` becomes `view_layer.objects.active`."""

    code = "SCN102"
    name = "scene-objects-active"
    family = "scene"
    since = Release(2, 80)
    triggers = (".active",)
    runs_in_blender = True

    def find(self, source: Source, context: Context) -> Iterator[Repair]:
        """The active object of a scene, read or written."""
        for node in every(source, cst.Attribute):
            if node.attr.value != "active" or not is_scene_objects(source, node.value, context, ERROR):
                continue
            fault = fault_at(source, node, context, ERROR)
            if is_guarded(source, node, seen=fault is not None):
                continue
            assert isinstance(node.value, cst.Attribute)  # noqa: S101  (see is_scene_objects)
            scene = node.value.value
            writer = context_behind(source, scene)
            layer = f"{writer}.view_layer" if writer else f"{source.code(scene)}.view_layers[0]"
            yield repair(
                self,
                source,
                node,
                "Scene.objects has no active since Blender 2.80",
                f"use {layer}.objects.active",
                question=member("bpy.types.SceneObjects", "active"),
                requires=needs("bpy.types.LayerObjects", "active"),
                owner="SceneObjects",
                member="active",
                edits=(source.replace(scene, layer),),
                fault=fault,
            )

    def answers(self, fault: Fault) -> bool:
        """`active` missing on a collection property."""
        return fault.member == "active" and "bpy_prop_collection" in (fault.owner or fault.message)
