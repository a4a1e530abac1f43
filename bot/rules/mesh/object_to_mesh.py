"""Meshes are made of evaluated objects

## What it does

Rewrites `ob.to_mesh(scene, True, "PREVIEW")` to
`bpy.data.meshes.new_from_object(ob.evaluated_get(context.evaluated_depsgraph_get()))`, and
`bpy.data.meshes.new_from_object(scene, ob, True, "PREVIEW")` likewise. Without modifiers the object
itself is handed over.

## Why it breaks

Since Blender 2.80 modifiers are applied by the dependency graph, and neither function takes a scene
or settings; the call raises a `TypeError`. What `to_mesh` gives belongs to the object and must not be
removed; what `new_from_object` gives is a mesh of its own, as before.

## Example

```python
import bpy


def bake(context):
    scene = context.scene
    ob = context.object
    mesh = ob.to_mesh(scene, True, "PREVIEW")
    count = len(mesh.vertices)
    bpy.data.meshes.remove(mesh)
    plain = ob.to_mesh(bpy.context.scene, apply_modifiers=False, settings="PREVIEW", calc_tessface=False)
    other = bpy.data.meshes.new_from_object(scene, ob, count > 3, "PREVIEW")
    return plain, other


bake(bpy.context)
```

Use instead:

```python
import bpy


def bake(context):
    scene = context.scene
    ob = context.object
    mesh = bpy.data.meshes.new_from_object(ob.evaluated_get(context.evaluated_depsgraph_get()))
    count = len(mesh.vertices)
    bpy.data.meshes.remove(mesh)
    plain = bpy.data.meshes.new_from_object(ob)
    other = bpy.data.meshes.new_from_object(ob.evaluated_get(context.evaluated_depsgraph_get()) if count > 3 else ob)
    return plain, other


bake(bpy.context)
```

## Left alone

```python
import bmesh
import bpy


def bake(context, ob, thing):
    depsgraph = context.evaluated_depsgraph_get()
    mesh = ob.evaluated_get(depsgraph).to_mesh(preserve_all_data_layers=True, depsgraph=depsgraph)
    bm = bmesh.new()
    bm.to_mesh(mesh)
    other = bpy.data.meshes.new_from_object(ob)
    if bpy.app.version < (2, 80, 0):
        return ob.to_mesh(context.scene, True, "PREVIEW")
    return other
```

## Fix safety

Safe: it is a new mesh of the same shape, which may be removed. `"RENDER"` has no successor: modifiers
are applied as the viewport shows them. That is done only where Blender refused the call at that
place, and explained elsewhere.

## References

- https://developer.blender.org/docs/release_notes/2.80/python_api/scene_and_object_api/
- https://docs.blender.org/api/current/bpy.types.BlendDataMeshes.html#bpy.types.BlendDataMeshes.new_from_object
- https://github.com/vilemduha/blendercam/blob/edcd11f13fb5464f72089503e97cde255022aa2d/scripts/addons/cam/slice.py#L39
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

import libcst as cst

from bot.models.fault import Fault
from bot.models.patch import Decision, Edit, Repair, Requirement
from bot.models.question import Question, QuestionKind
from bot.models.release import Release
from bot.rules.base import Context, Rule
from bot.rules.building import as_test, every, plain_arguments, repair
from bot.rules.guards import is_guarded, needs_bpy
from bot.rules.inference import dotted, qualified, types_of
from bot.rules.own_names import defined_by_addon
from bot.rules.places import fault_at, text_of
from bot.rules.scene.facts import CONTEXT, OBJECT, context_behind, member
from bot.rules.source import Source

ERROR: Final = r"(to_mesh|new_from_object)\(\)"
MESHES: Final = "bpy.types.BlendDataMeshes"
OPTIONS: Final = ("scene", "apply_modifiers", "settings", "calc_tessface", "calc_undeformed")
OLD: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {"to_mesh": OPTIONS, "new_from_object": ("scene", "object", *OPTIONS[1:])}
)
"""The parameters of 2.79, in their order."""

UNDEFORMED = "undeformed coordinates are no longer to be had this way; say what the mesh is for"
UNCLEAR = "whether modifiers are applied is decided here; give the object a name of its own first"
RENDERED = (
    "modifiers can be applied as the viewport shows them only; if that will do, write "
    "bpy.data.meshes.new_from_object(ob.evaluated_get(context.evaluated_depsgraph_get()))"
)


class ObjectToMesh(Rule):
    """`ob.to_mesh(scene, True, "PREVIEW")` becomes `bpy.data.meshes.new_from_object(…)`."""

    code = "MSH112"
    name = "object-to-mesh"
    family = "mesh"
    since = Release(2, 80)
    triggers = (".to_mesh", ".new_from_object")
    runs_in_blender = True

    def find(self, source: Source, context: Context) -> Iterator[Repair]:
        """Calls with the arguments of 2.79."""
        for call in every(source, cst.Call):
            function = call.func
            if not isinstance(function, cst.Attribute) or function.attr.value not in OLD or not plain_arguments(call):
                continue
            given = _given(call, OLD[function.attr.value])
            fault = fault_at(source, call, context, ERROR)
            if given is None or not self._concerns(source, context, function, given, fault):
                continue
            if is_guarded(source, call, seen=fault is not None):
                continue
            yield self._repair(source, context, call, given, fault)

    def _concerns(
        self,
        source: Source,
        context: Context,
        function: cst.Attribute,
        given: Mapping[str, cst.BaseExpression],
        fault: Fault | None,
    ) -> bool:
        if "settings" not in given and "apply_modifiers" not in given:
            return False
        if function.attr.value == "new_from_object":
            return qualified(source, function) == "bpy.data.meshes.new_from_object"
        known = types_of(source).of(function.value)
        if known is not None:
            return known == OBJECT
        return fault is not None or not defined_by_addon(source, context, "to_mesh")

    def _repair(
        self,
        source: Source,
        context: Context,
        call: cst.Call,
        given: Mapping[str, cst.BaseExpression],
        fault: Fault | None,
    ) -> Repair:
        assert isinstance(call.func, cst.Attribute)  # noqa: S101  (see find)
        name = call.func.attr.value
        thing = given.get("object", call.func.value)
        apply = given.get("apply_modifiers")
        new, reason = _new(source, thing, apply, _depsgraph(source, call, given.get("scene")))
        if not _is_false(given.get("calc_undeformed")):
            reason = UNDEFORMED
        elif _renders(given.get("settings")) and not _is_false(apply) and fault is None:
            reason = reason or RENDERED
        edits: list[Edit] = [source.replace(call, f"bpy.data.meshes.new_from_object({new})")]
        bpy = needs_bpy(source)
        owner = OBJECT if name == "to_mesh" else MESHES
        return repair(
            self,
            source,
            call,
            f"{owner.rpartition('.')[2]}.{name} takes no scene and no settings since Blender 2.80",
            "make a mesh of the evaluated object" if not _is_false(apply) else "make a mesh of the object",
            question=_question(call, f"{owner}.{name}"),
            requires=tuple(
                Requirement(question=question)
                for question in (
                    member(MESHES, "new_from_object"),
                    *(() if _is_false(apply) else (member(OBJECT, "evaluated_get"), _GRAPH)),
                )
            )
            if not reason
            else (),
            owner=owner.rpartition(".")[2],
            member=name,
            decision=Decision.EXPLAIN if reason else Decision.REPAIR,
            reason=reason,
            edits=() if reason else (*edits, *((bpy,) if bpy else ())),
            fault=fault,
        )

    def answers(self, fault: Fault) -> bool:
        """A `TypeError` of one of the two functions."""
        return any(f"{name}()" in fault.message for name in OLD) and fault.exception in (None, "TypeError")


_GRAPH: Final = member(CONTEXT, "evaluated_depsgraph_get")


def _given(call: cst.Call, names: tuple[str, ...]) -> dict[str, cst.BaseExpression] | None:
    """The arguments by the name of their parameter in 2.79; null where that release did not take them."""
    found: dict[str, cst.BaseExpression] = {}
    for number, argument in enumerate(call.args):
        name = argument.keyword.value if argument.keyword is not None else (names[number : number + 1] or ("",))[0]
        if name not in names or name in found:
            return None
        found[name] = argument.value
    return found


def _question(call: cst.Call, function: str) -> Question:
    count = len([argument for argument in call.args if argument.keyword is None])
    if count > function.endswith("new_from_object"):
        return Question(kind=QuestionKind.POSITIONAL, owner=function, name=str(count))
    name = next(a.keyword.value for a in call.args if a.keyword is not None and a.keyword.value in OPTIONS)
    return Question(kind=QuestionKind.KEYWORD, owner=function, name=name)


def _new(
    source: Source, thing: cst.BaseExpression, apply: cst.BaseExpression | None, depsgraph: str
) -> tuple[str, str]:
    """What the new function is given, and why a person must write it."""
    text = source.code(thing)
    if _is_false(apply):
        return text, ""
    bare = thing.lpar or isinstance(thing, cst.Name | cst.Attribute | cst.Call | cst.Subscript)
    evaluated = f"{text if bare else f'({text})'}.evaluated_get({depsgraph})"
    if isinstance(apply, cst.Name) and apply.value == "True":
        return evaluated, ""
    if apply is None or dotted(thing) is None:
        return evaluated, UNCLEAR
    return f"{evaluated} if {as_test(source, apply)} else {text}", ""


def _depsgraph(source: Source, call: cst.Call, scene: cst.BaseExpression | None) -> str:
    """How the dependency graph is written at a place: the one handed over, or that of the scene's context."""
    if scene is not None and "depsgraph" in (dotted(scene) or "").rpartition(".")[2]:
        return source.code(scene)  # what the first builds of 2.80 took
    writer = context_behind(source, scene) if scene is not None else None
    return f"{writer or _nearest_context(source, call)}.evaluated_depsgraph_get()"


def _nearest_context(source: Source, call: cst.Call) -> str:
    for parent in source.ancestors(call):
        if isinstance(parent, cst.FunctionDef) and any(one.name.value == "context" for one in parent.params.params):
            return "context"
    return "bpy.context"


def _renders(settings: cst.BaseExpression | None) -> bool:
    """Whether modifiers may be wanted as they are rendered."""
    return settings is not None and text_of(settings) != "PREVIEW"


def _is_false(value: cst.BaseExpression | None) -> bool:
    return value is None or (isinstance(value, cst.Name) and value.value == "False")
