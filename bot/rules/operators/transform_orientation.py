"""Orientation and proportional editing of transformations.

## What it does
Gives the operators of `bpy.ops.transform` their `orient_type` and `use_proportional_edit`, also where a macro
such as `bpy.ops.mesh.duplicate_move` hands them on.

## Why it breaks
Blender 2.80 renamed `constraint_orientation` to `orient_type`, and made `use_proportional_edit`,
`use_proportional_connected` and `use_proportional_projected` out of the items of `proportional`:
`TypeError: Converting py args to operator properties: : keyword "proportional" unrecognized`.

## Example
```python
import bpy


def move(vector):
    bpy.ops.transform.translate(value=vector, constraint_orientation="GLOBAL", proportional="DISABLED")
    bpy.ops.transform.resize(value=(2, 2, 2), proportional="CONNECTED")
    bpy.ops.object.duplicate_move(
        TRANSFORM_OT_translate={"value": vector, "constraint_orientation": "LOCAL", "proportional": "ENABLED"}
    )
```

Use instead:
```python
import bpy


def move(vector):
    bpy.ops.transform.translate(value=vector, orient_type="GLOBAL", use_proportional_edit=False)
    bpy.ops.transform.resize(value=(2, 2, 2), use_proportional_edit=True, use_proportional_connected=True)
    bpy.ops.object.duplicate_move(
        TRANSFORM_OT_translate={"value": vector, "orient_type": "LOCAL", "use_proportional_edit": True}
    )
```

## Left alone
Operators that have the old keywords still, and the add-on's own.
```python
import bpy


def move(self, vector):
    self.translate(value=vector, constraint_orientation="GLOBAL")
    bpy.ops.my_tools.move("INVOKE_DEFAULT", proportional="ENABLED")
    if bpy.app.version < (2, 80, 0):
        bpy.ops.transform.translate(value=vector, proportional="DISABLED")
```

## Fix safety
Safe: the same orientation and the same kind of proportional editing. The `axis` of a rotation, an arbitrary vector
once, is a person's to replace by `orient_axis`.

## References
- https://developer.blender.org/docs/release_notes/2.80/python_api/
- https://docs.blender.org/api/4.5/bpy.ops.transform.html#bpy.ops.transform.translate
- https://github.com/s-leger/archipack/blob/5a6243bf1edf08a6b429661ce291dacb551e5f8a/archipack_snap.py#L316
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import libcst as cst

from bot.models.release import Release
from bot.rules.base import Safety
from bot.rules.keywords import Keyword, RenamedKeywords
from bot.rules.places import text_of
from bot.rules.source import Source

TURNED = (
    "orient_axis takes X, Y or Z, and the sense of a rotation depends on the release and the view; "
    "choose the axis and try the sign"
)

_ORIENTED: Final = ("mirror", "resize", "rotate", "skin_resize", "transform", "translate")
_PROPORTIONAL: Final = (
    *_ORIENTED, "bend", "push_pull", "shear", "shrink_fatten", "tilt", "tosphere", "trackball",
)  # fmt: skip
_SWITCHES: Final = {"CONNECTED": "use_proportional_connected", "PROJECTED": "use_proportional_projected"}


def _switches(source: Source, value: cst.BaseExpression) -> Sequence[tuple[str, str]]:
    """What one item of `proportional` says, as switches."""
    item = text_of(value)
    if item is not None:
        also = [(_SWITCHES[item], "True")] if item in _SWITCHES else []
        return [("use_proportional_edit", str(item != "DISABLED")), *also]
    code = source.code(value)
    operand = code if isinstance(value, cst.Name | cst.Attribute) or value.lpar else f"({code})"
    return [
        ("use_proportional_edit", f'{operand} != "DISABLED"'),
        *((switch, f'{operand} == "{item}"') for item, switch in _SWITCHES.items()),
    ]


def _operators(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(f"bpy.ops.transform.{name}" for name in names)


class TransformOrientation(RenamedKeywords):
    """OPS110."""

    code = "OPS110"
    name = "transform-orientation"
    family = "operators"
    since = Release(2, 80)
    safety = Safety.SAFE
    triggers = ("constraint_orientation", "proportional")
    keywords = (
        Keyword(_operators(("rotate", "transform")), "axis", "", reason=TURNED),
        Keyword(_operators(_ORIENTED), "constraint_orientation", "orient_type"),
        Keyword(
            (*_operators(_PROPORTIONAL), "bpy.ops.mesh.rip", "bpy.ops.mesh.rip_edge"),
            "proportional",
            "use_proportional_edit",
            _switches,
        ),
    )
