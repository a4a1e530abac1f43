"""Arguments of the operators that add objects

## What it does

Rewrites `view_align=True` to `align="VIEW"`, the `radius` of planes, cubes, grids and monkeys to the
`size` it is half of, the `size` of spheres to `radius`, and leaves out `layers`.

## Why it breaks

Blender 2.80 renamed the arguments, and removed layers; an old one raises
`TypeError: Converting py args to operator properties: keyword "view_align" unrecognized`.

## Example

```python
import bpy


def add(context, width):
    bpy.ops.mesh.primitive_plane_add(radius=1, view_align=False, layers=(True,) + (False,) * 19)
    bpy.ops.mesh.primitive_cube_add(radius=width / 2, location=(0, 0, 1))
    bpy.ops.mesh.primitive_uv_sphere_add(size=0.5)
    bpy.ops.object.empty_add(type="ARROWS", view_align=width > 2)


add(bpy.context, 3.0)
```

Use instead:

```python
import bpy


def add(context, width):
    bpy.ops.mesh.primitive_plane_add(size=2, align="WORLD")
    bpy.ops.mesh.primitive_cube_add(size=2 * (width / 2), location=(0, 0, 1))
    bpy.ops.mesh.primitive_uv_sphere_add(radius=0.5)
    bpy.ops.object.empty_add(type="ARROWS", align="VIEW" if width > 2 else "WORLD")


add(bpy.context, 3.0)
```

## Left alone

```python
import bpy


def add(context, mine):
    bpy.ops.mesh.primitive_circle_add(radius=2)
    bpy.ops.mesh.primitive_plane_add(size=2, align="VIEW")
    mine.primitive_plane_add(radius=1, view_align=True)
    if bpy.app.version < (2, 80, 0):
        bpy.ops.mesh.primitive_plane_add(radius=1)
```

## Fix safety

Safe: the object is as large as before. Where `layers` chose hidden layers, the object is in the
active collection instead.

## References

- https://docs.blender.org/api/2.80/change_log.html
- https://docs.blender.org/api/current/bpy.ops.mesh.html#bpy.ops.mesh.primitive_plane_add
- https://github.com/vilemduha/blendercam/blob/edcd11f13fb5464f72089503e97cde255022aa2d/scripts/addons/cam/testing.py#L40
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final

import libcst as cst

from bot.models.fault import Fault
from bot.models.patch import Edit, Repair, Requirement
from bot.models.question import Question, QuestionKind
from bot.models.release import Release
from bot.rules.base import Context, Rule
from bot.rules.building import as_test, every, repair
from bot.rules.guards import is_guarded
from bot.rules.inference import qualified
from bot.rules.places import fault_at
from bot.rules.source import Source

ERROR: Final = r"keyword \"(view_align|layers|radius|size)\" unrecognized"

HALVES: Final = frozenset(f"mesh.primitive_{kind}_add" for kind in ("cube", "grid", "monkey", "plane"))
"""These take the length of a side where they took half of it."""
SPHERES: Final = frozenset(f"mesh.primitive_{kind}_add" for kind in ("ico_sphere", "uv_sphere"))
"""These take `radius` where they took `size`."""
PLACED: Final = frozenset(
    (
        *HALVES,
        *SPHERES,
        *(f"mesh.primitive_{kind}_add" for kind in ("circle", "cone", "cylinder", "torus")),
        *(f"curve.primitive_{kind}_add" for kind in ("bezier_circle", "bezier_curve")),
        *(f"curve.primitive_nurbs_{kind}_add" for kind in ("circle", "curve", "path")),
        *(
            f"surface.primitive_nurbs_surface_{kind}_add"
            for kind in ("circle", "curve", "cylinder", "sphere", "surface", "torus")
        ),
        *(
            f"object.{kind}_add"
            for kind in ("armature", "camera", "effector", "empty", "lamp", "light", "metaball", "speaker", "text")
        ),
        *(f"object.{kind}_instance_add" for kind in ("collection", "group")),
        "object.add",
        "object.drop_named_image",
    )
)
"""These take `align` where they took `view_align` and `layers`."""
_NAMES: Final = frozenset(operator.partition(".")[2] for operator in PLACED)
CALLED: Final[Mapping[str, str]] = MappingProxyType(
    {"object.lamp_add": "object.light_add", "object.group_instance_add": "object.collection_instance_add"}
)
"""What those are called that have another name since the same release."""


class AddArguments(Rule):
    """`primitive_plane_add(radius=1, view_align=True)` becomes `(size=2, align="VIEW")`."""

    code = "OPS111"
    name = "add-arguments"
    family = "operators"
    since = Release(2, 80)
    triggers = ("layers =", "layers=", "primitive_", "view_align")
    runs_in_blender = True

    def find(self, source: Source, context: Context) -> Iterator[Repair]:
        """Calls with an argument of 2.79, by their full name."""
        for call in every(source, cst.Call):
            if not (isinstance(call.func, cst.Attribute) and call.func.attr.value in _NAMES) or not call.args:
                continue
            operator = (qualified(source, call.func) or "").removeprefix("bpy.ops.")
            if operator not in PLACED:
                continue
            edits, gone, needed = _edits(source, call, operator)
            fault = fault_at(source, call, context, ERROR)
            if not edits or is_guarded(source, call, seen=fault is not None):
                continue
            owner = f"bpy.ops.{CALLED.get(operator, operator)}"
            yield repair(
                self,
                source,
                call,
                f"{owner} has no keyword {gone[0]} since Blender 2.80",
                "write " + ", ".join(f"{name}=" for name in needed) if needed else "leave it out",
                edits=edits,
                question=Question(kind=QuestionKind.KEYWORD, owner=owner, name=gone[0]),
                requires=tuple(
                    Requirement(question=Question(kind=QuestionKind.KEYWORD, owner=owner, name=name)) for name in needed
                ),
                owner=owner,
                member=gone[0],
                fault=fault,
            )

    def answers(self, fault: Fault) -> bool:
        """The `TypeError` of a keyword an operator does not know."""
        return any(f'keyword "{name}" unrecognized' in fault.message for name in ("view_align", "layers"))


def _edits(source: Source, call: cst.Call, operator: str) -> tuple[tuple[Edit, ...], list[str], list[str]]:
    """The edits, the old keywords they are about, and the new ones."""
    given = {argument.keyword.value for argument in call.args if argument.keyword is not None}
    edits: list[Edit] = []
    gone: list[str] = []
    needed: list[str] = []
    for number, argument in enumerate(call.args):
        name = argument.keyword.value if argument.keyword is not None else ""
        if name == "layers":
            edits.append(_without(source, call.args, number))
        elif name == "view_align" and "align" not in given:
            edits.append(source.replace(argument.value, _aligned(source, call, argument.value)))
            needed.append("align")
        elif name == "radius" and operator in HALVES and "size" not in given:
            edits.append(source.replace(argument.value, _doubled(source, argument.value)))
            needed.append("size")
        elif name == "size" and operator in SPHERES and "radius" not in given:
            needed.append("radius")
        else:
            continue
        if name != "layers" and argument.keyword is not None:
            edits.append(source.replace(argument.keyword, needed[-1]))
        gone.append(name)
    return tuple(edits), gone, needed


def _aligned(source: Source, call: cst.Call, value: cst.BaseExpression) -> str:
    """The new value, in the quotes the call has."""
    quote = "'" if "'" in source.code(call) else '"'
    view, world = f"{quote}VIEW{quote}", f"{quote}WORLD{quote}"
    if isinstance(value, cst.Name) and value.value in ("True", "False"):
        return view if value.value == "True" else world
    return f"{view} if {as_test(source, value)} else {world}"


def _doubled(source: Source, value: cst.BaseExpression) -> str:
    if isinstance(value, cst.Integer | cst.Float):
        return repr(2 * value.evaluated_value)
    text = source.code(value)
    bare = value.lpar or isinstance(value, cst.Name | cst.Attribute | cst.Call | cst.Subscript)
    return f"2 * {text}" if bare else f"2 * ({text})"


def _without(source: Source, arguments: Sequence[cst.Arg], number: int) -> Edit:
    """Take an argument out, with the comma that parts it from its neighbour."""
    argument = arguments[number]
    if number:
        return Edit(start=source.end(arguments[number - 1]), end=source.end(argument), text="")
    end = source.start(arguments[1]) if len(arguments) > 1 else source.end(argument)
    return Edit(start=source.start(argument), end=end, text="")
