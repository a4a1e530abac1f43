"""Types of light probes.

## What it does
Calls the types of light probes by their new names, where one is added, and where a probe's type is compared.

## Why it breaks
Blender 4.1 renamed them: `CUBEMAP` is `SPHERE`, `PLANAR` is `PLANE`, `GRID` is `VOLUME`, and
`bpy.data.lightprobes.new` calls the first one `SPHERE` too, where it was `CUBE`. Adding one by its old name
raises `TypeError: … enum "CUBEMAP" not found in ('SPHERE', 'PLANE', 'VOLUME')`; a comparison is never true.

## Example
```python
import bpy

bpy.ops.object.lightprobe_add(type="CUBEMAP", location=(0, 0, 1))
probe = bpy.data.lightprobes.new("Irradiance", "GRID")


def mirrors(objects):
    return [ob for ob in objects if ob.type == "LIGHT_PROBE" and ob.data.type == "PLANAR"]
```

Use instead:
```python
import bpy

bpy.ops.object.lightprobe_add(type="SPHERE", location=(0, 0, 1))
probe = bpy.data.lightprobes.new("Irradiance", "VOLUME")


def mirrors(objects):
    return [ob for ob in objects if ob.type == "LIGHT_PROBE" and ob.data.type == "PLANE"]
```

Supporting 3.6 to 4.5:
```python
import bpy

bpy.ops.object.lightprobe_add(type="SPHERE" if bpy.app.version >= (4, 1, 0) else "CUBEMAP", location=(0, 0, 1))
probe = bpy.data.lightprobes.new("Irradiance", "VOLUME" if bpy.app.version >= (4, 1, 0) else "GRID")


def mirrors(objects):
    return [ob for ob in objects if ob.type == "LIGHT_PROBE" and ob.data.type in {"PLANAR", "PLANE"}]
```

## Left alone
The same words for anything else, and code that chooses already.
```python
import bpy


def kind(obj, texture):
    if texture.type == "GRID":
        return "PLANAR"
    bpy.ops.object.lightprobe_add(type="CUBEMAP" if bpy.app.version < (4, 1, 0) else "SPHERE")
    if obj.type == "LIGHT_PROBE" and obj.data.type in {"CUBEMAP", "SPHERE"}:
        return "sphere"
```

## Fix safety
Safe: the same kind of probe is meant.

## References
- https://developer.blender.org/docs/release_notes/4.1/python_api/
- https://docs.blender.org/api/4.5/bpy.types.LightProbe.html#bpy.types.LightProbe.type
- https://github.com/armory3d/armory/blob/258a33de5511e0b190f11e8982ff65e43a7d9592/armory/blender/arm/lightmapper/operators/tlm.py#L740
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

import libcst as cst

from bot.models.release import Release
from bot.rules.base import Safety
from bot.rules.guards import conditions
from bot.rules.items import Argument, Property, RenamedItems
from bot.rules.places import dotted, text_of, walk
from bot.rules.source import Source

_OBJECT_TYPE: Final = "LIGHT_PROBE"


def _is_probe(source: Source, node: cst.BaseExpression) -> bool:
    """`x.data`, where a test on the way says that `x` is a light probe."""
    if not (isinstance(node, cst.Attribute) and node.attr.value == "data"):
        return False
    asked = f"{dotted(node.value)}.type"
    return any(holds and _says(test, asked) for test, holds in conditions(source, node))


def _says(test: cst.BaseExpression, asked: str) -> bool:
    return any(
        isinstance(node, cst.Comparison)
        and dotted(node.left) == asked
        and isinstance(node.comparisons[0].operator, cst.Equal)
        and text_of(node.comparisons[0].comparator) == _OBJECT_TYPE
        for node in walk(test)
    )


class LightprobeTypes(RenamedItems):
    """SCN110."""

    code = "SCN110"
    name = "lightprobe-types"
    family = "scene"
    since = Release(4, 1)
    safety = Safety.SAFE
    triggers = ("lightprobe", "LightProbe", _OBJECT_TYPE)
    runs_in_blender = True
    noun = "type of light probe"
    renamed = MappingProxyType({"CUBEMAP": "SPHERE", "CUBE": "SPHERE", "PLANAR": "PLANE", "GRID": "VOLUME"})
    slots = (
        Argument("bpy.ops.object.lightprobe_add", "type"),
        Argument("bpy.data.lightprobes.new", "type", 1, "bpy.types.BlendDataProbes.new.type"),
        Property("bpy.types.LightProbe", "type", _is_probe),
    )
