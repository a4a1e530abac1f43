"""Icons that got other names

## What it does

Replaces the names of icons that Blender 2.80 renamed, where they are given as `icon=`.

## Why it breaks

The icons were drawn anew for 2.80 and many got other names. A name Blender does not know raises a
`TypeError` while the panel is drawn, and the rest of the panel is missing.

## Example

```python
import bpy


def draw(self, context):
    layout = self.layout
    layout.operator("object.delete", text="", icon="ZOOMOUT")
    layout.label(text="Sun", icon='LAMP_SUN' if context.object else 'ERROR')
    layout.prop(context.object, "name", icon="VISIBLE_IPO_ON")
```

Use instead:

```python
import bpy


def draw(self, context):
    layout = self.layout
    layout.operator("object.delete", text="", icon="REMOVE")
    layout.label(text="Sun", icon='LIGHT_SUN' if context.object else 'ERROR')
    layout.prop(context.object, "name", icon="HIDE_OFF")
```

## Left alone

```python
import bpy


def draw(self, context, window):
    self.layout.label(text="LAMP", icon="LIGHT")
    self.layout.label(text="ZOOMIN", icon_value=3)
    window.show(icon="ZOOMIN")
    kind = "LAMP"
    if context.object.type == "LAMP":
        self.layout.label(text=kind)
```

## Fix safety

Safe: each name is the one Blender gave the same icon, or the one its own panels use in its place.

## References

- https://docs.blender.org/api/current/bpy_types_enum_items/icon_items.html
- https://developer.blender.org/docs/release_notes/2.80/python_api/ui_api/
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

import libcst as cst

from bot.models.fault import Fault
from bot.models.patch import Repair, Requirement
from bot.models.question import Question, QuestionKind
from bot.models.release import Release
from bot.rules.base import Context, Rule
from bot.rules.building import every, repair
from bot.rules.guards import is_guarded
from bot.rules.inference import types_of
from bot.rules.places import fault_at, text_of
from bot.rules.source import Source

LAYOUT: Final = "bpy.types.UILayout"
RENAMED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "BBOX": "SHADING_BBOX",
        "BUTS": "PROPERTIES",
        "FILESEL": "FILEBROWSER",
        "IMAGE_COL": "IMAGE",
        "IPO": "GRAPH",
        "LAMP": "LIGHT",
        "LAMP_AREA": "LIGHT_AREA",
        "LAMP_DATA": "LIGHT_DATA",
        "LAMP_HEMI": "LIGHT_HEMI",
        "LAMP_POINT": "LIGHT_POINT",
        "LAMP_SPOT": "LIGHT_SPOT",
        "LAMP_SUN": "LIGHT_SUN",
        "LINK_AREA": "LINKED",
        "NEW": "FILE_NEW",
        "OOPS": "OUTLINER",
        "OUTLINER_DATA_LAMP": "OUTLINER_DATA_LIGHT",
        "OUTLINER_OB_LAMP": "OUTLINER_OB_LIGHT",
        "PLUG": "PLUGIN",
        "POTATO": "SHADING_TEXTURE",
        "ROTACTIVE": "PIVOT_ACTIVE",
        "ROTATECENTER": "PIVOT_MEDIAN",
        "ROTATECOLLECTION": "PIVOT_INDIVIDUAL",
        "SAVE_AS": "FILE_TICK",
        "SAVE_COPY": "FILE_TICK",
        "SCRIPTWIN": "PREFERENCES",
        "SMOOTH": "SHADING_RENDERED",
        "SOLID": "SHADING_SOLID",
        "VISIBLE_IPO_OFF": "HIDE_ON",
        "VISIBLE_IPO_ON": "HIDE_OFF",
        "WIRE": "SHADING_WIRE",
        "ZOOMIN": "ADD",
        "ZOOMOUT": "REMOVE",
    }
)


class IconNames(Rule):
    """`icon="ZOOMIN"` becomes `icon="ADD"`."""

    code = "UI105"
    name = "icon-names"
    family = "interface"
    since = Release(2, 80)
    triggers = tuple(RENAMED)

    def find(self, source: Source, context: Context) -> Iterator[Repair]:
        """Old names given as `icon=` to a function of a layout."""
        types = types_of(source)
        for call in every(source, cst.Call):
            function = call.func
            given = next((a.value for a in call.args if a.keyword is not None and a.keyword.value == "icon"), None)
            if given is None or not isinstance(function, cst.Attribute):
                continue
            for literal in _choices(given):
                old = text_of(literal) or ""
                if old not in RENAMED:
                    continue
                fault = fault_at(source, call, context, f'enum "{old}" not found in')
                known = types.of(function.value)
                if (known != LAYOUT and (known is not None or fault is None)) or is_guarded(
                    source, call, seen=fault is not None
                ):
                    continue
                yield self._repair(source, literal, function.attr.value, old, fault)

    def _repair(
        self, source: Source, literal: cst.BaseExpression, method: str, old: str, fault: Fault | None
    ) -> Repair:
        owner = f"{LAYOUT}.{method}.icon"
        new = RENAMED[old]
        return repair(
            self,
            source,
            literal,
            f"there is no icon {old}",
            f"use the icon {new}",
            edits=(source.replace(literal, source.code(literal).replace(old, new)),),
            question=Question(kind=QuestionKind.ENUM_ITEM, owner=owner, name=old),
            requires=(Requirement(question=Question(kind=QuestionKind.ENUM_ITEM, owner=owner, name=new)),),
            owner="UILayout",
            member=old,
            fault=fault,
        )

    def answers(self, fault: Fault) -> bool:
        """The `TypeError` of an icon Blender does not know."""
        return any(f'enum "{old}" not found in' in fault.message for old in RENAMED) and "icon" in fault.message


def _choices(node: cst.BaseExpression) -> Iterator[cst.BaseExpression]:
    """The literals an expression chooses from: itself, or the branches of a conditional one."""
    if isinstance(node, cst.IfExp):
        yield from _choices(node.body)
        yield from _choices(node.orelse)
    else:
        yield node
