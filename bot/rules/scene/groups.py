"""Groups are collections

## What it does

Rewrites `bpy.data.groups` to `bpy.data.collections`, `ob.users_group` to `ob.users_collection`,
`bpy.types.Group` to `bpy.types.Collection`, and the operators of groups to those of collections.

## Why it breaks

Blender 2.80 made collections of groups; the old names are gone and raise an `AttributeError`.

## Example

```python
import bpy


def collect(context, ob):
    group = bpy.data.groups.get("Trees")
    if group is None:
        group = bpy.data.groups.new("Trees")
    group.objects.link(ob)
    bpy.ops.object.group_instance_add(group=group.name)
    return len(ob.users_group)


collect(bpy.context, bpy.data.objects.new("Tree", None))
```

Use instead:

```python
import bpy


def collect(context, ob):
    group = bpy.data.collections.get("Trees")
    if group is None:
        group = bpy.data.collections.new("Trees")
    group.objects.link(ob)
    bpy.ops.object.collection_instance_add(collection=group.name)
    return len(ob.users_collection)


collect(bpy.context, bpy.data.objects.new("Tree", None))
```

## Left alone

The groups of actions and vertices, and the add-on's own.

```python
import bpy


class Settings(bpy.types.PropertyGroup):
    groups: bpy.props.StringProperty()


def collect(context, action, settings):
    for group in action.groups:
        print(group)
    for vertex in context.object.data.vertices:
        print(vertex.groups)
    settings.groups = "all"
    if hasattr(bpy.data, "groups"):
        return bpy.data.groups
    return bpy.data.collections
```

## Fix safety

Safe: what was a group is a collection that is linked to no scene. An object's collections are also
those it is in the scene by, which 2.79 had no groups for: `users_collection` is seldom empty.

## References

- https://developer.blender.org/docs/release_notes/2.80/python_api/
- https://docs.blender.org/api/current/bpy.types.BlendData.html#bpy.types.BlendData.collections
- https://github.com/vilemduha/blendercam/blob/edcd11f13fb5464f72089503e97cde255022aa2d/scripts/addons/cam/simple.py#L103
"""

from __future__ import annotations

from bot.models.release import Release
from bot.rules.renames import Member, Operator, Renames, TypeName

_OPERATORS = (
    ("group.create", "collection.create"),
    ("group.objects_add_active", "collection.objects_add_active"),
    ("group.objects_remove", "collection.objects_remove"),
    ("group.objects_remove_active", "collection.objects_remove_active"),
    ("group.objects_remove_all", "collection.objects_remove_all"),
    ("object.group_add", "object.collection_add"),
    ("object.group_instance_add", "object.collection_instance_add"),
    ("object.group_link", "object.collection_link"),
    ("object.group_remove", "object.collection_remove"),
    ("object.group_unlink", "object.collection_unlink"),
    ("object.grouped_select", "object.collection_objects_select"),
    ("object.select_same_group", "object.select_same_collection"),
)


class Groups(Renames):
    """`bpy.data.groups` becomes `bpy.data.collections`."""

    code = "SCN113"
    name = "groups-to-collections"
    family = "scene"
    since = Release(2, 80)
    triggers = (
        ".groups",
        '"groups"',
        "'groups'",
        "users_group",
        "types.Group",
        "import Group",
        *(old for old, _ in _OPERATORS),
    )
    runs_in_blender = True
    members = (
        Member("bpy.types.BlendData", "groups", "collections", library=True),
        Member("bpy.types.Object", "users_group", "users_collection", unique=True),
    )
    operators = tuple(Operator(old, new, {"group": "collection"}) for old, new in _OPERATORS)
    types = (TypeName("Group", "Collection"),)
