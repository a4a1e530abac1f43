"""Objects are linked to collections, not to scenes

## What it does

Rewrites `scene.objects.link(ob)` so that the object is linked to a collection: the active one where
the scene is the context's, the scene's own one anywhere else. `scene.objects.unlink(ob)` becomes a
loop that takes the object out of every collection it is in.

## Why it breaks

Since Blender 2.80 objects live in collections. `Scene.objects` is a read-only view of all of them
and has neither `link` nor `unlink`; the call raises an `AttributeError`.

## Example

```python
import bpy


def add(context, mesh):
    scene = bpy.context.scene
    ob = bpy.data.objects.new("Thing", mesh)
    context.scene.objects.link(ob)
    other = bpy.data.objects.new("Other", mesh)
    scene.objects.link(other)
    scene.objects.unlink(ob)
    bpy.data.objects.remove(ob)


add(bpy.context, None)
```

Use instead:

```python
import bpy


def add(context, mesh):
    scene = bpy.context.scene
    ob = bpy.data.objects.new("Thing", mesh)
    context.collection.objects.link(ob)
    other = bpy.data.objects.new("Other", mesh)
    scene.collection.objects.link(other)
    for collection in ob.users_collection:
        collection.objects.unlink(ob)
    bpy.data.objects.remove(ob)


add(bpy.context, None)
```

## Left alone

```python
import bpy


def add(context, group, ob, mine):
    context.collection.objects.link(ob)
    bpy.context.scene.collection.objects.unlink(ob)
    group.objects.link(ob)
    mine.scene.objects.link(ob)
    for one in context.scene.objects:
        print(one)
    if bpy.app.version < (2, 80, 0):
        bpy.context.scene.objects.link(ob)
```

## Fix safety

Safe: the object is in the scene afterwards, or in no collection any more, as before. Calls whose
result is used (2.79 returned an object base) are left to a person.

## References

- https://docs.blender.org/api/current/bpy.types.CollectionObjects.html
- https://developer.blender.org/docs/release_notes/2.80/python_api/scene_and_object_api/
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import libcst as cst

from bot.models.fault import Fault
from bot.models.patch import Decision, Edit, Repair, Requirement
from bot.models.release import Release
from bot.rules.base import Context, Rule
from bot.rules.building import every, plain_arguments, repair
from bot.rules.guards import is_guarded, under, whole_line
from bot.rules.inference import dotted
from bot.rules.places import fault_at, scope_of, walk
from bot.rules.scene.facts import is_scene_objects, member, needs, scene_of_context
from bot.rules.source import Source

METHODS: Final = frozenset(("link", "unlink"))
ERROR: Final = r"bpy_prop_collection'? ?(object has no|: )attribute ['\"](un)?link['\"]|bpy_prop_collection.*attribute"

RESULT_USED = "the result, an object base, is used; Blender has had no bases since 2.80"
UNCLEAR_UNLINK = "write a loop over the object's users_collection here; it needs a line of its own and a plain name"


class SceneObjectsLink(Rule):
    """`scene.objects.link(ob)` becomes `collection.objects.link(ob)`."""

    code = "SCN101"
    name = "scene-objects-link"
    family = "scene"
    since = Release(2, 80)
    triggers = (".link", ".unlink")
    runs_in_blender = True

    def find(self, source: Source, context: Context) -> Iterator[Repair]:
        """Calls of `link` and `unlink` on the objects of a scene."""
        for call in every(source, cst.Call):
            function = call.func
            if not isinstance(function, cst.Attribute) or function.attr.value not in METHODS:
                continue
            objects = function.value
            if not isinstance(objects, cst.Attribute) or not is_scene_objects(source, objects, context, ERROR):
                continue
            if (
                len(call.args) != 1
                or not plain_arguments(call)
                or is_guarded(source, call, seen=fault_at(source, call, context, ERROR) is not None)
            ):
                continue
            if function.attr.value == "link":
                yield self._link(source, call, objects, context)
            else:
                yield self._unlink(source, call, context)

    def _link(self, source: Source, call: cst.Call, objects: cst.Attribute, context: Context) -> Repair:
        if not isinstance(source.parent(call), cst.Expr):
            return self._place(source, call, context, reason=RESULT_USED)
        scene = objects.value
        writer = scene_of_context(source, scene)
        if writer is None:
            edit = source.replace(objects, f"{source.code(scene)}.collection.objects")
            required = needs("bpy.types.Scene", "collection")
        else:
            edit = source.replace(scene, f"{writer}.collection")
            required = needs("bpy.types.Context", "collection")
        return self._place(source, call, context, edits=(edit,), requires=required)

    def _unlink(self, source: Source, call: cst.Call, context: Context) -> Repair:
        line = whole_line(source, call)
        linked = call.args[0].value
        if line is None or dotted(linked) is None or not isinstance(source.parent(call), cst.Expr):
            return self._place(source, call, context, reason=UNCLEAR_UNLINK)
        text = source.code(linked)
        loop = _free_name(source, call)
        new = under(source, line, f"for {loop} in {text}.users_collection:", f"{loop}.objects.unlink({text})")
        edit = Edit(start=source.start(line.body[0]), end=source.end(line.body[0]), text=new)
        return self._place(source, call, context, edits=(edit,), requires=needs("bpy.types.Object", "users_collection"))

    def _place(
        self,
        source: Source,
        call: cst.Call,
        context: Context,
        *,
        edits: tuple[Edit, ...] = (),
        requires: tuple[Requirement, ...] = (),
        reason: str = "",
    ) -> Repair:
        assert isinstance(call.func, cst.Attribute)  # noqa: S101  (see find)
        method = call.func.attr.value
        return repair(
            self,
            source,
            call,
            f"Scene.objects has no {method} since Blender 2.80",
            "link it to a collection" if method == "link" else "take it out of its collections",
            question=member("bpy.types.SceneObjects", method),
            owner="SceneObjects",
            member=method,
            fault=fault_at(source, call, context, ERROR),
            decision=Decision.EXPLAIN if reason else Decision.REPAIR,
            reason=reason,
            edits=edits,
            requires=requires,
        )

    def answers(self, fault: Fault) -> bool:
        """`link` or `unlink` missing on a collection property."""
        return fault.member in METHODS and "bpy_prop_collection" in (fault.owner or fault.message)


def _free_name(source: Source, node: cst.CSTNode) -> str:
    """A loop variable nothing else in the function is called."""
    scope = scope_of(source, node)
    used = {name.value for name in walk(scope) if isinstance(name, cst.Name)}
    for name in ("collection", "users_collection", "linked_collection"):
        if name not in used:
            return name
    return next(f"collection_{n}" for n in range(1, 1000) if f"collection_{n}" not in used)
