"""Menu entries taken out of a menu that does not exist.

## What it does
Takes a function out of the very menu the same file put it into.

## Why it breaks
A misspelt or renamed class in `unregister()` shows only when the add-on is disabled:
`AttributeError: 'module' object has no attribute 'VIEW3D_MT_mesh_ad'`.

## Example
```python
import bpy


def entry(self, context):
    self.layout.operator("mesh.primitive_cube_add")


def register():
    bpy.types.VIEW3D_MT_mesh_add.append(entry)


def unregister():
    bpy.types.VIEW3D_MT_mesh_ad.remove(entry)
```

Use instead:
```python
import bpy


def entry(self, context):
    self.layout.operator("mesh.primitive_cube_add")


def register():
    bpy.types.VIEW3D_MT_mesh_add.append(entry)


def unregister():
    bpy.types.VIEW3D_MT_mesh_add.remove(entry)
```

## Left alone
Functions that are in several menus, and menus both sides agree on.
```python
import bpy


def entry(self, context):
    self.layout.operator("mesh.primitive_cube_add")


def register():
    bpy.types.VIEW3D_MT_mesh_add.append(entry)
    bpy.types.VIEW3D_MT_add.prepend(entry)


def unregister():
    bpy.types.VIEW3D_MT_mesh_ad.remove(entry)
    bpy.types.VIEW3D_MT_add.remove(entry)
```

## Fix safety
Safe: the entry can only be in the menu it was put into.

## References
- https://docs.blender.org/api/4.5/bpy.types.Menu.html#bpy.types.Menu.remove
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import libcst as cst

from bot.models.fault import Fault
from bot.models.patch import Repair, Requirement
from bot.models.question import Question, QuestionKind
from bot.models.release import OLDEST
from bot.rules.base import Context, Rule, Safety
from bot.rules.building import every, repair
from bot.rules.guards import is_guarded
from bot.rules.places import dotted, fault_at
from bot.rules.source import Source

_TYPES = "bpy.types."


class MenuRemove(Rule):
    """PYT102."""

    code = "PYT102"
    name = "menu-remove"
    family = "python"
    since = OLDEST
    safety = Safety.SAFE
    triggers = (".remove(",)

    def answers(self, fault: Fault) -> bool:
        """A class of `bpy.types` that does not exist, named like a menu."""
        return "has no attribute" in fault.message and any(word in fault.message for word in ("_MT_", "_PT_", "_HT_"))

    def find(self, source: Source, context: Context) -> Iterator[Repair]:
        """Every `bpy.types.X.remove(f)` where `f` was put into one menu only, and that is another."""
        added: dict[str, set[str]] = defaultdict(set)
        removed: list[tuple[cst.Attribute, str]] = []
        for call in every(source, cst.Call):
            method = call.func
            if not isinstance(method, cst.Attribute) or len(call.args) != 1:
                continue
            menu, entry = dotted(method.value) or "", dotted(call.args[0].value)
            if entry is None or not menu.startswith(_TYPES) or menu.count(".") != 2:
                continue
            if method.attr.value in ("append", "prepend"):
                added[entry].add(menu)
            elif method.attr.value == "remove" and isinstance(method.value, cst.Attribute):
                removed.append((method.value, entry))
        for place, entry in removed:
            wrong = (dotted(place) or "").removeprefix(_TYPES)
            (right, *more) = sorted(added[entry]) or ["", ""]
            if more or right == _TYPES + wrong or is_guarded(source, place):
                continue
            yield self._repair(source, context, place, wrong, right.removeprefix(_TYPES))

    def _repair(self, source: Source, context: Context, place: cst.Attribute, wrong: str, right: str) -> Repair:
        return repair(
            self,
            source,
            place,
            f"bpy.types has no {wrong}",
            f"take the entry out of {right}, where it was put in",
            edits=(source.replace(place.attr, right),),
            question=Question(kind=QuestionKind.MEMBER, owner="bpy.types", name=wrong),
            requires=(Requirement(question=Question(kind=QuestionKind.MEMBER, owner="bpy.types", name=right)),),
            owner="bpy.types",
            member=wrong,
            fault=fault_at(source, place, context, f"has no attribute '{wrong}'"),
        )
