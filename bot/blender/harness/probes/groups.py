"""Where instances of the add-on's own classes are to be had: along pointers and collections, from Blender's data on."""

from __future__ import annotations

import contextlib
from collections import deque
from typing import Any

import bpy

from bot.blender.harness.code.belongings import Added
from bot.blender.harness.code.classes import registered_name
from bot.blender.harness.probes.owners import Owner, owner_of
from bot.blender.harness.scene.situations import CUBE


def owners_of_classes(classes: list[type], added: frozenset[Added]) -> dict[str, Owner]:
    """By the name of a class, the nearest instance of it; `added` are the properties of Blender's types."""
    found: dict[str, Owner] = {}
    wanted = {registered_name(cls): cls for cls in classes if issubclass(cls, bpy.types.PropertyGroup)}
    pending: deque[tuple[Owner, Any]] = deque()
    for cls in classes:
        if issubclass(cls, bpy.types.AddonPreferences):
            name = str(getattr(cls, "bl_idname", ""))
            owner = Owner(CUBE, (), f"bpy.context.preferences.addons[{name!r}].preferences")
            found[registered_name(cls)] = owner
            pending.append((owner, cls))
    for holder, name in sorted(added):
        prop = getattr(bpy.types, holder).bl_rna.properties.get(name)
        owner_found = owner_of(holder) if prop is not None and prop.type in ("POINTER", "COLLECTION") else None
        if owner_found is not None:
            _follow(prop, owner_found, wanted, found, pending)
    while pending:
        owner, cls = pending.popleft()
        for prop in cls.bl_rna.properties:
            _follow(prop, owner, wanted, found, pending)
    return found


def unset(added: frozenset[Added]) -> None:
    """Back to how these properties are in a new file, where the data is not made anew for every probe."""
    for holder, name in added:
        owner = owner_of(holder)
        if owner is not None and owner.situation == CUBE and not owner.lines:
            with contextlib.suppress(Exception):
                eval(owner.expression, {"bpy": bpy}).property_unset(name)  # noqa: S307  (an expression of ours)


def leads_to_group(prop: Any) -> bool:
    """Whether a property holds a group of properties of somebody's."""
    base = prop.fixed_type.base if prop.type == "POINTER" and prop.fixed_type is not None else None
    return base is not None and base.identifier == "PropertyGroup"


def _follow(prop: Any, owner: Owner, wanted: dict[str, type], found: dict[str, Owner], pending: Any) -> None:
    """Note what a property leads to, where that is a class nobody has led to yet."""
    if prop.type not in ("POINTER", "COLLECTION") or prop.fixed_type is None:
        return
    kind = prop.fixed_type.identifier
    if kind not in wanted or kind in found:
        return
    expression = f"{owner.expression}.{prop.identifier}"
    found[kind] = owner._replace(expression=expression if prop.type == "POINTER" else f"{expression}.add()")
    pending.append((found[kind], wanted[kind]))
