"""Operators called with a context override.

## What it does
Moves the dictionary handed to an operator as its first argument into
`with context.temp_override(...)`. A dictionary that began as `context.copy()` and was then filled by
key begins empty: `temp_override` takes the changed members only.

## Why it breaks
Blender 4.0 removed the positional context override, deprecated since 3.2. Operators now raise
`ValueError: 1-2 args execution context is supported`.

## Example
```python
import bpy


def apply_all(ob):
    override = bpy.context.copy()
    override["object"] = ob
    for modifier in ob.modifiers:
        bpy.ops.object.modifier_apply(override, modifier=modifier.name)
    result = bpy.ops.object.shade_smooth({"object": ob, "selected_objects": [ob]}, "EXEC_DEFAULT")
    return result
```

Use instead:
```python
import bpy


def apply_all(ob):
    override = {}
    override["object"] = ob
    for modifier in ob.modifiers:
        with bpy.context.temp_override(**override):
            bpy.ops.object.modifier_apply(modifier=modifier.name)
    with bpy.context.temp_override(object=ob, selected_objects=[ob]):
        result = bpy.ops.object.shade_smooth("EXEC_DEFAULT")
    return result
```

Supporting 2.93 to 4.5:
```python
import bpy


def apply_all(ob):
    override = {}
    override["object"] = ob
    for modifier in ob.modifiers:
        if bpy.app.version >= (3, 2, 0):
            with bpy.context.temp_override(**override):
                bpy.ops.object.modifier_apply(modifier=modifier.name)
        else:
            bpy.ops.object.modifier_apply(override, modifier=modifier.name)
    if bpy.app.version >= (3, 2, 0):
        with bpy.context.temp_override(object=ob, selected_objects=[ob]):
            result = bpy.ops.object.shade_smooth("EXEC_DEFAULT")
    else:
        result = bpy.ops.object.shade_smooth({"object": ob, "selected_objects": [ob]}, "EXEC_DEFAULT")
    return result
```

## Left alone
An execution context or an undo flag, calls that already use `temp_override`, and calls inside a
condition or another expression, where no statement can stand.
```python
import bpy


def show(ob, mode):
    bpy.ops.object.delete("INVOKE_DEFAULT", True)
    bpy.ops.wm.call_menu(mode, name="VIEW3D_MT_add")
    with bpy.context.temp_override(object=ob):
        bpy.ops.object.shade_smooth()
    if bpy.app.version < (3, 2, 0):
        bpy.ops.object.shade_smooth({"object": ob})
```

## Fix safety
Safe: the operator sees the same members. `area`, `region` and `screen` must belong together now,
which `temp_override` checks.

## References
- https://developer.blender.org/docs/release_notes/4.0/python_api/
- https://docs.blender.org/api/4.5/bpy.types.Context.html#bpy.types.Context.temp_override
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from bot.models.fault import Fault
from bot.models.patch import Decision, Edit, Repair, Requirement
from bot.models.question import Question, QuestionKind
from bot.models.release import Release
from bot.rules.base import Context, Rule, Safety
from bot.rules.building import every
from bot.rules.guards import guarded_statement, is_guarded, under, whole_line
from bot.rules.operators.overrides import Making, made
from bot.rules.places import dotted, fault_at, text_of, walk
from bot.rules.source import Source

TITLE = "move the override into context.temp_override()"
NESTED = "the call stands inside another expression; put it on a line of its own, under `with context.temp_override(…)`"

_TEMP_OVERRIDE = Release(3, 2)
_RAISED = r"args execution context is supported"


class ContextOverride(Rule):
    """OPS101."""

    code = "OPS101"
    name = "context-override"
    family = "operators"
    since = Release(4, 0)
    safety = Safety.SAFE
    triggers = ("bpy.ops.",)

    def answers(self, fault: Fault) -> bool:
        """The error an override raises since 4.0."""
        return fault.exception == "ValueError" and "args execution context" in fault.message

    def find(self, source: Source, context: Context) -> Iterator[Repair]:
        """Every operator call whose first argument is, or was seen to be, a dictionary."""
        others = [other for other in context.sources if other.path != source.path]
        for node in every(source, cst.Call):
            if node.args and not node.args[0].star and node.args[0].keyword is None:
                operator = _operator(node)
                if operator is not None:
                    yield from self._repairs(source, context, node, operator, others)

    def _repairs(
        self, source: Source, context: Context, call: cst.Call, operator: str, others: list[Source]
    ) -> Iterator[Repair]:
        value = call.args[0].value
        if isinstance(value, cst.BaseString | cst.Lambda | cst.IfExp) or text_of(value) is not None:
            return
        override = made(source, value, others)
        fault = fault_at(source, call, context, _RAISED)
        if override.making is Making.UNKNOWN and fault is None:
            return
        releases = [release for release in context.targets if release >= self.since]
        if is_guarded(source, call, releases, names=("temp_override",), seen=fault is not None):
            return
        edits = _edits(source, context, call, value, override.making)
        covered = context.covers(_TEMP_OVERRIDE)
        yield Repair(
            rule=self.code,
            path=source.path,
            line=source.line(call),
            end_line=source.end_line(call),
            message=f"bpy.ops.{operator}() takes no context override",
            title=TITLE,
            decision=Decision.REPAIR if edits else Decision.LEAVE,
            reason="" if edits else NESTED,
            edits=(*edits, *override.edits) if edits else (),
            question=Question(kind=QuestionKind.POSITIONAL, owner=f"bpy.ops.{operator}", name="override"),
            requires=(
                Requirement(
                    question=Question(kind=QuestionKind.MEMBER, owner="bpy.types.Context", name="temp_override"),
                    since=None if covered else _TEMP_OVERRIDE,
                ),
            )
            if edits
            else (),
            owner=f"bpy.ops.{operator}",
            member="override",
            fault=fault,
        )


def _operator(call: cst.Call) -> str | None:
    """`object.modifier_apply` for a call of `bpy.ops.object.modifier_apply` or of its `poll`."""
    parts = (dotted(call.func) or "").split(".")
    if parts[:2] != ["bpy", "ops"] or len(parts) not in (4, 5) or parts[4:] not in ([], ["poll"]):
        return None
    return ".".join(parts[2:4])


def _edits(
    source: Source, context: Context, call: cst.Call, value: cst.BaseExpression, making: Making
) -> tuple[Edit, ...]:
    """The statement under `with`; nothing where no `with` can stand."""
    line = whole_line(source, call)
    if line is None or not _is_whole_value(line.body[0], call):
        return ()
    first = source.start(call.args[0])
    last = source.start(call.args[1]) if len(call.args) > 1 else source.end(call.args[0])
    if len(call.args) == 1:
        tail = source.text[last : source.end(call) - 1]
        if "#" in tail:
            return ()
        last = source.end(call) - 1
    if "#" in source.text[source.end(value) : last]:
        return ()
    begin = source.start(line)
    old = source.code(line)
    operation = old[: first - begin] + old[last - begin :]
    if len(call.args) == 1:
        operation = old[: first - begin].rstrip() + old[last - begin :]
    members = _members(source, call, value, making)
    header = f"with {_context_name(source, call)}.temp_override({members}):"
    new = under(source, line, header, operation) if members else operation
    if context.covers(_TEMP_OVERRIDE):
        return (Edit(start=begin, end=source.end(line), text=new),)
    return (guarded_statement(source, line, new, old, _TEMP_OVERRIDE),)


def _is_whole_value(statement: cst.BaseSmallStatement, call: cst.Call) -> bool:
    """Whether the statement is the call, or assigns or returns exactly what it answers."""
    return isinstance(statement, cst.Expr | cst.Assign | cst.AnnAssign | cst.Return) and statement.value is call


def _members(source: Source, call: cst.Call, value: cst.BaseExpression, making: Making) -> str:
    """What goes between the parentheses of `temp_override`."""
    if isinstance(value, cst.Call) and dotted(value.func) == "dict" and making is Making.MEMBERS:
        return ", ".join(
            f"{argument.keyword.value}={source.code(argument.value)}" for argument in value.args if argument.keyword
        )
    written = source.code(value)
    if isinstance(value, cst.Dict):
        return _keywords(source, value)
    if making is Making.COPY:
        if isinstance(value, cst.Call):
            return "" if (dotted(value.func) or "").endswith(".copy") else _changed(written)
        return _changed(written)
    return f"**{written}"


def _changed(written: str) -> str:
    """Of a whole copy, the members that were changed."""
    return f"**{{k: v for k, v in {written}.items() if v != getattr(bpy.context, k, None)}}"


def _keywords(source: Source, value: cst.Dict) -> str:
    """A dictionary display as keywords where every key is a name, else as it is."""
    members: list[str] = []
    if "#" in source.code(value):
        return f"**{source.code(value)}"
    for element in value.elements:
        if isinstance(element, cst.StarredDictElement):
            members.append(f"**{source.code(element.value)}")
            continue
        key = text_of(element.key) if isinstance(element, cst.DictElement) else None
        if key is None or not key.isidentifier():
            return f"**{source.code(value)}"
        members.append(f"{key}={source.code(element.value)}")
    return ", ".join(members)


def _context_name(source: Source, call: cst.Call) -> str:
    """`context` in a method that is given it, else `bpy.context`: both are the one context."""
    for parent in source.ancestors(call):
        if isinstance(parent, cst.FunctionDef):
            names = [parameter.name.value for parameter in parent.params.params]
            rebound = any(
                isinstance(node, cst.AssignTarget) and dotted(node.target) == "context" for node in walk(parent.body)
            )
            if names[:1] in (["self"], ["cls"]) and "context" in names and not rebound:
                return "context"
            break
    return "bpy.context"
