"""Which places a name is Blender's at: by type, by a name nothing else has, or by the fault raised there."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import libcst as cst

from bot.models.fault import Fault
from bot.models.patch import Edit
from bot.rules.base import Context
from bot.rules.building import every
from bot.rules.inference import types_of
from bot.rules.own_names import defined_by_addon, extends_blender
from bot.rules.places import dotted, fault_at, scope_of
from bot.rules.renaming.facts import Member, short
from bot.rules.source import Source

_LIBRARY: Final = "bpy_lib"
"""What `bpy.data.libraries.load` gives calls itself so."""


@dataclass(frozen=True)
class Found:
    """A name where it stands: `holder` is what it is asked of, `node` is all of it, `edits` spell it anew."""

    member: Member
    holder: cst.BaseExpression
    node: cst.BaseExpression
    edits: tuple[Edit, ...]


def is_meant(source: Source, context: Context, found: Found) -> tuple[bool, Fault | None]:
    """Whether the name is Blender's here, and the fault Blender raised at it."""
    member = found.member
    first = member.old.split(".")[0]
    if any(extends_blender(source, context, owner, first) for owner in member.owners):
        return False, None
    known = types_of(source).of(found.holder)
    if known is not None and known not in member.owners:
        return False, None
    fault = _blamed(source, context, found, known)
    if known is not None or fault is not None:
        return True, fault
    if member.library and _is_library(source, found.holder):
        return True, None
    itself = isinstance(found.holder, cst.Name) and found.holder.value in ("self", "cls")
    if not member.unique or itself or defined_by_addon(source, context, first):
        return False, None
    around = scope_of(source, found.node)
    return not (member.unless and re.search(member.unless, source.code(around))), None


def _blamed(source: Source, context: Context, found: Found, known: str | None) -> Fault | None:
    """The error of this very name: of what is not known by type, it is the only one on its lines."""
    first = found.member.old.split(".")[0]
    shorts = "|".join(re.escape(short(owner)) for owner in (*found.member.owners, _LIBRARY))
    fault = fault_at(
        source, found.node, context, rf"'(?:{shorts})' object has no attribute '{first}'|\b{first}['\"]? not found"
    )
    if fault is None or known is not None:
        return fault
    types = types_of(source)
    rivals = {
        source.code(other.value)
        for other in every(source, cst.Attribute)
        if other.attr.value == first
        and source.line(other) == source.line(found.node)
        and types.of(other.value) in (None, *found.member.owners)
    }
    return fault if len(rivals) <= 1 else None


def named_owner(member: Member, fault: Fault | None) -> str | None:
    """The one of a member's owners that an error names."""
    named = re.search(r"'(\w+)' object", fault.message) if fault else None
    return next((owner for owner in member.also if named and short(owner) == named[1]), None)


def _is_library(source: Source, node: cst.BaseExpression) -> bool:
    """Whether a name is one of the two `bpy.data.libraries.load(…)` gives in this function."""
    if not isinstance(node, cst.Name):
        return False
    scope = scope_of(source, node)
    for statement in every(source, cst.With):
        if scope_of(source, statement) is not scope:
            continue
        for item in statement.items:
            called = item.item.func if isinstance(item.item, cst.Call) else None
            if called is None or not (dotted(called) or "").endswith("libraries.load") or item.asname is None:
                continue
            given = item.asname.name
            names = [part.value for part in given.elements] if isinstance(given, cst.Tuple) else [given]
            if any(isinstance(name, cst.Name) and name.value == node.value for name in names):
                return True
    return False
