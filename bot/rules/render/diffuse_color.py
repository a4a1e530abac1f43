"""The viewport colour of a material has an alpha

## What it does

Adds `1.0` to three numbers that are assigned to `Material.diffuse_color`, and takes the first three
where three are wanted.

## Why it breaks

Since Blender 2.80 the colour has four numbers. Assigning three raises
`ValueError: bpy_struct: item.attr = val: sequences of dimension 0 should contain 4 items, not 3`;
unpacking it into three names, or asking it for `r`, fails too.

## Example

```python
import bpy
from mathutils import Color


def paint(context, color):
    material = bpy.data.materials.new("Paint")
    material.diffuse_color = (0.8, 0.2, 0.2)
    material.diffuse_color = color[:3]
    tone = Color((0.1, 0.2, 0.3))
    material.diffuse_color = tone
    r, g, b = material.diffuse_color
    return Color(material.diffuse_color), material.diffuse_color.r + b


paint(bpy.context, (0.1, 0.2, 0.3, 0.4))
```

Use instead:

```python
import bpy
from mathutils import Color


def paint(context, color):
    material = bpy.data.materials.new("Paint")
    material.diffuse_color = (0.8, 0.2, 0.2, 1.0)
    material.diffuse_color = (*color[:3], 1.0)
    tone = Color((0.1, 0.2, 0.3))
    material.diffuse_color = (*tone, 1.0)
    r, g, b = material.diffuse_color[:3]
    return Color(material.diffuse_color[:3]), material.diffuse_color[0] + b


paint(bpy.context, (0.1, 0.2, 0.3, 0.4))
```

## Left alone

```python
import bpy


class Paint(bpy.types.PropertyGroup):
    diffuse_color: bpy.props.FloatVectorProperty(size=3)


def paint(material, mine, color, n_mat_prop):
    mine.diffuse_color = (0.8, 0.2, 0.2)
    n_mat_prop.diffuse_color.r = 0.8
    material = bpy.data.materials["Paint"]
    material.diffuse_color = (0.8, 0.2, 0.2, 1.0)
    material.diffuse_color = color
    red = material.diffuse_color[0]
    if bpy.app.version < (2, 80, 0):
        material.diffuse_color = (0.8, 0.2, 0.2)
```

## Fix safety

Safe: the colour is the same, and opaque as it was. What is called a material (`mat`, `b_mat`,
`self.material`) counts as one where the add-on gives nothing else a colour of that name. Where
nothing is known of the value, it is rewritten only after Blender complained at that place.

## References

- https://docs.blender.org/api/2.80/change_log.html
- https://docs.blender.org/api/current/bpy.types.Material.html#bpy.types.Material.diffuse_color
- https://github.com/machin3io/MACHIN3tools/blob/6d7e6e58c541e3a0db5c6adef156fa77bf49c2c0/operators/M3_emboss.py#L97
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import libcst as cst

from bot.models.fault import Fault
from bot.models.patch import Edit, Repair
from bot.models.question import Question, QuestionKind
from bot.models.release import Release
from bot.rules.alpha import COLOR, FOUR_WANTED, assigned, lengthened
from bot.rules.base import Context, Rule
from bot.rules.building import every, repair
from bot.rules.guards import is_guarded
from bot.rules.inference import qualified, types_of
from bot.rules.own_names import defined_by_addon
from bot.rules.places import fault_at
from bot.rules.source import Source

NAME: Final = "diffuse_color"
MATERIAL: Final = "bpy.types.Material"
CHANNELS: Final = {"r": "0", "g": "1", "b": "2"}
CALLED: Final = re.compile(r"(?i)(?<!for)mat(?:erial)?(?:\d*|s\[[^\[\]]*\])$")
"""How materials are called: `mat`, `b_mat`, `self.material`, `materials[0]`."""
ERROR: Final = (
    rf"{FOUR_WANTED}|too many values to unpack \(expected 3\)"
    r"|'bpy_prop_array' object has no attribute '[rgb]'"
)


class DiffuseColor(Rule):
    """`mat.diffuse_color = (r, g, b)` becomes `(r, g, b, 1.0)`."""

    code = "RND113"
    name = "diffuse-color"
    family = "render"
    since = Release(2, 80)
    triggers = (f".{NAME}",)
    runs_in_blender = True

    def find(self, source: Source, context: Context) -> Iterator[Repair]:
        """Three numbers given to a material's colour, or wanted of it."""
        for node in every(source, cst.Attribute):
            if node.attr.value != NAME:
                continue
            fault = fault_at(source, node, context, ERROR)
            if not self._is_materials(source, context, node, fault):
                continue
            edit = lengthened(source, node, seen=fault is not None and "not 3" in fault.message) or _read(source, node)
            if edit is None or is_guarded(source, node, seen=fault is not None):
                continue
            yield repair(
                self,
                source,
                node,
                "Material.diffuse_color has four numbers since Blender 2.80",
                "give it an alpha" if assigned(source, node) is not None else "take three of them",
                edits=(edit,),
                question=Question(kind=QuestionKind.LENGTH, owner=f"{MATERIAL}.{NAME}", name="3"),
                owner="Material",
                member=NAME,
                fault=fault,
            )

    def _is_materials(self, source: Source, context: Context, node: cst.Attribute, fault: Fault | None) -> bool:
        known = types_of(source).of(node.value)
        if known is not None or fault is not None:
            return known in (MATERIAL, None)
        # Other things have colours of that name, with three numbers to this day: the materials of file formats.
        return CALLED.search(source.code(node.value)) is not None and not defined_by_addon(source, context, NAME)

    def answers(self, fault: Fault) -> bool:
        """Three numbers where four are wanted."""
        return fault.exception in (None, "ValueError") and FOUR_WANTED in fault.message


def _read(source: Source, node: cst.Attribute) -> Edit | None:
    parent = source.parent(node)
    if isinstance(parent, cst.Attribute) and parent.attr.value in CHANNELS:
        start, end = source.end(node), source.end(parent)
        return Edit(start=start, end=end, text=f"[{CHANNELS[parent.attr.value]}]")
    three = Edit(start=source.end(node), end=source.end(node), text="[:3]")
    if isinstance(parent, cst.Assign) and parent.value is node:
        unpacked = [target.target for target in parent.targets if isinstance(target.target, cst.Tuple | cst.List)]
        return three if unpacked and all(len(one.elements) == 3 for one in unpacked) else None
    call = source.parent(parent) if isinstance(parent, cst.Arg) else None
    if isinstance(call, cst.Call) and qualified(source, call.func) == COLOR:
        return three
    return None
