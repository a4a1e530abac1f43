"""Selected bones in pose mode.

## What it does
Asks the pose bone whether it is selected, where its bone was asked: `pose_bone.bone.select` becomes
`pose_bone.select`, `ob.data.bones["Root"].select` becomes `ob.pose.bones["Root"].select`.

## Why it breaks
Since Blender 5.0 the selection in pose mode belongs to the pose bone, so that it can differ between two objects
with one armature: `AttributeError: 'Bone' object has no attribute 'select'`.

## Example
```python
import bpy


def select(ob, names):
    for bone in ob.data.bones:
        bone.select = bone.name in names
    ob.data.bones["Root"].select = True
    return [pb.name for pb in ob.pose.bones if pb.bone.select]


def example():
    ob = bpy.data.objects.new("Rig", bpy.data.armatures.new("Rig"))
    bpy.context.scene.collection.objects.link(ob)
    bpy.context.view_layer.objects.active = ob
    bpy.ops.object.mode_set(mode="EDIT")
    ob.data.edit_bones.new("Root").tail = (0, 0, 1)
    bpy.ops.object.mode_set(mode="POSE")
    return select(ob, ["Root"])


example()
```

Use instead:
```python
import bpy


def select(ob, names):
    for bone in ob.data.bones:
        ob.pose.bones[bone.name].select = bone.name in names
    ob.pose.bones["Root"].select = True
    return [pb.name for pb in ob.pose.bones if pb.select]


def example():
    ob = bpy.data.objects.new("Rig", bpy.data.armatures.new("Rig"))
    bpy.context.scene.collection.objects.link(ob)
    bpy.context.view_layer.objects.active = ob
    bpy.ops.object.mode_set(mode="EDIT")
    ob.data.edit_bones.new("Root").tail = (0, 0, 1)
    bpy.ops.object.mode_set(mode="POSE")
    return select(ob, ["Root"])


example()
```

Supporting 4.2 to 5.0:
```python
import bpy


def select(ob, names):
    for bone in ob.data.bones:
        if bpy.app.version >= (5, 0, 0):
            ob.pose.bones[bone.name].select = bone.name in names
        else:
            bone.select = bone.name in names
    if bpy.app.version >= (5, 0, 0):
        ob.pose.bones["Root"].select = True
    else:
        ob.data.bones["Root"].select = True
    return [pb.name for pb in ob.pose.bones if (pb.select if bpy.app.version >= (5, 0, 0) else pb.bone.select)]


def example():
    ob = bpy.data.objects.new("Rig", bpy.data.armatures.new("Rig"))
    bpy.context.scene.collection.objects.link(ob)
    bpy.context.view_layer.objects.active = ob
    bpy.ops.object.mode_set(mode="EDIT")
    ob.data.edit_bones.new("Root").tail = (0, 0, 1)
    bpy.ops.object.mode_set(mode="POSE")
    return select(ob, ["Root"])


example()
```

## Left alone
Bones in edit mode, which are selected as before, and code that chooses already.
```python
import bpy


def select(ob, pose_bone):
    for bone in ob.data.edit_bones:
        bone.select = bone.select_head = True
    if bpy.app.version >= (5, 0, 0):
        pose_bone.select = True
    else:
        pose_bone.bone.select = True
```

## Fix safety
Safe: the same bone is selected. `select_head` and `select_tail` have no meaning in pose mode and are left out where
they are set; a bone whose object is not known is a person's to decide.

## References
- https://developer.blender.org/docs/release_notes/5.0/python_api/
- https://docs.blender.org/api/5.0/change_log.html
- https://docs.blender.org/api/5.0/bpy.types.PoseBone.html#bpy.types.PoseBone.select
- https://github.com/absolute-quantum/cats-blender-plugin/blob/56a4af49de968c63577deba96053f4910f9cb775/extern_tools/mmd_tools_local/core/vpd/importer.py#L60
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import libcst as cst

from bot.models.fault import Fault
from bot.models.patch import Decision, Edit, Repair, Requirement
from bot.models.question import Question, QuestionKind
from bot.models.release import Release
from bot.rules.alternatives import chosen_already
from bot.rules.base import Context, Rule, Safety
from bot.rules.bindings import bound
from bot.rules.building import every, repair
from bot.rules.dropped import left_out
from bot.rules.guards import is_guarded, needs_bpy, whole_line
from bot.rules.inference import types_of
from bot.rules.own_names import defined_by_addon
from bot.rules.places import dotted, fault_at, walk
from bot.rules.source import Source
from bot.rules.spellings import Spot, both

NO_OBJECT = "a bone is selected through an object now, and which one cannot be told here; use its pose bone"
READ = "only bones in edit mode have ends that are selected; ask for the pose bone's select"
NO_GUARD = "older releases need the old spelling, and this place has no room for both; write it by hand"

_BONE: Final = "bpy.types.Bone"
_POSE_BONE: Final = "bpy.types.PoseBone"
_ENDS: Final = ("select_head", "select_tail")


@dataclass(frozen=True)
class _Place:
    node: cst.Attribute
    bone: str
    """The pose bone, as code; empty where it cannot be told."""
    fault: Fault | None


class BoneSelect(Rule):
    """ANI110."""

    code = "ANI110"
    name = "bone-select"
    family = "animation"
    since = Release(5, 0)
    safety = Safety.SAFE
    triggers = (".select",)
    runs_in_blender = True

    def answers(self, fault: Fault) -> bool:
        """The error the missing member raises."""
        return fault.owner == "Bone" and fault.member in ("select", *_ENDS)

    def find(self, source: Source, context: Context) -> Iterator[Repair]:
        """Every place a bone, and not an edit bone, is asked whether it is selected."""
        places = [place for node in every(source, cst.Attribute) if (place := self._place(source, context, node))]
        covered = context.covers(self.since)
        bpy = None if covered else needs_bpy(source)
        ends = {place.node: _set_alone(source, place.node) for place in places if place.node.attr.value in _ENDS}
        gone = left_out(source, context, {line: self.since for line in ends.values() if line})
        known = [place for place in places if place.bone and place.node not in ends]
        spots = [_spot(source, place) for place in known]
        edits: list[Edit | None] = both(source, spots, self.since) if not covered else [None] * len(spots)
        written = dict(zip((place.node for place in known), zip(spots, edits, strict=True), strict=True))
        for place in places:
            line = ends.get(place.node)
            if line is not None:
                yield self._repair(source, place, "leave it out", "", gone[line])
            elif place.node in ends:
                yield self._repair(source, place, "ask the pose bone", READ, ())
            elif place.node not in written:
                yield self._repair(source, place, "ask the pose bone", NO_OBJECT, ())
            else:
                spot, edit = written[place.node]
                made = spot.edits if covered else ((edit, *((bpy,) if bpy else ())) if edit else ())
                yield self._repair(source, place, "ask the pose bone", "" if made else NO_GUARD, made, not covered)

    def _repair(
        self,
        source: Source,
        place: _Place,
        title: str,
        reason: str,
        edits: tuple[Edit, ...],
        guarded: bool | None = None,
    ) -> Repair:
        name = place.node.attr.value
        asked = Question(kind=QuestionKind.MEMBER, owner=_POSE_BONE, name=name)
        return repair(
            self,
            source,
            place.node,
            f"Bone has no {name} since Blender {self.since}",
            title,
            decision=Decision.EXPLAIN if reason else Decision.REPAIR,
            reason=reason,
            edits=edits,
            question=Question(kind=QuestionKind.MEMBER, owner=_BONE, name=name),
            requires=()
            if guarded is None or reason
            else (Requirement(question=asked, since=self.since if guarded else None),),
            owner="Bone",
            member=name,
            fault=place.fault,
        )

    def _place(self, source: Source, context: Context, node: cst.Attribute) -> _Place | None:
        name = node.attr.value
        if name not in ("select", *_ENDS) or _is_called(source, node):
            return None
        fault = fault_at(source, node, context, rf"'Bone' object has no attribute '{name}'")
        of_pose = _pose_bone(source, context, node.value)
        found = of_pose or _through_object(source, node.value)
        if not found and fault is None and types_of(source).of(node.value) != _BONE:
            return None
        if fault is not None and types_of(source).of(node.value) not in (None, _BONE):
            return None
        releases = [release for release in context.targets if release >= self.since]
        if is_guarded(source, node, releases, names=(name,), seen=fault is not None):
            return None
        bare = found.removesuffix(".bone")
        if chosen_already(source, node, lambda other: _says(source, other, name, bare)):
            return None
        return _Place(node, found, fault)


def _is_called(source: Source, node: cst.Attribute) -> bool:
    call = source.parent(node)
    return isinstance(call, cst.Call) and call.func is node


def _says(source: Source, node: cst.CSTNode, name: str, holder: str) -> bool:
    return isinstance(node, cst.Attribute) and node.attr.value == name and source.code(node.value) == holder


def _spot(source: Source, place: _Place) -> Spot:
    edit = Edit(start=source.start(place.node), end=source.end(place.node), text=f"{place.bone}.select")
    parent = source.parent(place.node)
    written = isinstance(parent, cst.AssignTarget | cst.AugAssign | cst.Del) or (
        isinstance(parent, cst.Element) and _is_target(source, parent)
    )
    return Spot(place.node, (edit,), whole=written)


def _is_target(source: Source, element: cst.Element) -> bool:
    display = source.parent(element)
    return display is not None and isinstance(source.parent(display), cst.AssignTarget)


def _set_alone(source: Source, node: cst.Attribute) -> cst.SimpleStatementLine | None:
    """The line that sets a member and does nothing else."""
    target = source.parent(node)
    assign = source.parent(target) if isinstance(target, cst.AssignTarget) else None
    if not isinstance(assign, cst.Assign) or len(assign.targets) != 1:
        return None
    if not isinstance(assign.value, cst.Name | cst.Attribute | cst.Integer):
        return None
    return whole_line(source, assign)


def _pose_bone(source: Source, context: Context, node: cst.BaseExpression) -> str:
    """`pb` of `pb.bone`; empty where it is none, or may be something of the add-on's own."""
    if not (isinstance(node, cst.Attribute) and node.attr.value == "bone"):
        return ""
    held = node.value
    known = types_of(source).of(held)
    if known is None and isinstance(held, cst.Name) and held.value in ("self", "cls", "context"):
        return ""
    if known is None and defined_by_addon(source, context, "bone"):
        return ""
    return source.code(held) if known in (None, _POSE_BONE) else ""


def _through_object(source: Source, node: cst.BaseExpression) -> str:
    """The pose bone of `ob.data.bones["Root"]`, or of a name for bones of `ob.data.bones`; empty elsewhere."""
    match node:
        case cst.Subscript(value=bones):
            owner = _object_of(source, bones)
            return f"{owner}.pose.bones{source.text[source.end(bones) : source.end(node)]}" if owner else ""
        case cst.Call(func=cst.Attribute(value=bones, attr=cst.Name("get"))):
            owner = _object_of(source, bones)
            return f"{owner}.pose.bones{source.text[source.end(bones) : source.end(node)]}" if owner else ""
        case cst.Attribute(value=bones, attr=cst.Name("active")):
            owner = _object_of(source, bones)
            return f"{owner}.pose.bones[{source.code(node)}.name]" if owner else ""
        case cst.Name():
            over = _looped_over(source, node)
            owner = _object_of(source, over) if over is not None else _object_behind(source, node)
            return f"{owner}.pose.bones[{node.value}.name]" if owner else ""
    return ""


def _object_behind(source: Source, name: cst.Name) -> str:
    """`ob` where all that is assigned to a name is a bone of `ob.data.bones`, and `ob` stays what it is."""
    owners: set[str] = set()
    for value in bound(source, name):
        match value:
            case cst.Subscript(value=bones) | cst.Call(func=cst.Attribute(value=bones, attr=cst.Name("get"))):
                owners.add(_object_of(source, bones))
            case _:
                return ""
    owner = owners.pop() if len(owners) == 1 else ""
    rebound = sum(_assigns(node, owner.split(".")[0]) for node in every(source, cst.AssignTarget)) if owner else 0
    return owner if rebound <= 1 else ""


def _object_of(source: Source, node: cst.BaseExpression) -> str:
    """`ob` of `ob.data.bones`."""
    if not (isinstance(node, cst.Attribute) and node.attr.value == "bones"):
        return ""
    data = node.value
    if not (isinstance(data, cst.Attribute) and data.attr.value == "data"):
        return ""
    return dotted(data.value) or ""


def _looped_over(source: Source, name: cst.Name) -> cst.BaseExpression | None:
    """What the innermost loop that binds a name goes over; null where the name gets another value in it."""
    for parent in source.ancestors(name):
        if isinstance(parent, cst.For) and isinstance(parent.target, cst.Name) and parent.target.value == name.value:
            return None if any(_assigns(node, name.value) for node in walk(parent.body)) else parent.iter
        if isinstance(parent, cst.ListComp | cst.SetComp | cst.GeneratorExp | cst.DictComp):
            loop: cst.CompFor | None = parent.for_in
            while loop is not None:
                if isinstance(loop.target, cst.Name) and loop.target.value == name.value:
                    return loop.iter
                loop = loop.inner_for_in
    return None


def _assigns(node: cst.CSTNode, name: str) -> bool:
    return isinstance(node, cst.AssignTarget) and isinstance(node.target, cst.Name) and node.target.value == name
