"""Split normals that are calculated by themselves.

## What it does
Leaves out calls of `calc_normals_split()`, `create_normals_split()` and `free_normals_split()`.

## Why it breaks
Blender 4.1 calculates a mesh's split normals when they are read, and removed the three methods.

## Example
```python
import bpy


def normals(mesh):
    mesh.calc_normals_split()
    result = [loop.normal.copy() for loop in mesh.loops]
    mesh.free_normals_split()
    return result
```

Use instead:
```python
import bpy


def normals(mesh):
    result = [loop.normal.copy() for loop in mesh.loops]
    return result
```

Supporting 3.6 to 4.5:
```python
import bpy


def normals(mesh):
    if bpy.app.version < (4, 1, 0):
        mesh.calc_normals_split()
    result = [loop.normal.copy() for loop in mesh.loops]
    if bpy.app.version < (4, 1, 0):
        mesh.free_normals_split()
    return result
```

## Left alone
Methods of that name the add-on defines itself, and calls somebody guarded.
```python
import bpy


class Exporter:
    def calc_normals_split(self):
        pass

    def run(self):
        self.calc_normals_split()


def normals(mesh):
    if hasattr(mesh, "free_normals_split"):
        mesh.free_normals_split()
```

## Fix safety
Safe: `loop.normal` and `corner_normals` hold the same normals without the call.

## References
- https://developer.blender.org/docs/release_notes/4.1/python_api/
- https://docs.blender.org/api/4.0/bpy.types.Mesh.html#bpy.types.Mesh.calc_normals_split
"""

from __future__ import annotations

from bot.models.release import Release
from bot.rules.base import Safety
from bot.rules.mesh.statements import DroppedMeshCall


class CalcNormalsSplit(DroppedMeshCall):
    """MSH102."""

    code = "MSH102"
    name = "calc-normals-split"
    family = "mesh"
    since = Release(4, 1)
    safety = Safety.SAFE
    triggers = ("_normals_split",)
    methods = frozenset({"calc_normals_split", "create_normals_split", "free_normals_split"})
