"""Which rays see an object is a property of the object

## What it does

Rewrites `ob.cycles_visibility.camera` to `ob.visible_camera`, and so for diffuse, glossy,
transmission, scatter and shadow rays.

## Why it breaks

Blender 3.0 moved the settings from Cycles to the object itself; `Object.cycles_visibility` is gone
and using it raises an `AttributeError`.

## Example

```python
import bpy


def hide(context):
    ob = context.object
    ob.cycles_visibility.camera = False
    ob.cycles_visibility.shadow = False
    return ob.cycles_visibility.scatter


hide(bpy.context)
```

Use instead:

```python
import bpy


def hide(context):
    ob = context.object
    ob.visible_camera = False
    ob.visible_shadow = False
    return ob.visible_volume_scatter


hide(bpy.context)
```

Supporting 2.83 to 4.5:

```python
import bpy


def hide(context):
    ob = context.object
    if bpy.app.version >= (3, 0, 0):
        ob.visible_camera = False
        ob.visible_shadow = False
    else:
        ob.cycles_visibility.camera = False
        ob.cycles_visibility.shadow = False
    return ob.visible_volume_scatter if bpy.app.version >= (3, 0, 0) else ob.cycles_visibility.scatter


hide(bpy.context)
```

## Left alone

Worlds keep theirs.

```python
import bpy


def hide(context, world, thing):
    world.cycles_visibility.camera = False
    context.scene.world.cycles_visibility.glossy = False
    if hasattr(thing, "cycles_visibility"):
        thing.cycles_visibility.camera = False
    context.object.visible_camera = False
```

## Fix safety

Safe: they are the same settings. The group itself, handed to something else, is left to a person.

## References

- https://docs.blender.org/api/3.0/change_log.html
- https://docs.blender.org/api/current/bpy.types.Object.html#bpy.types.Object.visible_camera
- https://github.com/s-leger/archipack/blob/8ecfc55706b83f230ee839e7ca45baa0bbb00f8e/archipack_autoboolean.py#L109
"""

from __future__ import annotations

from typing import Final

from bot.models.release import Release
from bot.rules.renames import Member, Renames

OBJECT: Final = "bpy.types.Object"
OLD: Final = "cycles_visibility"
WORLD: Final = r"(?i)world"
"""Worlds have the same group, and keep it."""
ALONE = "the settings are members of the object now (visible_camera and so on); hand over the object instead"


class RayVisibility(Renames):
    """`ob.cycles_visibility.camera` becomes `ob.visible_camera`."""

    code = "RND112"
    name = "ray-visibility"
    family = "render"
    since = Release(3, 0)
    triggers = (OLD,)
    members = (
        *(
            Member(OBJECT, f"{OLD}.{ray}", f"visible_{ray}", unique=True, unless=WORLD)
            for ray in ("camera", "diffuse", "glossy", "shadow", "transmission")
        ),
        Member(OBJECT, f"{OLD}.scatter", "visible_volume_scatter", unique=True, unless=WORLD),
        Member(OBJECT, OLD, unique=True, unless=WORLD, reason=ALONE),
    )
