'''F-Curves of an action.

## What it does
Reads the F-Curves through a small function that finds them in the channelbags of the action, where
they are looped over, counted or searched.

## Why it breaks
Blender 5.0 removed `Action.fcurves`: since 4.4 an action holds layers, strips and one channelbag for
each slot. `AttributeError: 'Action' object has no attribute 'fcurves'`.

## Example
```python
import bpy


def paths(ob):
    action = ob.animation_data.action
    if not action.fcurves:
        return []
    first = action.fcurves.find("location", index=1)
    return [first, *(curve.data_path for curve in action.fcurves)]
```

Use instead:
```python
import bpy


def action_fcurves(action):
    """The F-Curves of an action, whatever slot they belong to."""
    return [
        fcurve
        for layer in action.layers
        for strip in layer.strips
        for channelbag in strip.channelbags
        for fcurve in channelbag.fcurves
    ]


def paths(ob):
    action = ob.animation_data.action
    if not action_fcurves(action):
        return []
    first = next((f for f in action_fcurves(action) if f.data_path == "location" and f.array_index == 1), None)
    return [first, *(curve.data_path for curve in action_fcurves(action))]
```

Supporting 4.2 to 5.0:
```python
import bpy


def action_fcurves(action):
    """The F-Curves of an action, whatever slot they belong to."""
    if bpy.app.version < (5, 0, 0):
        return action.fcurves
    return [
        fcurve
        for layer in action.layers
        for strip in layer.strips
        for channelbag in strip.channelbags
        for fcurve in channelbag.fcurves
    ]


def paths(ob):
    action = ob.animation_data.action
    if not action_fcurves(action):
        return []
    first = next((f for f in action_fcurves(action) if f.data_path == "location" and f.array_index == 1), None)
    return [first, *(curve.data_path for curve in action_fcurves(action))]
```

## Left alone
F-Curves of drivers and channelbags. Making and removing F-Curves is explained only: that needs the slot
or the object that is animated, which a person knows.
```python
import bpy


def curves(drivers, channelbag, ob):
    if hasattr(ob.animation_data.action, "fcurves"):
        return [*ob.animation_data.action.fcurves]
    return [*drivers.fcurves, *channelbag.fcurves]
```

## Fix safety
Safe: an action with one slot, the only kind older files and scripts make, has the same F-Curves.

## References
- https://developer.blender.org/docs/release_notes/5.0/python_api/
- https://developer.blender.org/docs/release_notes/4.4/upgrading/slotted_actions/
- https://docs.blender.org/api/5.0/bpy.types.ActionChannelbag.html
'''

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import libcst as cst

from bot.models.fault import Fault
from bot.models.patch import Decision, Edit, Repair, Requirement
from bot.models.question import Question, QuestionKind
from bot.models.release import Release
from bot.rules.base import Context, Rule, Safety
from bot.rules.bindings import comes_from
from bot.rules.building import every, plain_arguments, repair
from bot.rules.guards import binds_bpy, is_guarded
from bot.rules.helpers import defines, helper
from bot.rules.inference import types_of
from bot.rules.places import dotted, fault_at, scope_of
from bot.rules.source import Source

LEFT = "make or remove F-Curves through the channelbag of the slot: anim_utils.action_ensure_channelbag_for_slot(…)"

_ACTION: Final = "bpy.types.Action"
_LAYERED: Final = Release(4, 4)
_GONE: Final = Release(5, 0)
_HELPER: Final = "action_fcurves"
_COUNTED: Final = frozenset(
    {"all", "any", "bool", "enumerate", "iter", "len", "list", "reversed", "sorted", "tuple", "zip"}
)
_TRUTH: Final = (
    cst.If,
    cst.While,
    cst.IfExp,
    cst.BooleanOperation,
    cst.UnaryOperation,
    cst.CompIf,
    cst.StarredElement,
)

_GUARD: Final = ("    if bpy.app.version < (5, 0, 0):", "        return action.fcurves")
_BODY: Final = (
    "    return [",
    "        fcurve",
    "        for layer in action.layers",
    "        for strip in layer.strips",
    "        for channelbag in strip.channelbags",
    "        for fcurve in channelbag.fcurves",
    "    ]",
)


class ActionFcurves(Rule):
    """ANI101."""

    code = "ANI101"
    name = "action-fcurves"
    family = "animation"
    since = _GONE
    safety = Safety.SAFE
    triggers = (".fcurves",)

    def answers(self, fault: Fault) -> bool:
        """The error the missing member raises."""
        return "'Action' object has no attribute 'fcurves'" in fault.message

    def find(self, source: Source, context: Context) -> Iterator[Repair]:
        """Every `action.fcurves`."""
        releases = [release for release in context.targets if release >= self.since]
        members = [node for node in every(source, cst.Attribute) if node.attr.value == "fcurves"]
        seen = {member: fault for member in members if (fault := _seen(source, context, member)) is not None}
        proven = {
            (scope_of(source, member), source.code(member.value)): fault
            for member, fault in seen.items()
            if isinstance(member.value, cst.Name)
        }
        for member in members:
            fault = seen.get(member) or proven.get((scope_of(source, member), source.code(member.value)))
            if fault is None and not comes_from(source, member.value, lambda value: _is_action(source, value)):
                continue
            if is_guarded(source, member, releases, names=("fcurves", "layers", "slots"), seen=fault is not None):
                continue
            yield self._repair(source, context, member, fault)

    def _repair(self, source: Source, context: Context, member: cst.Attribute, fault: Fault | None) -> Repair:
        change = _change(source, member)
        covered = context.covers(_LAYERED)
        if _HELPER in source.text and not defines(source, _HELPER):
            change = None  # the name means something else here
        needed = () if defines(source, _HELPER) else (helper(source, _helper(source, covered=covered)),)
        edits = (change, *(edit for edit in needed if edit)) if change and None not in needed else ()
        layers = Question(kind=QuestionKind.MEMBER, owner=_ACTION, name="layers")
        return repair(
            self,
            source,
            member,
            "an action has no fcurves",
            "read the F-Curves from the channelbags",
            decision=Decision.REPAIR if edits else Decision.EXPLAIN,
            reason="" if edits else LEFT,
            edits=edits,
            question=Question(kind=QuestionKind.MEMBER, owner=_ACTION, name="fcurves"),
            requires=(Requirement(question=layers, since=None if covered else _GONE),) if edits else (),
            owner="Action",
            member="fcurves",
            fault=fault,
        )


def _helper(source: Source, *, covered: bool) -> tuple[str, ...]:
    """The function, with the old way before 5.0 where older releases are supported."""
    bpy = () if covered or binds_bpy(source) else ("    import bpy", "")
    head = ("def action_fcurves(action):", '    """The F-Curves of an action, whatever slot they belong to."""')
    return (*head, *bpy, *(() if covered else _GUARD), *_BODY)


def _seen(source: Source, context: Context, member: cst.Attribute) -> Fault | None:
    if types_of(source).of(member.value) not in (None, _ACTION):
        return None
    return fault_at(source, member, context, "'Action' object has no attribute 'fcurves'")


def _is_action(source: Source, node: cst.BaseExpression) -> bool:
    if types_of(source).of(node) == _ACTION:
        return True
    holder = node.value if isinstance(node, cst.Subscript) else node
    name = dotted(holder.func if isinstance(holder, cst.Call) else holder) or ""
    if holder is node and isinstance(node, cst.Attribute):
        return name.endswith("animation_data.action")
    return name.endswith(("data.actions", "data.actions.new", "data.actions.get"))


def _change(source: Source, member: cst.Attribute) -> Edit | None:
    """What the place becomes, or null where F-Curves are made, removed or handed on."""
    called = f"{_HELPER}({source.code(member.value)})"
    parent = source.parent(member)
    if isinstance(parent, cst.Attribute) and parent.attr.value == "find":
        return _found(source, member, parent, called)
    if isinstance(parent, cst.For | cst.CompFor) and parent.iter is member:
        return source.replace(member, called)
    if isinstance(parent, _TRUTH):
        return source.replace(member, called)
    if isinstance(parent, cst.Arg) and parent.keyword is None:
        call = source.parent(parent)
        if parent.star or (isinstance(call, cst.Call) and dotted(call.func) in _COUNTED):
            return source.replace(member, called)
    if isinstance(parent, cst.Subscript) and parent.value is member:
        return source.replace(member, called)
    return None


def _found(source: Source, member: cst.Attribute, find: cst.Attribute, called: str) -> Edit | None:
    """`fcurves.find(path, index=i)` as a search of the list."""
    call = source.parent(find)
    if not isinstance(call, cst.Call) or call.func is not find or not plain_arguments(call):
        return None
    given = {argument.keyword.value if argument.keyword else "data_path": argument.value for argument in call.args}
    if not {"data_path"} <= set(given) <= {"data_path", "index"} or len(given) != len(call.args):
        return None
    path, index = source.code(given["data_path"]), source.code(given["index"]) if "index" in given else "0"
    test = f"f.data_path == {path} and f.array_index == {index}"
    return source.replace(call, f"next((f for f in {called} if {test}), None)")
