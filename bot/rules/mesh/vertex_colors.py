"""A vertex colour has an alpha

## What it does

Adds `1.0` to three numbers that are assigned to the colour of a corner of `Mesh.vertex_colors`.

## Why it breaks

Since Blender 2.80 such a colour has four numbers. Assigning three raises
`ValueError: bpy_struct: item.attr = val: sequences of dimension 0 should contain 4 items, not 3`.

## Example

```python
import bpy


def paint(mesh, weight, normal):
    colors = mesh.vertex_colors.active.data
    for index in range(len(mesh.loops)):
        colors[index].color = [weight, weight, weight]
    mesh.vertex_colors["Col"].data[0].color = (0.1, 0.2, 0.3)
    layer = mesh.vertex_colors.new(name="Second")
    for corner in layer.data:
        corner.color = (0.0, 0.0, 0.0)


def main():
    mesh = bpy.data.meshes.new("Painted")
    mesh.from_pydata([(0, 0, 0), (1, 0, 0), (0, 1, 0)], [], [(0, 1, 2)])
    mesh.vertex_colors.new(name="Col")
    paint(mesh, 0.5, (0.0, 0.0, 1.0))


main()
```

Use instead:

```python
import bpy


def paint(mesh, weight, normal):
    colors = mesh.vertex_colors.active.data
    for index in range(len(mesh.loops)):
        colors[index].color = [weight, weight, weight, 1.0]
    mesh.vertex_colors["Col"].data[0].color = (0.1, 0.2, 0.3, 1.0)
    layer = mesh.vertex_colors.new(name="Second")
    for corner in layer.data:
        corner.color = (0.0, 0.0, 0.0, 1.0)


def main():
    mesh = bpy.data.meshes.new("Painted")
    mesh.from_pydata([(0, 0, 0), (1, 0, 0), (0, 1, 0)], [], [(0, 1, 2)])
    mesh.vertex_colors.new(name="Col")
    paint(mesh, 0.5, (0.0, 0.0, 1.0))


main()
```

## Left alone

```python
import bpy


def paint(mesh, light, value):
    colors = mesh.vertex_colors.active.data
    colors[0].color = (0.1, 0.2, 0.3, 1.0)
    colors[1].color = value
    light.color = (0.1, 0.2, 0.3)
    if bpy.app.version < (2, 80, 0):
        colors[0].color = (0.1, 0.2, 0.3)
```

## Fix safety

Safe: the colour is the same, and opaque as it was. Where nothing is known of the value, it is rewritten only after
Blender complained at that place.

## References

- https://docs.blender.org/api/2.80/change_log.html
- https://docs.blender.org/api/current/bpy.types.MeshLoopColor.html#bpy.types.MeshLoopColor.color
- https://github.com/varkenvarken/blenderaddons/blob/27fffefc3d151465e9925dcac604c8e89d421c43/slope.py#L139
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import libcst as cst

from bot.models.fault import Fault
from bot.models.patch import Repair
from bot.models.question import Question, QuestionKind
from bot.models.release import Release
from bot.rules.alpha import FOUR_WANTED, assigned, lengthened
from bot.rules.base import Context, Rule
from bot.rules.bindings import bound, comes_from
from bot.rules.building import every, repair
from bot.rules.guards import is_guarded
from bot.rules.places import fault_at
from bot.rules.source import Source

OWNER: Final = "bpy.types.MeshLoopColor"
LAYER: Final = re.compile(r"\.vertex_colors(?:\.active|\[[^\[\]]*\]|\.new\(.*\))$", re.DOTALL)
"""How a layer of colours is reached: the active one, one by name or number, a new one."""


class VertexColors(Rule):
    """`colors[i].color = (r, g, b)` becomes `(r, g, b, 1.0)`."""

    code = "MSH113"
    name = "vertex-colors"
    family = "mesh"
    since = Release(2, 80)
    triggers = (".vertex_colors",)
    runs_in_blender = True

    def find(self, source: Source, context: Context) -> Iterator[Repair]:
        """Three numbers given to the colour of a corner."""
        for node in every(source, cst.Attribute):
            if node.attr.value != "color" or assigned(source, node) is None:
                continue
            fault = fault_at(source, node, context, FOUR_WANTED)
            if fault is None and not _is_corner(source, node.value):
                continue
            edit = lengthened(source, node, seen=fault is not None)
            if edit is None or is_guarded(source, node, seen=fault is not None):
                continue
            yield repair(
                self,
                source,
                node,
                "a vertex colour has four numbers since Blender 2.80",
                "give it an alpha",
                edits=(edit,),
                question=Question(kind=QuestionKind.LENGTH, owner=f"{OWNER}.color", name="3"),
                owner="MeshLoopColor",
                member="color",
                fault=fault,
            )

    def answers(self, fault: Fault) -> bool:
        """Three numbers where four are wanted."""
        return fault.exception in (None, "ValueError") and FOUR_WANTED in fault.message


def _is_corner(source: Source, node: cst.BaseExpression) -> bool:
    """Whether it is an item of a layer's data: by index, or one after the other."""
    if isinstance(node, cst.Subscript):
        return comes_from(source, node.value, lambda one: _is_data(source, one))
    if not isinstance(node, cst.Name) or any(value is not None for value in bound(source, node)):
        return False
    loops = [
        loop
        for loop in source.ancestors(node)
        if isinstance(loop, cst.For) and isinstance(loop.target, cst.Name) and loop.target.value == node.value
    ]
    return bool(loops) and comes_from(source, loops[0].iter, lambda one: _is_data(source, one))


def _is_data(source: Source, node: cst.BaseExpression) -> bool:
    return (
        isinstance(node, cst.Attribute)
        and node.attr.value == "data"
        and comes_from(source, node.value, lambda one: LAYER.search(source.code(one)) is not None)
    )
