"""Objects are selected through methods

## What it does

Rewrites `ob.select = value` to `ob.select_set(value)` and a read `ob.select` to `ob.select_get()`,
where `ob` is certainly an object or Blender said so at that place.

## Why it breaks

Since Blender 2.80 the selection is kept per view layer, and `Object.select` is gone: using it
raises an `AttributeError`.

## Example

```python
import bpy


def toggle(context):
    for ob in context.scene.objects:
        ob.select = not ob.select
    chosen = [ob for ob in bpy.data.objects if ob.select]
    if context.object.select:
        context.object.select = False
    return chosen


toggle(bpy.context)
```

Use instead:

```python
import bpy


def toggle(context):
    for ob in context.scene.objects:
        ob.select_set(not ob.select_get())
    chosen = [ob for ob in bpy.data.objects if ob.select_get()]
    if context.object.select_get():
        context.object.select_set(False)
    return chosen


toggle(bpy.context)
```

## Left alone

```python
import bmesh
import bpy


def choose(context, thing):
    for vertex in context.object.data.vertices:
        vertex.select = True
    bm = bmesh.from_edit_mesh(context.object.data)
    for face in bm.faces:
        face.select = True
    thing.select = True
    context.object.select_set(True)
    if not hasattr(context.object, "select_set"):
        context.object.select = True
```

## Fix safety

Safe: vertices, edges, faces, bones and control points keep their `select`. Selecting an object that
is in no view layer raises an error now, where 2.79 remembered it.

## References

- https://docs.blender.org/api/current/bpy.types.Object.html#bpy.types.Object.select_set
- https://docs.blender.org/api/current/bpy.types.Object.html#bpy.types.Object.select_get
- https://developer.blender.org/docs/release_notes/2.80/python_api/scene_and_object_api/
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import libcst as cst

from bot.models.fault import Fault
from bot.models.patch import Decision, Edit, Repair
from bot.models.release import Release
from bot.rules.base import Context, Rule
from bot.rules.building import every, repair
from bot.rules.guards import is_guarded
from bot.rules.inference import types_of
from bot.rules.places import fault_at, walk
from bot.rules.scene.facts import OBJECT, member, needs
from bot.rules.source import Source

ERROR: Final = r"'Object' object has no attribute 'select'"
COMBINED = "write it as select_set(...) of one object at a time"


class ObjectSelect(Rule):
    """`ob.select = True` becomes `ob.select_set(True)`."""

    code = "SCN103"
    name = "object-select"
    family = "scene"
    since = Release(2, 80)
    triggers = (".select",)
    runs_in_blender = True

    def find(self, source: Source, context: Context) -> Iterator[Repair]:
        """Reads and writes of an object's `select`."""
        done: set[cst.CSTNode] = set()
        for node in every(source, cst.Attribute):
            if node in done or not self._concerns(source, node, context):
                continue
            statement = _statement(source, node)
            inside = [
                other
                for other in (walk(statement.value) if isinstance(statement, cst.Assign) else ())
                if isinstance(other, cst.Attribute) and self._concerns(source, other, context)
            ]
            done.update(inside)
            yield self._repair(source, node, statement, inside, context)

    def _concerns(self, source: Source, node: cst.Attribute, context: Context) -> bool:
        if node.attr.value != "select":
            return False
        known = types_of(source).of(node.value)
        if known != OBJECT and (known is not None or not _blamed(source, node, context)):
            return False
        return not is_guarded(source, node, seen=fault_at(source, node, context, ERROR) is not None)

    def _repair(
        self,
        source: Source,
        node: cst.Attribute,
        statement: cst.CSTNode | None,
        inside: list[cst.Attribute],
        context: Context,
    ) -> Repair:
        edits: tuple[Edit, ...] = ()
        if statement is None:
            edits, title = (_read(source, node),), "read it with select_get()"
        elif isinstance(statement, cst.Assign) and len(statement.targets) == 1 and statement.targets[0].target is node:
            opening = Edit(start=source.start(node.attr), end=_value_start(source, node, statement), text="select_set(")
            closing = Edit(start=source.end(statement.value), end=source.end(statement.value), text=")")
            edits = (opening, closing, *(_read(source, other) for other in inside))
            title = "select it with select_set(...)"
        else:
            title = "select it with select_set(...)"
        return repair(
            self,
            source,
            node,
            "Object has no select since Blender 2.80",
            title,
            question=member(OBJECT, "select"),
            requires=needs(OBJECT, "select_set") if edits else (),
            owner="Object",
            member="select",
            decision=Decision.REPAIR if edits else Decision.EXPLAIN,
            reason="" if edits else COMBINED,
            edits=edits,
            fault=fault_at(source, node, context, ERROR),
        )

    def answers(self, fault: Fault) -> bool:
        """`'Object' object has no attribute 'select'`."""
        return fault.owner == "Object" and fault.member == "select"


def _statement(source: Source, node: cst.Attribute) -> cst.CSTNode | None:
    """The assignment, loop or deletion this node is a target of; null for a read."""
    child: cst.CSTNode = node
    for parent in source.ancestors(node):
        if isinstance(parent, cst.AssignTarget):
            return source.parent(parent)
        if isinstance(parent, cst.AugAssign | cst.AnnAssign | cst.For | cst.CompFor | cst.NamedExpr):
            return parent if parent.target is child else None
        if isinstance(parent, cst.Del):
            return parent
        if not isinstance(parent, cst.Tuple | cst.List | cst.Element | cst.StarredElement):
            return None
        child = parent
    return None


def _read(source: Source, node: cst.Attribute) -> Edit:
    return source.replace(node.attr, "select_get()")


def _value_start(source: Source, node: cst.Attribute, statement: cst.Assign) -> int:
    """Where the value begins, unless something but white space stands before it: then just past the `=`."""
    value = source.start(statement.value)
    equals = source.text.index("=", source.end(node), value)
    return value if not source.text[equals + 1 : value].strip() else equals + 1


def _blamed(source: Source, node: cst.Attribute, context: Context) -> bool:
    """Whether Blender blamed this very node: it is the only one of its line that can be meant."""
    if fault_at(source, node, context, ERROR) is None:
        return False
    line = source.line(node)
    types = types_of(source)
    rivals = [
        other
        for other in every(source, cst.Attribute)
        if other.attr.value == "select" and source.line(other) == line and types.of(other.value) in (None, OBJECT)
    ]
    return len({source.code(other) for other in rivals}) == 1
