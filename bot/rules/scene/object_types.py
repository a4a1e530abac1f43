"""Objects are of the type LIGHT, not LAMP

## What it does

Rewrites the text `"LAMP"` to `"LIGHT"` where it is compared with the type of an object, or chosen for
a driver's target or an operator.

## Why it breaks

Blender 2.80 renamed the type. A comparison with the old text is never true, without an error: lights
are overlooked.

## Example

```python
import bpy


def lights(context):
    bpy.ops.object.select_by_type(type="LAMP")
    if context.object.type == "LAMP":
        return [context.object]
    return [ob for ob in bpy.data.objects if ob.type in {"LAMP", "CAMERA"}]


lights(bpy.context)
```

Use instead:

```python
import bpy


def lights(context):
    bpy.ops.object.select_by_type(type="LIGHT")
    if context.object.type == "LIGHT":
        return [context.object]
    return [ob for ob in bpy.data.objects if ob.type in {"LIGHT", "CAMERA"}]


lights(bpy.context)
```

## Left alone

```python
import bpy


def lights(context, node):
    for ob in bpy.data.objects:
        if ob.type in {"LAMP", "LIGHT"}:
            print(ob.name)
    if bpy.app.version < (2, 80, 0) and context.object.type == "LAMP":
        return "LAMP"
    return node.kind == "LAMP"
```

## Fix safety

Safe: the same objects are meant.

## References

- https://developer.blender.org/docs/release_notes/2.80/python_api/
- https://docs.blender.org/api/current/bpy_types_enum_items/object_type_items.html
- https://github.com/gregzaal/Gaffer/blob/97d814d65440f715aa73793e13505781eb0e8cad/functions.py#L108
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import Final

import libcst as cst

from bot.models.release import Release
from bot.rules.items import Argument, Property, RenamedItems
from bot.rules.source import Source

_OWN_ITEM: Final = re.compile(r"\(\s*[\"']LAMP[\"']\s*,\s*[\"']")


def _is_object(source: Source, node: cst.BaseExpression) -> bool:
    """Nothing else of Blender had this type; an add-on's own enum could."""
    itself = isinstance(node, cst.Name) and node.value in ("self", "cls")
    return not itself and not _OWN_ITEM.search(source.text)


class ObjectTypes(RenamedItems):
    """`ob.type == "LAMP"` becomes `ob.type == "LIGHT"`."""

    code = "SCN114"
    name = "object-types"
    family = "scene"
    since = Release(2, 80)
    triggers = ("LAMP",)
    runs_in_blender = True
    noun = "object type"
    renamed = MappingProxyType({"LAMP": "LIGHT"})
    slots = (
        Property("bpy.types.Object", "type", _is_object),
        Property("bpy.types.DriverTarget", "id_type", _is_object),
        Argument("bpy.ops.object.select_by_type", "type"),
        Argument("bpy.ops.object.add", "type"),
    )
