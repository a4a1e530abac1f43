"""What was drawn is displayed

## What it does

Rewrites the members of objects, armatures, cameras and Grease Pencil layers that say how they are
shown: `draw_type` to `display_type`, `empty_draw_size` to `empty_display_size`, `show_x_ray` to
`show_in_front`, and their kin.

## Why it breaks

Blender 2.80 renamed them; using an old name raises an `AttributeError`.

## Example

```python
import bpy


def show(context):
    ob = context.active_object
    ob.draw_type = "WIRE"
    ob.show_x_ray = not ob.show_x_ray
    empty = bpy.data.objects.new("Empty", None)
    empty.empty_draw_type, empty.empty_draw_size = "ARROWS", 2.0
    armature = bpy.data.armatures.new("Bones")
    armature.draw_type = "STICK"
    return getattr(ob, "draw_bounds_type")


show(bpy.context)
```

Use instead:

```python
import bpy


def show(context):
    ob = context.active_object
    ob.display_type = "WIRE"
    ob.show_in_front = not ob.show_in_front
    empty = bpy.data.objects.new("Empty", None)
    empty.empty_display_type, empty.empty_display_size = "ARROWS", 2.0
    armature = bpy.data.armatures.new("Bones")
    armature.display_type = "STICK"
    return getattr(ob, "display_bounds_type")


show(bpy.context)
```

## Left alone

Properties of the add-on's own, and code that asks first.

```python
import bpy


class Settings(bpy.types.PropertyGroup):
    draw_type: bpy.props.StringProperty()
    draw_size: bpy.props.FloatProperty()


def show(context, settings, ob):
    settings.draw_type = "WIRE"
    settings.draw_size = 2.0
    if hasattr(ob, "show_x_ray"):
        ob.show_x_ray = True
    if bpy.app.version < (2, 80, 0):
        context.object.draw_type = "WIRE"
```

## Fix safety

Safe: they are the same values under other names.

## References

- https://docs.blender.org/api/2.80/change_log.html
- https://docs.blender.org/api/current/bpy.types.Object.html#bpy.types.Object.display_type
- https://github.com/niftools/blender_niftools_addon/blob/c8e913eff5e511eddd5caf9c5c3966abaf1f76a8/io_scene_nif/modules/armature/armature_import.py#L83
"""

from __future__ import annotations

from typing import Final

from bot.models.release import Release
from bot.rules.renames import Member, Renames

OBJECT: Final = "bpy.types.Object"
PARTICLES: Final = "bpy.types.ParticleSettings"


class DisplayNames(Renames):
    """`ob.draw_type` becomes `ob.display_type`."""

    code = "SCN111"
    name = "display-names"
    family = "scene"
    since = Release(2, 80)
    triggers = ("draw_", "show_x_ray")
    runs_in_blender = True
    members = (
        Member(OBJECT, "draw_type", "display_type", also=("bpy.types.Armature",), unique=True),
        Member(OBJECT, "draw_bounds_type", "display_bounds_type", unique=True),
        Member(OBJECT, "empty_draw_type", "empty_display_type", unique=True),
        Member(OBJECT, "empty_draw_size", "empty_display_size", unique=True),
        Member(OBJECT, "show_x_ray", "show_in_front", also=("bpy.types.GPencilLayer",), unique=True),
        Member("bpy.types.Camera", "draw_size", "display_size", also=(PARTICLES,)),
        Member(PARTICLES, "draw_color", "display_color"),
        Member(PARTICLES, "draw_method", "display_method"),
        Member(PARTICLES, "draw_percentage", "display_percentage"),
        Member(PARTICLES, "draw_step", "display_step"),
    )
