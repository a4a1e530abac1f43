"""Radii of the shapes `bmesh` makes.

## What it does
Gives `bmesh.ops.create_cone` its `radius1` and `radius2`, and `create_icosphere`, `create_uvsphere` and
`create_circle` their `radius`, by these names.

## Why it breaks
They were called `diameter1`, `diameter2` and `diameter`, though they always were radii. Blender 3.0 renamed them
(2.80 that of the circle): `TypeError: create_cone: keyword "diameter1" is invalid for this operator`.

## Example
```python
import bmesh


def shapes(size):
    bm = bmesh.new()
    bmesh.ops.create_icosphere(bm, subdivisions=2, diameter=size)
    made = bmesh.ops.create_cone(bm, segments=8, diameter1=size, diameter2=0.0, depth=2.0)
    return bm, made["verts"]


shapes(1.0)
```

Use instead:
```python
import bmesh


def shapes(size):
    bm = bmesh.new()
    bmesh.ops.create_icosphere(bm, subdivisions=2, radius=size)
    made = bmesh.ops.create_cone(bm, segments=8, radius1=size, radius2=0.0, depth=2.0)
    return bm, made["verts"]


shapes(1.0)
```

Supporting 2.83 to 4.5:
```python
import bpy
import bmesh


def shapes(size):
    bm = bmesh.new()
    if bpy.app.version >= (3, 0, 0):
        bmesh.ops.create_icosphere(bm, subdivisions=2, radius=size)
    else:
        bmesh.ops.create_icosphere(bm, subdivisions=2, diameter=size)
    if bpy.app.version >= (3, 0, 0):
        made = bmesh.ops.create_cone(bm, segments=8, radius1=size, radius2=0.0, depth=2.0)
    else:
        made = bmesh.ops.create_cone(bm, segments=8, diameter1=size, diameter2=0.0, depth=2.0)
    return bm, made["verts"]


shapes(1.0)
```

## Left alone
Functions of that name elsewhere, and calls that are guarded.
```python
import bmesh
import bpy


def shapes(bm, tools):
    tools.create_cone(bm, diameter1=1.0, diameter2=1.0)
    if bpy.app.version < (3, 0, 0):
        bmesh.ops.create_uvsphere(bm, u_segments=8, v_segments=4, diameter=1.0)
    else:
        bmesh.ops.create_uvsphere(bm, u_segments=8, v_segments=4, radius=1.0)
```

## Fix safety
Safe: the value is the same; it was a radius before.

## References
- https://developer.blender.org/docs/release_notes/3.0/python_api/
- https://docs.blender.org/api/3.0/change_log.html
- https://docs.blender.org/api/4.5/bmesh.ops.html#bmesh.ops.create_cone
- https://github.com/absolute-quantum/cats-blender-plugin/blob/56a4af49de968c63577deba96053f4910f9cb775/extern_tools/mmd_tools_local/bpyutils.py#L195
"""

from __future__ import annotations

from typing import Final

from bot.models.release import Release
from bot.rules.base import Safety
from bot.rules.keywords import Keyword, RenamedKeywords

_CONE: Final = ("bmesh.ops.create_cone",)
_SPHERES: Final = ("bmesh.ops.create_icosphere", "bmesh.ops.create_uvsphere", "bmesh.ops.create_circle")


class BmeshRadius(RenamedKeywords):
    """MSH110."""

    code = "MSH110"
    name = "bmesh-radius"
    family = "mesh"
    since = Release(3, 0)
    safety = Safety.SAFE
    triggers = ("diameter",)
    runs_in_blender = True
    keywords = (
        Keyword(_CONE, "diameter1", "radius1"),
        Keyword(_CONE, "diameter2", "radius2"),
        Keyword(_SPHERES, "diameter", "radius"),
    )
