"""How a material casts shadows in EEVEE.

## What it does
Sets `use_transparent_shadow` where `shadow_method` was set, and shows it where `shadow_method` was shown.

## Why it breaks
EEVEE has not used `Material.shadow_method` since Blender 4.2; 4.3 removed it:
`AttributeError: 'Material' object has no attribute 'shadow_method'`.

## Example
```python
import bpy


def glass(method):
    mat = bpy.data.materials.new("Glass")
    mat.blend_method = "BLEND"
    mat.shadow_method = "HASHED"
    mat.shadow_method = method
    mat.shadow_method = "NONE"
    return mat


def draw(self, context):
    self.layout.prop(context.object.active_material, "shadow_method")


glass("OPAQUE")
```

Use instead:
```python
import bpy


def glass(method):
    mat = bpy.data.materials.new("Glass")
    mat.blend_method = "BLEND"
    mat.use_transparent_shadow = True
    mat.use_transparent_shadow = method != "OPAQUE"
    return mat


def draw(self, context):
    self.layout.prop(context.object.active_material, "use_transparent_shadow")


glass("OPAQUE")
```

## Left alone
`blend_method`, which is still there, the add-on's own properties, and code that asks first.
```python
import bpy


class Settings(bpy.types.PropertyGroup):
    shadow_method: bpy.props.StringProperty()


def glass(self, material, settings):
    mat = bpy.data.materials.new("Glass")
    mat.blend_method = "HASHED"
    settings.shadow_method = "NONE"
    if hasattr(mat, "shadow_method"):
        mat.shadow_method = "HASHED"
    if bpy.app.version < (4, 3, 0):
        mat.shadow_method = "CLIP"
```

## Fix safety
Safe: shadows are transparent, or not, as before. `NONE` is left out, as no material can turn its shadow off any
more (its object can: `visible_shadow`); Blender 4.2 did not use it either.

## References
- https://developer.blender.org/docs/release_notes/4.2/eevee/
- https://docs.blender.org/api/4.3/change_log.html
- https://docs.blender.org/api/4.5/bpy.types.Material.html#bpy.types.Material.use_transparent_shadow
- https://github.com/niftools/blender_niftools_addon/blob/0305c8d50edd342d5e4b1cb5aad3da70ee5bc209/io_scene_niftools/modules/nif_import/property/material/__init__.py#L61
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import libcst as cst

from bot.models.patch import Edit, Repair
from bot.models.release import Release
from bot.rules.base import Context, Safety
from bot.rules.building import every
from bot.rules.dropped import left_out
from bot.rules.guards import whole_line
from bot.rules.places import text_of
from bot.rules.renames import Member, Renames
from bot.rules.source import Source

READ = "materials have no shadow method any more; ask for use_transparent_shadow, or for the object's visible_shadow"

_OLD: Final = "shadow_method"
_SOLID: Final = "OPAQUE"
_NOTHING: Final = "NONE"
_SIMPLE = (cst.Name, cst.Attribute, cst.Call, cst.Subscript)


class MaterialShadow(Renames):
    """RND121."""

    code = "RND121"
    name = "material-shadow"
    family = "render"
    since = Release(4, 3)
    safety = Safety.SAFE
    triggers = (_OLD,)
    runs_in_blender = True
    members = (
        # Lamps had one before 2.80, and some render engines' lights have.
        Member("bpy.types.Material", _OLD, "use_transparent_shadow", unique=True, unless=r"RAY_SHADOW|NOSHADOW|lamp"),
    )

    def along(self, source: Source, member: Member, node: cst.BaseExpression) -> tuple[tuple[Edit, ...], str]:
        """The value that goes with the new member, where one is assigned."""
        if not isinstance(node, cst.Attribute):
            return (), ""
        target = source.parent(node)
        assign = source.parent(target) if isinstance(target, cst.AssignTarget) else None
        if not isinstance(assign, cst.Assign):
            return (), READ
        if len(assign.targets) > 1:
            return (), READ
        item = text_of(assign.value)
        if item is not None:
            return (source.replace(assign.value, str(item != _SOLID)),), ""
        code = source.code(assign.value)
        operand = code if isinstance(assign.value, _SIMPLE) or assign.value.lpar else f"({code})"
        return (source.replace(assign.value, f'{operand} != "{_SOLID}"'),), ""

    def find(self, source: Source, context: Context) -> Iterator[Repair]:
        """Every place that names the shadow method of a material."""
        nothing = {source.line(line): line for line in _to_nothing(source)}
        gone = left_out(source, context, dict.fromkeys(nothing.values(), self.since))
        for one in super().find(source, context):
            line = nothing.get(one.line)
            if line is None:
                yield one
            else:
                yield one.model_copy(update={"title": "leave it out", "edits": gone[line], "requires": ()})


def _to_nothing(source: Source) -> Iterator[cst.SimpleStatementLine]:
    """Lines that set the method to `NONE`."""
    for assign in every(source, cst.Assign):
        target = assign.targets[0].target
        if text_of(assign.value) != _NOTHING or not isinstance(target, cst.Attribute) or target.attr.value != _OLD:
            continue
        line = whole_line(source, assign)
        if line is not None and len(assign.targets) == 1:
            yield line
