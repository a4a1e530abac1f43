"""Settings of the EEVEE before Blender 4.2.

## What it does
Leaves out what sets or shows bloom, soft shadows, the sizes of shadow maps, ambient occlusion and other settings of
the old engine; a switch that is read is taken for what the new engine does. Screen space reflections become ray
tracing, `gtao_quality` becomes `fast_gi_quality`.

## Why it breaks
The engine was written anew for Blender 4.2, which kept most of the settings without using them; 4.3 and 5.0
removed them: `AttributeError: 'SceneEEVEE' object has no attribute 'use_bloom'`.

## Example
```python
import bpy


def fast(scene):
    eevee = scene.eevee
    eevee.taa_render_samples = 16
    eevee.use_bloom = False
    eevee.shadow_cube_size = "512"
    eevee.use_ssr = True


def draw(self, context):
    self.layout.prop(context.scene.eevee, "use_soft_shadows", text="Soft")
    if context.scene.eevee.use_bloom:
        self.layout.label(text="Glow")
    self.layout.prop(context.scene.eevee, "use_shadows")


fast(bpy.context.scene)
```

Use instead:
```python
import bpy


def fast(scene):
    eevee = scene.eevee
    eevee.taa_render_samples = 16
    eevee.use_raytracing = True


def draw(self, context):
    if getattr(context.scene.eevee, "use_bloom", False):
        self.layout.label(text="Glow")
    self.layout.prop(context.scene.eevee, "use_shadows")


fast(bpy.context.scene)
```

Supporting 3.6 to 4.5:
```python
import bpy


def fast(scene):
    eevee = scene.eevee
    eevee.taa_render_samples = 16
    if bpy.app.version < (4, 2, 0):
        eevee.use_bloom = False
        eevee.shadow_cube_size = "512"
    if bpy.app.version >= (4, 3, 0):
        eevee.use_raytracing = True
    else:
        eevee.use_ssr = True


def draw(self, context):
    if bpy.app.version < (4, 2, 0):
        self.layout.prop(context.scene.eevee, "use_soft_shadows", text="Soft")
    if getattr(context.scene.eevee, "use_bloom", False):
        self.layout.label(text="Glow")
    self.layout.prop(context.scene.eevee, "use_shadows")


fast(bpy.context.scene)
```

## Left alone
The add-on's own settings of these names, and code that asks first.
```python
import bpy


def fast(scene, effects):
    effects.use_bloom = True
    if hasattr(scene.eevee, "use_ssr"):
        scene.eevee.use_ssr = False
    if bpy.app.version < (4, 2, 0):
        scene.eevee.use_gtao = False
```

## Fix safety
Safe: Blender 4.2 did not use those that are left out, and had the two that are renamed by both names. What replaces
bloom (the Glare node of the compositor) is left to a person.

## References
- https://developer.blender.org/docs/release_notes/4.2/eevee/
- https://docs.blender.org/api/4.3/change_log.html
- https://docs.blender.org/api/4.2/bpy.types.SceneEEVEE.html
- https://github.com/machin3io/MACHIN3tools/blob/ab0949e305aac735d2b151d407577b60b2ef810a/properties.py#L149
"""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType
from typing import Final

import libcst as cst

from bot.models.fault import Fault
from bot.models.patch import Repair
from bot.models.release import Release
from bot.rules.base import Context, Safety
from bot.rules.bindings import comes_from
from bot.rules.dropped import DroppedSettings
from bot.rules.renames import Member, Renames
from bot.rules.source import Source

_OWNER: Final = "bpy.types.SceneEEVEE"
_UNUSED: Final = (
    "bloom_clamp", "bloom_color", "bloom_intensity", "bloom_knee", "bloom_radius", "bloom_threshold",
    "bokeh_denoise_fac", "gi_cubemap_display_size", "gi_filter_quality", "gi_irradiance_display_size",
    "gi_irradiance_smoothing", "gi_show_cubemaps", "gi_show_irradiance", "gtao_factor", "shadow_cascade_size",
    "shadow_cube_size", "ssr_border_fade", "ssr_firefly_fac", "ssr_max_roughness", "ssr_quality", "ssr_thickness",
    "sss_jitter_threshold", "sss_samples", "use_bloom", "use_bokeh_high_quality_slight_defocus",
    "use_gtao_bent_normals", "use_gtao_bounce", "use_shadow_high_bitdepth", "use_soft_shadows", "use_ssr_halfres",
    "use_ssr_refraction", "use_volumetric_lights",
)  # fmt: skip
_UNUSED_LATER: Final = ("gtao_distance", "use_gtao")


class EeveeSettings(DroppedSettings, Renames):
    """RND122."""

    code = "RND122"
    name = "eevee-settings"
    family = "render"
    since = Release(4, 3)
    safety = Safety.SAFE
    triggers = ("eevee",)
    runs_in_blender = True
    owner = _OWNER
    unused = Release(4, 2)
    gone = MappingProxyType(
        dict.fromkeys(_UNUSED, Release(4, 3))
        | dict.fromkeys(_UNUSED_LATER, Release(5, 0))
        | dict.fromkeys(("gi_auto_bake", "gi_cache_info"), Release(4, 2))
    )

    read = MappingProxyType(
        dict.fromkeys((name for name in (*_UNUSED, *_UNUSED_LATER) if name.startswith("use_")), "False")
        | dict.fromkeys(("use_soft_shadows", "use_volumetric_lights"), "True")
    )
    members = (
        # In 4.2 each pair is one setting by two names.
        Member(_OWNER, "use_ssr", "use_raytracing", unique=True),
        Member(_OWNER, "gtao_quality", "fast_gi_quality", unique=True),
    )

    def answers(self, fault: Fault) -> bool:
        """The error a missing setting raises."""
        return DroppedSettings.answers(self, fault) or Renames.answers(self, fault)

    def find(self, source: Source, context: Context) -> Iterator[Repair]:
        """Every place that names a setting of the old engine."""
        yield from DroppedSettings.find(self, source, context)
        yield from Renames.find(self, source, context)

    def holds(self, source: Source, node: cst.BaseExpression) -> bool:
        """`scene.eevee`, or a name for it."""
        return comes_from(source, node, _is_eevee)


def _is_eevee(node: cst.BaseExpression) -> bool:
    return (
        isinstance(node, cst.Attribute)
        and node.attr.value == "eevee"
        and not (isinstance(node.value, cst.Name) and node.value.value in ("self", "cls"))
    )
