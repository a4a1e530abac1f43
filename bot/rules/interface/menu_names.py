"""Menus that got other names in Blender 2.80.

## What it does
Uses the new names of Blender's own menus, which add-ons append their entries to: `TOPBAR_MT_file_import`
for `INFO_MT_file_import`, `VIEW3D_MT_mesh_add` for `INFO_MT_mesh_add`, and the context menus that were
called *specials*.

## Why it breaks
The Info editor lost its menus to the top bar and the 3D viewport in 2.80, and the specials became
context menus. `bpy.types` no longer has the old names, so registering fails half-way.

## Example
```python
import bpy


def entry(self, context):
    self.layout.operator("mesh.primitive_cube_add")


def register():
    bpy.types.INFO_MT_mesh_add.append(entry)
    bpy.types.VIEW3D_MT_object_specials.append(entry)


def unregister():
    bpy.types.VIEW3D_MT_object_specials.remove(entry)
    bpy.types.INFO_MT_mesh_add.remove(entry)
```

Use instead:
```python
import bpy


def entry(self, context):
    self.layout.operator("mesh.primitive_cube_add")


def register():
    bpy.types.VIEW3D_MT_mesh_add.append(entry)
    bpy.types.VIEW3D_MT_object_context_menu.append(entry)


def unregister():
    bpy.types.VIEW3D_MT_object_context_menu.remove(entry)
    bpy.types.VIEW3D_MT_mesh_add.remove(entry)
```

## Left alone
Code that already asks, and menus that are there.
```python
import bpy


def register(entry):
    if hasattr(bpy.types, "INFO_MT_mesh_add"):
        bpy.types.INFO_MT_mesh_add.append(entry)
    else:
        bpy.types.VIEW3D_MT_mesh_add.append(entry)
    bpy.types.VIEW3D_MT_object.append(entry)
```

## Fix safety
Safe: the menus are the same ones under other names, in every release from 2.80 on.

## References
- https://developer.blender.org/docs/release_notes/2.80/python_api/ui_api/
- https://docs.blender.org/api/4.5/bpy.types.Menu.html#bpy.types.Menu.append
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import libcst as cst

from bot.models.fault import Fault
from bot.models.patch import Repair, Requirement
from bot.models.question import Question, QuestionKind
from bot.models.release import Release
from bot.rules.base import Context, Rule
from bot.rules.building import every, repair
from bot.rules.guards import is_guarded
from bot.rules.inference import qualified
from bot.rules.places import fault_at
from bot.rules.source import Source

_NEW: Final = {
    "INFO_MT_add": "VIEW3D_MT_add",
    "INFO_MT_armature_add": "VIEW3D_MT_armature_add",
    "INFO_MT_curve_add": "VIEW3D_MT_curve_add",
    "INFO_MT_edit_armature_add": "TOPBAR_MT_edit_armature_add",
    "INFO_MT_edit_curve_add": "TOPBAR_MT_edit_curve_add",
    "INFO_MT_file": "TOPBAR_MT_file",
    "INFO_MT_file_export": "TOPBAR_MT_file_export",
    "INFO_MT_file_external_data": "TOPBAR_MT_file_external_data",
    "INFO_MT_file_import": "TOPBAR_MT_file_import",
    "INFO_MT_help": "TOPBAR_MT_help",
    "INFO_MT_lamp_add": "VIEW3D_MT_light_add",
    "INFO_MT_mesh_add": "VIEW3D_MT_mesh_add",
    "INFO_MT_metaball_add": "VIEW3D_MT_metaball_add",
    "INFO_MT_render": "TOPBAR_MT_render",
    "INFO_MT_surface_add": "VIEW3D_MT_surface_add",
    "INFO_MT_window": "TOPBAR_MT_window",
    "MATERIAL_MT_specials": "MATERIAL_MT_context_menu",
    "MESH_MT_shape_key_specials": "MESH_MT_shape_key_context_menu",
    "MESH_MT_vertex_group_specials": "MESH_MT_vertex_group_context_menu",
    "PARTICLE_MT_specials": "PARTICLE_MT_context_menu",
    "VIEW3D_MT_armature_specials": "VIEW3D_MT_armature_context_menu",
    "VIEW3D_MT_edit_curve_specials": "VIEW3D_MT_edit_curve_context_menu",
    "VIEW3D_MT_edit_mesh_specials": "VIEW3D_MT_edit_mesh_context_menu",
    "VIEW3D_MT_object_specials": "VIEW3D_MT_object_context_menu",
    "VIEW3D_MT_pose_specials": "VIEW3D_MT_pose_context_menu",
}
_MISSING: Final = re.compile(r"has no attribute '(\w+_MT_\w+)'")


class MenuNames(Rule):
    """UI102."""

    code = "UI102"
    name = "menu-names"
    family = "interface"
    since = Release(2, 80)
    triggers = ("INFO_MT_", "_specials")

    def answers(self, fault: Fault) -> bool:
        """The AttributeError of a menu that is not there."""
        match = _MISSING.search(fault.message)
        return match is not None and match[1] in _NEW

    def find(self, source: Source, context: Context) -> Iterator[Repair]:
        """Every menu named through `bpy.types` by its old name."""
        for node in every(source, cst.Attribute):
            old = node.attr.value
            if old not in _NEW or qualified(source, node) != f"bpy.types.{old}":
                continue
            fault = fault_at(source, node, context, f"has no attribute '{old}'")
            if is_guarded(source, node, names=(old,), seen=fault is not None):
                continue
            new = _NEW[old]
            yield repair(
                self,
                source,
                node,
                f"there is no menu {old}",
                f"use {new}",
                edits=(source.replace(node.attr, new),),
                question=Question(kind=QuestionKind.MEMBER, owner="bpy.types", name=old),
                requires=(Requirement(question=Question(kind=QuestionKind.MEMBER, owner="bpy.types", name=new)),),
                owner="bpy.types",
                member=old,
                fault=fault,
            )
