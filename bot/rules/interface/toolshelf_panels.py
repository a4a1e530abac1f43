"""Panels of the tool shelf move to the sidebar

## What it does

Puts panels that name a tab (`bl_category`) in the region `TOOLS` into the region `UI`, the sidebar,
where the tab is kept.

## Why it breaks

Since Blender 2.80 only the sidebar has tabs. Registering a panel with a `bl_category` in another
region of such an editor raises `RuntimeError: … Registering panel class: '…' has category '…'`.

## Example

```python
import bpy


class ThingPanel:
    bl_space_type = "VIEW_3D"
    bl_region_type = "TOOLS"


class VIEW3D_PT_thing(ThingPanel, bpy.types.Panel):
    bl_label = "Thing"
    bl_category = "Tools"

    def draw(self, context):
        self.layout.label(text="Thing")


bpy.utils.register_class(VIEW3D_PT_thing)
```

Use instead:

```python
import bpy


class ThingPanel:
    bl_space_type = "VIEW_3D"
    bl_region_type = "UI"


class VIEW3D_PT_thing(ThingPanel, bpy.types.Panel):
    bl_label = "Thing"
    bl_category = "Tools"

    def draw(self, context):
        self.layout.label(text="Thing")


bpy.utils.register_class(VIEW3D_PT_thing)
```

## Left alone

```python
import bpy


class CLIP_PT_thing(bpy.types.Panel):
    bl_space_type = "CLIP_EDITOR"
    bl_region_type = "TOOLS"
    bl_label = "Thing"
    bl_category = "Tools"


class VIEW3D_PT_plain(bpy.types.Panel):
    bl_space_type = "VIEW_3D"
    bl_region_type = "TOOLS"
    bl_label = "Plain"
```

## Fix safety

Safe: the panel keeps its tab and its contents; it is on the other side of the editor, where
Blender's own panels of that kind went too. All such panels of the add-on move when one is refused.

## References

- https://docs.blender.org/api/current/bpy.types.Panel.html#bpy.types.Panel.bl_category
- https://developer.blender.org/docs/release_notes/2.80/python_api/ui_api/
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import libcst as cst

from bot.models.fault import Fault
from bot.models.patch import Repair
from bot.models.release import Release
from bot.rules.base import Context, Rule
from bot.rules.building import repair
from bot.rules.classes import AddonClass, classes_of
from bot.rules.examples import ExampleFault
from bot.rules.places import text_of
from bot.rules.source import Source

REFUSAL: Final = re.compile(r"Registering panel class: '([^']{1,200})' has category")
SPACES: Final = frozenset(("VIEW_3D", "IMAGE_EDITOR", "NODE_EDITOR", "SEQUENCE_EDITOR"))
"""Editors whose tool region lost its tabs, and which have a sidebar."""


class ToolshelfPanels(Rule):
    """`bl_region_type = "TOOLS"` becomes `"UI"`."""

    code = "UI103"
    name = "toolshelf-panels"
    family = "interface"
    since = Release(2, 80)
    triggers = ("TOOLS",)
    runs_in_blender = True
    example_faults = (
        ExampleFault(
            message="Error: Registering panel class: 'VIEW3D_PT_thing' has category 'Tools'",
            at="bpy.utils.register_class",
            exception="RuntimeError",
        ),
    )

    def find(self, source: Source, context: Context) -> Iterator[Repair]:
        """Where the region of such panels is said, once Blender has refused one of them."""
        refused = [fault for fault in context.faults if REFUSAL.search(fault.message)]
        if not refused:
            return
        classes = classes_of(source, context)
        named = {match[1]: fault for fault in refused if (match := REFUSAL.search(fault.message))}
        done: set[cst.CSTNode] = set()
        for cls in [cls for group in classes.of_source.values() for cls in group]:
            if classes.blender_base(cls) != "bpy.types.Panel":
                continue
            lineage = classes.lineage(cls)
            region = _nearest(lineage, "bl_region_type")
            space = _nearest(lineage, "bl_space_type")
            if region is None or space is None or _nearest(lineage, "bl_category") is None:
                continue
            owner, value = region
            if text_of(value) != "TOOLS" or text_of(space[1]) not in SPACES:
                continue
            if owner.source is not source or value in done:
                continue
            done.add(value)
            yield repair(
                self,
                source,
                value,
                f"the panel {cls.name} names a tab, which only the sidebar has since Blender 2.80",
                'put it into the region "UI"',
                edits=(source.replace(value, _quoted(source, value)),),
                owner=cls.name,
                member="bl_region_type",
                fault=named.get(cls.name, refused[0]),
            )

    def answers(self, fault: Fault) -> bool:
        """Blender's refusal."""
        return REFUSAL.search(fault.message) is not None


def _nearest(lineage: list[AddonClass], name: str) -> tuple[AddonClass, cst.BaseExpression] | None:
    """The first class of a lineage that assigns a name, and what it assigns."""
    for cls in lineage:
        for statement in cls.node.body.body:
            for small in statement.body if isinstance(statement, cst.SimpleStatementLine) else ():
                if isinstance(small, cst.Assign) and any(
                    isinstance(t.target, cst.Name) and t.target.value == name for t in small.targets
                ):
                    return cls, small.value
    return None


def _quoted(source: Source, value: cst.BaseExpression) -> str:
    """`UI` in the quotes the old value has."""
    return source.code(value).replace("TOOLS", "UI")
