"""Lamps are lights

## What it does

Rewrites `bpy.data.lamps` to `bpy.data.lights`, `bpy.types.Lamp` and the types of its kinds to those
of lights, `bpy.ops.object.lamp_add` to `light_add`, and `context.lamp` to `context.light`.

## Why it breaks

Blender 2.80 renamed lamps; using an old name raises an `AttributeError`.

## Example

```python
import bpy


def shine(context):
    data = bpy.data.lamps.new("Key", "SUN")
    for lamp in bpy.data.lamps:
        if isinstance(lamp, bpy.types.SunLamp):
            print(lamp.name)
    bpy.ops.object.lamp_add(type="POINT")
    return bpy.data.objects.new("Key", data)


shine(bpy.context)
```

Use instead:

```python
import bpy


def shine(context):
    data = bpy.data.lights.new("Key", "SUN")
    for lamp in bpy.data.lights:
        if isinstance(lamp, bpy.types.SunLight):
            print(lamp.name)
    bpy.ops.object.light_add(type="POINT")
    return bpy.data.objects.new("Key", data)


shine(bpy.context)
```

## Left alone

```python
import bpy


class Room(bpy.types.PropertyGroup):
    lamps: bpy.props.StringProperty()


def shine(context, room):
    room.lamps = "two"
    for lamp in room.lamps:
        print(lamp)
    if bpy.app.version < (2, 80, 0):
        return bpy.data.lamps
    return bpy.data.lights
```

## Fix safety

Safe: they are the same things under other names. Point, spot and area lights give off watts since
2.80, so that `energy` wants larger numbers; that is left to a person, as is the kind `HEMI`, which
is gone.

## References

- https://developer.blender.org/docs/release_notes/2.80/python_api/
- https://docs.blender.org/api/current/bpy.types.BlendData.html#bpy.types.BlendData.lights
- https://github.com/s-leger/archipack/blob/8ecfc55706b83f230ee839e7ca45baa0bbb00f8e/archipack_object.py#L55
"""

from __future__ import annotations

import libcst as cst

from bot.models.patch import Edit
from bot.models.release import Release
from bot.rules.places import text_of
from bot.rules.renames import Member, Operator, Renames, TypeName
from bot.rules.source import Source

NO_HEMI = "Blender has had no hemi lamps since 2.80; add a SUN or an AREA light, or light the scene by its world"


class Lamps(Renames):
    """`bpy.data.lamps` becomes `bpy.data.lights`."""

    code = "RND111"
    name = "lamps-to-lights"
    family = "render"
    since = Release(2, 80)
    triggers = ("lamp", "Lamp")
    runs_in_blender = True
    members = (
        Member("bpy.types.BlendData", "lamps", "lights", library=True),
        # Only the properties editor's context has it, so no Blender can be asked for the new name.
        Member("bpy.types.Context", "lamp", "light", documented=False),
    )
    operators = (Operator("object.lamp_add", "object.light_add", gone=frozenset({"HEMI"}), reason=NO_HEMI),)
    types = tuple(TypeName(f"{kind}Lamp", f"{kind}Light") for kind in ("", "Area", "Point", "Spot", "Sun"))

    def along(self, source: Source, member: Member, node: cst.BaseExpression) -> tuple[tuple[Edit, ...], str]:
        """A lamp that is made of the kind that is gone is left to a person."""
        method = source.parent(node)
        call = source.parent(method) if isinstance(method, cst.Attribute) and method.attr.value == "new" else None
        hemi = isinstance(call, cst.Call) and any(text_of(argument.value) == "HEMI" for argument in call.args[1:])
        return (), NO_HEMI if hemi else ""
