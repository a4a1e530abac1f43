"""Settings of the baker of multiresolution meshes.

## What it does
Asks `render.bake` for the settings of baking, by their names there.

## Why it breaks
Blender 5.0 keeps all settings of baking in one place; the baker of multiresolution meshes had its own before:
`AttributeError: 'RenderSettings' object has no attribute 'bake_margin'`.

## Example
```python
import bpy


def prepare(scene):
    scene.render.bake_type = "NORMALS"
    scene.render.use_bake_multires = True
    return scene.render.bake_margin


prepare(bpy.context.scene)
```

Use instead:
```python
import bpy


def prepare(scene):
    scene.render.bake.type = "NORMALS"
    scene.render.bake.use_multires = True
    return scene.render.bake.margin


prepare(bpy.context.scene)
```

Supporting 4.2 to 5.0:
```python
import bpy


def prepare(scene):
    if bpy.app.version >= (5, 0, 0):
        scene.render.bake.type = "NORMALS"
        scene.render.bake.use_multires = True
    else:
        scene.render.bake_type = "NORMALS"
        scene.render.use_bake_multires = True
    return scene.render.bake.margin if bpy.app.version >= (5, 0, 0) else scene.render.bake_margin


prepare(bpy.context.scene)
```

## Left alone
The same names on other types, and the settings that always were in `render.bake`.
```python
import bpy


def prepare(self, scene):
    scene.cycles.bake_type = "NORMAL"
    scene.render.bake.margin = 8
    if bpy.app.version < (5, 0, 0):
        scene.render.bake_margin = self.bake_margin
```

## Fix safety
Safe: the same settings of the same baker.

## References
- https://developer.blender.org/docs/release_notes/5.0/python_api/
- https://docs.blender.org/api/5.0/change_log.html
- https://docs.blender.org/api/5.0/bpy.types.BakeSettings.html
- https://github.com/absolute-quantum/cats-blender-plugin/blob/56a4af49de968c63577deba96053f4910f9cb775/tools/bake.py#L301
"""

from __future__ import annotations

from typing import Final

from bot.models.release import Release
from bot.rules.base import Safety
from bot.rules.renames import Member, Renames

GONE = "the baker has no such setting any more; leave it out"
NOT_BAKED = "only the engine before Blender 2.80 baked this; bake it with Cycles, bpy.ops.object.bake"

_RENDER: Final = "bpy.types.RenderSettings"
_NAMES: Final = {
    "use_bake_clear": "use_clear",
    "use_bake_lores_mesh": "use_lores_mesh",
    "use_bake_multires": "use_multires",
    "use_bake_selected_to_active": "use_selected_to_active",
    "bake_margin": "margin",
    "bake_margin_type": "margin_type",
}
_INTERNAL: Final = frozenset(
    (
        "ALL", "ALPHA", "AO", "DERIVATIVE", "EMIT", "MIRROR_COLOR", "MIRROR_INTENSITY", "SHADOW", "SPEC_COLOR",
        "SPEC_INTENSITY", "TEXTURE", "VERTEX_COLORS",
    )
)  # fmt: skip
"""What only the engine before 2.80 baked."""
_GONE: Final = ("bake_bias", "bake_samples", "bake_user_scale", "use_bake_user_scale")


class BakeSettings(Renames):
    """RND123."""

    code = "RND123"
    name = "bake-settings"
    family = "render"
    since = Release(5, 0)
    safety = Safety.SAFE
    triggers = (*_NAMES, "bake_type", *_GONE)
    runs_in_blender = True
    members = (
        *(Member(_RENDER, old, f"bake.{new}") for old, new in _NAMES.items()),
        Member(_RENDER, "bake_type", "bake.type", gone=_INTERNAL, reason=NOT_BAKED),
        *(Member(_RENDER, old, reason=GONE) for old in _GONE),
    )
