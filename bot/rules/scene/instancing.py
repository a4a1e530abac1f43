"""What was duplicated is instanced

## What it does

Rewrites the members of objects that show copies of others: `dupli_type` to `instance_type` (and its
item `GROUP` to `COLLECTION`), `dupli_group` to `instance_collection`, `use_dupli_faces_scale` to
`use_instance_faces_scale`, and their kin.

## Why it breaks

Blender 2.80 renamed them; using an old name raises an `AttributeError`. Instances over frames and
the list of copies an object keeps are gone.

## Example

```python
import bpy


def place(context, source):
    ob = bpy.data.objects.new("Copy", None)
    ob.dupli_type = "GROUP"
    ob.dupli_group = source
    if ob.dupli_type == "GROUP" and ob.dupli_group:
        ob.dupli_faces_scale = 2.0
    return ob.is_duplicator


place(bpy.context, None)
```

Use instead:

```python
import bpy


def place(context, source):
    ob = bpy.data.objects.new("Copy", None)
    ob.instance_type = "COLLECTION"
    ob.instance_collection = source
    if ob.instance_type == "COLLECTION" and ob.instance_collection:
        ob.instance_faces_scale = 2.0
    return ob.is_instancer


place(bpy.context, None)
```

## Left alone

```python
import bpy


class Settings(bpy.types.PropertyGroup):
    dupli_type: bpy.props.StringProperty()


def place(settings, ob):
    settings.dupli_type = "GROUP"
    if hasattr(ob, "dupli_type"):
        ob.dupli_type = "GROUP"
    ob.dupli_list_create(bpy.context.scene)
    for copy in ob.dupli_list:
        print(copy.matrix)
```

## Fix safety

Safe: they are the same values under other names. `dupli_list` is explained only: its successor,
`Depsgraph.object_instances`, holds the instances of all objects, each for one step of a loop.

## References

- https://developer.blender.org/docs/release_notes/2.80/python_api/scene_and_object_api/
- https://docs.blender.org/api/current/bpy.types.Object.html#bpy.types.Object.instance_type
- https://github.com/TheDuckCow/MCprep/blob/25fcebfb2061fdcc135c3d5b44961db35a45d129/MCprep_addon/util.py#L332
"""

from __future__ import annotations

from typing import Final

from bot.models.release import Release
from bot.rules.renames import Member, Operator, Renames

OBJECT: Final = "bpy.types.Object"
PARTICLES: Final = "bpy.types.ParticleSettings"

NO_FRAMES = "Blender has had no instances over frames since 2.80; animate copies of the object instead"
NO_LIST = (
    "loop over context.evaluated_depsgraph_get().object_instances and take those that are instances "
    "of this object (is_instance, parent.original)"
)
_FRAMES: Final = ("dupli_frames_start", "dupli_frames_end", "dupli_frames_on", "dupli_frames_off")
_LIST: Final = ("dupli_list", "dupli_list_create", "dupli_list_clear")


class Instancing(Renames):
    """`ob.dupli_type` becomes `ob.instance_type`."""

    code = "SCN112"
    name = "instancing"
    family = "scene"
    since = Release(2, 80)
    triggers = ("dupli",)
    runs_in_blender = True
    members = (
        Member(
            OBJECT,
            "dupli_type",
            "instance_type",
            unique=True,
            values={"GROUP": "COLLECTION"},
            gone=frozenset({"FRAMES"}),
            reason=NO_FRAMES,
        ),
        Member(OBJECT, "dupli_group", "instance_collection", also=(PARTICLES,), unique=True),
        Member(OBJECT, "dupli_faces_scale", "instance_faces_scale", unique=True),
        Member(OBJECT, "use_dupli_faces_scale", "use_instance_faces_scale", unique=True),
        Member(OBJECT, "use_dupli_vertices_rotation", "use_instance_vertices_rotation", unique=True),
        Member(OBJECT, "is_duplicator", "is_instancer", unique=True),
        Member(PARTICLES, "dupli_object", "instance_object", unique=True),
        Member("bpy.types.Collection", "dupli_offset", "instance_offset", former=("bpy.types.Group",), unique=True),
        Member(PARTICLES, "use_global_dupli", "use_global_instance", unique=True),
        Member(PARTICLES, "use_rotation_dupli", "use_rotation_instance", unique=True),
        Member(PARTICLES, "use_scale_dupli", "use_scale_instance", unique=True),
        *(Member(OBJECT, old, unique=True, reason=NO_FRAMES) for old in (*_FRAMES, "use_dupli_frames_speed")),
        *(Member(OBJECT, old, unique=True, reason=NO_LIST) for old in _LIST),
    )
    operators = (Operator("object.dupli_offset_from_cursor", "object.instance_offset_from_cursor"),)
