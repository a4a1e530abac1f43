"""Properties of a class are annotated, not assigned

## What it does

Turns `name = IntProperty(...)` in the body of a class that Blender registers, or that such a class
derives from, into `name: IntProperty(...)`.

## Why it breaks

Blender 2.80 moved the properties of classes to annotations. Releases up to 2.92 still took assigned
ones, with a warning; since 2.93 they are ignored without a word, and the first use of the property
meets a `_PropertyDeferred` or an `AttributeError`.

## Example

```python
import bpy
from bpy.props import FloatProperty


class MESH_OT_grow(bpy.types.Operator):
    bl_idname = "mesh.grow"
    bl_label = "Grow"

    factor = FloatProperty(name="Factor", default=2.0)

    def execute(self, context):
        print(self.factor * 2.0)
        return {"FINISHED"}


bpy.utils.register_class(MESH_OT_grow)
bpy.ops.mesh.grow()
```

Use instead:

```python
import bpy
from bpy.props import FloatProperty


class MESH_OT_grow(bpy.types.Operator):
    bl_idname = "mesh.grow"
    bl_label = "Grow"

    factor: FloatProperty(name="Factor", default=2.0)

    def execute(self, context):
        print(self.factor * 2.0)
        return {"FINISHED"}


bpy.utils.register_class(MESH_OT_grow)
bpy.ops.mesh.grow()
```

## Left alone

```python
import bpy
from bpy.props import IntProperty


class Plain:
    count = IntProperty()


class Done(bpy.types.PropertyGroup):
    count: IntProperty()
    bl_label = "Done"

    def fill(self):
        local = IntProperty()
        return local


bpy.types.Scene.count = IntProperty()
```

## Fix safety

Safe: the annotation holds the same call, and every release from 2.80 on reads it. Left to a person
are properties that share one assignment, that the class body uses again by name, that nothing in the
add-on uses while their neighbours are annotated (forgotten, or switched off on purpose), and classes
in files with `from __future__ import annotations`, where an annotation is only text.

## References

- https://docs.blender.org/api/current/bpy.props.html
- https://developer.blender.org/docs/release_notes/2.80/python_api/addons/
- https://developer.blender.org/docs/release_notes/2.93/python_api/
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

import libcst as cst

from bot.models.fault import Fault
from bot.models.patch import Decision, Edit, Repair
from bot.models.question import Question, QuestionKind
from bot.models.release import Release
from bot.rules.base import Context, Rule
from bot.rules.building import every, repair
from bot.rules.classes import classes_of
from bot.rules.inference import types_of
from bot.rules.places import fault_at, walk
from bot.rules.source import Source

PROPERTIES: Final = frozenset(
    f"bpy.props.{kind}Property"
    for kind in (
        "Bool", "BoolVector", "Collection", "Enum", "Float", "FloatVector", "Int", "IntVector", "Pointer", "String",
    )
)  # fmt: skip

SHARED = "several names share one assignment; give each its own annotation"
USED = "the class body uses the name again, which an annotation does not define"
DORMANT = "its neighbours are annotated and nothing in the add-on uses it; annotate it or delete it"
TEXT_ONLY = "`from __future__ import annotations` turns annotations into text, which Blender does not read; remove it"


UNREGISTERED: Final = "is assigned, not annotated"
"""What the harness says of a registered class whose property Blender did not take."""

CONVERTER: Final = "make_annotations"
"""The helper many add-ons use to turn assigned properties into annotations when they run. Where it is in use,
only a class Blender was seen to lack a property of is touched."""


class PropertyAnnotation(Rule):
    """`x = IntProperty()` becomes `x: IntProperty()`."""

    code = "PRP101"
    name = "property-annotation"
    family = "properties"
    since = Release(2, 93)
    triggers = ("Property",)
    runs_in_blender = True

    def find(self, source: Source, context: Context) -> Iterator[Repair]:
        """Every assigned property of a class Blender reads properties from."""
        if not any(types_of(source).qualified(call.func) in PROPERTIES for call in every(source, cst.Call)):
            return
        text_only = _has_text_annotations(source)
        converted = any(CONVERTER in other.text for other in (source, *context.sources))
        for cls, base in classes_of(source, context).heirs().items():
            if cls.source is not source:
                continue
            names = _names_in_body(source, cls.node)
            annotated = _has_annotated_property(source, cls.node)
            for assign in _assigned_properties(source, cls.node):
                dormant = DORMANT if annotated and not _is_used(assign, source, context) else ""
                obstacle = TEXT_ONLY if text_only else dormant
                made = self._repair(source, cls.node, assign, base, names, obstacle)
                seen = _seen(source, cls.node, assign, context)
                yield made.model_copy(update={"fault": seen, "question": None if converted else made.question})

    def _repair(
        self,
        source: Source,
        cls: cst.ClassDef,
        assign: cst.Assign,
        base: str,
        names: Counter[str],
        obstacle: str,
    ) -> Repair:
        target = assign.targets[0].target
        name = source.code(target)
        if len(assign.targets) > 1 or not isinstance(target, cst.Name):
            problem = SHARED
        elif names[target.value] > 1:
            problem = USED
        else:
            problem = obstacle
        return repair(
            self,
            source,
            assign,
            f"the property {name} of {cls.name.value} is assigned; Blender reads annotations only",
            f"annotate {name}",
            question=Question(kind=QuestionKind.ASSIGNED_PROPERTY, owner=base),
            cleared_by=f"class:{cls.name.value}",
            owner=cls.name.value,
            member=name,
            decision=Decision.EXPLAIN if problem else Decision.REPAIR,
            reason=problem,
            edits=() if problem else (_colon(source, target, assign.value),),
        )

    def answers(self, fault: Fault) -> bool:
        """A deferred property met as a value."""
        return "_PropertyDeferred" in fault.message


def _seen(source: Source, cls: cst.ClassDef, assign: cst.Assign, context: Context) -> Fault | None:
    """That Blender did not register a property of this class, or the one assigned here."""
    near = fault_at(source, assign, context, UNREGISTERED)
    return near or next(
        (
            fault
            for fault in context.faults_in(source)
            if fault.owner == cls.name.value and re.search(UNREGISTERED, fault.message)
        ),
        None,
    )


def _colon(source: Source, target: cst.BaseExpression, value: cst.BaseExpression) -> Edit:
    """Put `:` where ` =` is, keeping whatever stands between it and the value."""
    start = source.end(target)
    equals = source.text.index("=", start, source.start(value))
    gap = "" if equals + 1 < source.start(value) else " "
    return Edit(start=start, end=equals + 1, text=":" + gap)


def _assigned_properties(source: Source, cls: cst.ClassDef) -> Iterator[cst.Assign]:
    types = types_of(source)
    for node in _own_body(cls.body):
        if (
            isinstance(node, cst.Assign)
            and isinstance(node.value, cst.Call)
            and types.qualified(node.value.func) in PROPERTIES
        ):
            yield node


def _has_annotated_property(source: Source, cls: cst.ClassDef) -> bool:
    """Whether whoever wrote the class knows how Blender wants it."""
    types = types_of(source)
    return any(
        isinstance(node, cst.AnnAssign)
        and isinstance(node.annotation.annotation, cst.Call)
        and types.qualified(node.annotation.annotation.func) in PROPERTIES
        for node in _own_body(cls.body)
    )


def _is_used(assign: cst.Assign, source: Source, context: Context) -> bool:
    """Whether the property's name stands anywhere in the add-on but where it is assigned."""
    target = assign.targets[0].target
    if not isinstance(target, cst.Name):
        return True
    word = re.compile(rf"\b{re.escape(target.value)}\b")
    texts = {other.path: other.text for other in (source, *context.sources)}
    return sum(len(word.findall(text)) for text in texts.values()) > 1


def _own_body(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """What a class body holds, not what its functions and inner classes do."""
    for child in node.children:
        if not isinstance(child, cst.FunctionDef | cst.ClassDef | cst.BaseExpression):
            yield child
            yield from _own_body(child)


def _names_in_body(source: Source, cls: cst.ClassDef) -> Counter[str]:
    """How often the class body itself, not its functions, writes each name as a variable."""
    types = types_of(source)
    counted: Counter[str] = Counter()
    for node in walk(cls.body):
        if isinstance(node, cst.Name) and types.enclosing(node) is cls:
            parent = source.parent(node)
            attribute = isinstance(parent, cst.Attribute) and parent.attr is node
            keyword = isinstance(parent, cst.Arg) and parent.keyword is node
            if not attribute and not keyword:
                counted[node.value] += 1
    return counted


def _has_text_annotations(source: Source) -> bool:
    return any(
        isinstance(node.module, cst.Name)
        and node.module.value == "__future__"
        and not isinstance(node.names, cst.ImportStar)
        and any(alias.name.value == "annotations" for alias in node.names)
        for node in every(source, cst.ImportFrom)
    )
