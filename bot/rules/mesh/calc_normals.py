"""Normals that are calculated by themselves.

## What it does
Leaves out calls of `mesh.calc_normals()`.

## Why it breaks
Since Blender 3.1 normals are calculated when they are read; Blender 4.0 removed the method.

## Example
```python
import bpy


def finish(mesh):
    mesh.calc_normals()
    mesh.update()
```

Use instead:
```python
import bpy


def finish(mesh):
    mesh.update()
```

Supporting 2.93 to 4.5:
```python
import bpy


def finish(mesh):
    if bpy.app.version < (4, 0, 0):
        mesh.calc_normals()
    mesh.update()
```

## Left alone
Methods of that name the add-on defines itself, and `bmesh`, which is still asked to update its normals.
```python
import bpy


def calc_normals(verts):
    return verts


def finish(self, bm):
    bm.normal_update()
    self.calc_normals()
```

## Fix safety
Safe: the normals read afterwards are the same.

## References
- https://developer.blender.org/docs/release_notes/4.0/python_api/
- https://docs.blender.org/api/3.6/bpy.types.Mesh.html#bpy.types.Mesh.calc_normals
"""

from __future__ import annotations

from bot.models.release import Release
from bot.rules.base import Safety
from bot.rules.mesh.statements import DroppedMeshCall


class CalcNormals(DroppedMeshCall):
    """MSH103."""

    code = "MSH103"
    name = "calc-normals"
    family = "mesh"
    since = Release(4, 0)
    safety = Safety.SAFE
    triggers = ("calc_normals(",)
    methods = frozenset({"calc_normals"})
