"""Constructors of Blender's classes hand their arguments on

## What it does

Gives `__init__` of a class that Blender makes instances of, where it takes `self` alone, the
arguments Blender passes since 4.4, and calls the constructor of the base class with them.

## Why it breaks

Blender 4.4 constructs its objects like ordinary Python ones: `__init__` receives arguments and must
pass them to `super().__init__`. Otherwise running the operator raises `TypeError: __init__() takes 1
positional argument but 2 were given`.

## Example

```python
import bpy


class OBJECT_OT_count(bpy.types.Operator):
    bl_idname = "object.count"
    bl_label = "Count"

    def __init__(self):
        self.total = 0

    def execute(self, context):
        self.total += 1
        return {"FINISHED"}


bpy.utils.register_class(OBJECT_OT_count)
bpy.ops.object.count()
```

Use instead:

```python
import bpy


class OBJECT_OT_count(bpy.types.Operator):
    bl_idname = "object.count"
    bl_label = "Count"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.total = 0

    def execute(self, context):
        self.total += 1
        return {"FINISHED"}


bpy.utils.register_class(OBJECT_OT_count)
bpy.ops.object.count()
```

## Left alone

```python
import bpy


class OBJECT_OT_count(bpy.types.Operator):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.total = 0


class Plain:
    def __init__(self):
        self.total = 0


class Settings(bpy.types.PropertyGroup):
    def init(self):
        pass
```

## Fix safety

Safe: older releases pass nothing, and the constructor of the base class takes nothing then. Left to
a person are constructors that call a base class's `__init__` already, or are called by name.

## References

- https://developer.blender.org/docs/release_notes/4.4/python_api/
- https://docs.blender.org/api/current/info_overview.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import libcst as cst

from bot.models.fault import Fault
from bot.models.patch import Decision, Edit, Repair
from bot.models.release import Release
from bot.rules.base import Context, Rule
from bot.rules.building import repair
from bot.rules.classes import classes_of
from bot.rules.examples import ExampleFault
from bot.rules.source import Source

REFUSAL: Final = "__init__() takes 1 positional argument but"
OWN_CALL: Final = "take *args and **kwargs by hand: it calls a constructor already, or has no body of its own lines"


class SubclassInit(Rule):
    """`def __init__(self)` becomes `def __init__(self, *args, **kwargs)`."""

    code = "REG102"
    name = "subclass-init"
    family = "registration"
    since = Release(4, 4)
    triggers = ("__init__",)
    runs_in_blender = True
    example_faults = (
        ExampleFault(
            message="Python: TypeError: OBJECT_OT_count.__init__() takes 1 positional argument but 2 were given",
            at="bpy.ops.object.count()",
        ),
    )

    def find(self, source: Source, context: Context) -> Iterator[Repair]:
        """Constructors that take `self` alone, once Blender has refused one."""
        refused = [fault for fault in context.faults if REFUSAL in fault.message]
        if not refused:
            return
        for cls, _base in classes_of(source, context).heirs().items():
            if cls.source is not source:
                continue
            for function in cls.node.body.body:
                if isinstance(function, cst.FunctionDef) and _takes_self_alone(function):
                    yield self._repair(source, cls.name, function, refused)

    def _repair(self, source: Source, name: str, function: cst.FunctionDef, refused: list[Fault]) -> Repair:
        edits = () if "__init__(" in source.code(function.body) else _edits(source, function)
        mine = next((fault for fault in refused if f"{name}.{REFUSAL}" in fault.message), refused[0])
        return repair(
            self,
            source,
            function,
            f"{name}.__init__ does not take the arguments Blender passes since 4.4",
            "take them and hand them to the base class",
            decision=Decision.REPAIR if edits else Decision.EXPLAIN,
            reason="" if edits else OWN_CALL,
            edits=edits,
            owner=name,
            member="__init__",
            fault=mine,
        )

    def answers(self, fault: Fault) -> bool:
        """`__init__() takes 1 positional argument but 2 were given`."""
        return REFUSAL in fault.message


def _takes_self_alone(function: cst.FunctionDef) -> bool:
    params = function.params
    alone = len(params.params) == 1 and not params.kwonly_params and not params.posonly_params
    open_ended = isinstance(params.star_arg, cst.Param) or params.star_kwarg is not None
    return function.name.value == "__init__" and alone and not open_ended and not function.decorators


def _edits(source: Source, function: cst.FunctionDef) -> tuple[Edit, ...]:
    at = source.end(function.params.params[0].name)
    if not isinstance(function.body, cst.IndentedBlock):
        return ()
    first = next((one for one in function.body.body if not _is_docstring(one)), None)
    if first is None:
        return ()
    start = source.start(first)
    line = f"super().__init__(*args, **kwargs){source.newline}{source.indent(first)}"
    return (Edit(start=at, end=at, text=", *args, **kwargs"), Edit(start=start, end=start, text=line))


def _is_docstring(statement: cst.BaseStatement) -> bool:
    match statement:
        case cst.SimpleStatementLine(body=[cst.Expr(value=cst.SimpleString())]):
            return True
    return False
