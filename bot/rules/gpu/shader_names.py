"""Built-in shaders by name.

## What it does
Leaves the prefix `2D_` or `3D_` out of the names given to `gpu.shader.from_builtin`.

## Why it breaks
One shader serves both since Blender 3.4; Blender 4.0 no longer takes the names with a prefix:
`ValueError: gpu.shader.from_builtin: expected a string in (…), got '3D_UNIFORM_COLOR'`.

## Example
```python
import gpu


def shaders():
    name = "3D_POLYLINE_UNIFORM_COLOR"
    flat = gpu.shader.from_builtin("2D_UNIFORM_COLOR")
    return flat, gpu.shader.from_builtin(name)
```

Use instead:
```python
import gpu


def shaders():
    name = "POLYLINE_UNIFORM_COLOR"
    flat = gpu.shader.from_builtin("UNIFORM_COLOR")
    return flat, gpu.shader.from_builtin(name)
```

Supporting 3.3 to 4.5:
```python
import bpy
import gpu


def shaders():
    name = "POLYLINE_UNIFORM_COLOR" if bpy.app.version >= (3, 4, 0) else "3D_POLYLINE_UNIFORM_COLOR"
    flat = gpu.shader.from_builtin("UNIFORM_COLOR" if bpy.app.version >= (3, 4, 0) else "2D_UNIFORM_COLOR")
    return flat, gpu.shader.from_builtin(name)
```

## Left alone
Code that chooses already, and names that serve something else.
```python
import bpy
import gpu

UNIFORM = "UNIFORM_COLOR" if bpy.app.version >= (4, 0, 0) else "3D_UNIFORM_COLOR"
KINDS = {"3D_UNIFORM_COLOR": 1}


def shader():
    try:
        return gpu.shader.from_builtin("3D_SMOOTH_COLOR")
    except ValueError:
        return gpu.shader.from_builtin(UNIFORM)
```

## Fix safety
Safe: it is the same shader. Two coordinates are taken where three are expected, as before.

## References
- https://developer.blender.org/docs/release_notes/4.0/python_api/
- https://docs.blender.org/api/4.5/gpu.shader.html#gpu.shader.from_builtin
- https://github.com/machin3io/MACHIN3tools/blob/ab0949e305aac735d2b151d407577b60b2ef810a/utils/draw.py#L79
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from bot.models.release import Release
from bot.rules.base import Safety
from bot.rules.items import Argument, RenamedItems

_BUILTIN: Final = "gpu.shader.from_builtin"
_NAMES: Final = ("FLAT_COLOR", "IMAGE", "SMOOTH_COLOR", "UNIFORM_COLOR")
_POLYLINES: Final = ("POLYLINE_FLAT_COLOR", "POLYLINE_SMOOTH_COLOR", "POLYLINE_UNIFORM_COLOR")


class ShaderNames(RenamedItems):
    """GPU103."""

    code = "GPU103"
    name = "shader-names"
    family = "gpu"
    since = Release(4, 0)
    available = Release(3, 4)
    safety = Safety.SAFE
    triggers = ("from_builtin",)
    noun = "built-in shader"
    renamed = MappingProxyType(
        {f"2D_{name}": name for name in _NAMES} | {f"3D_{name}": name for name in (*_NAMES, *_POLYLINES)}
    )
    slots = (Argument(_BUILTIN, "shader_name", 0),)
