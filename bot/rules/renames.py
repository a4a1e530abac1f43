"""Rules that are a table: members, operators, keywords and types that got another name.

    class DisplayType(Renames):
        code, name, family, since = "SCN107", "display-type", "scene", Release(2, 80)
        triggers = ("draw_type",)
        members = (Member("bpy.types.Object", "draw_type", "display_type", unique=True),)

A place is meant where the type of what stands before the name is known, where the name is one that
no other type of Blender ever had and the add-on does not define, or where Blender raised the fault
at that very place. Everything else is left alone. The names are found in attributes (read, written,
deleted), in `getattr`, `setattr` and `delattr`, in the strings layouts, key frames and drivers take,
in calls of operators and in strings that name operators.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import ClassVar

import libcst as cst

from bot.models.fault import Fault
from bot.models.patch import Decision, Edit, Repair, Requirement
from bot.rules.base import Context, Rule
from bot.rules.building import repair
from bot.rules.guards import needs_bpy, whole_line
from bot.rules.renaming.calls import keyword_places, operator_places
from bot.rules.renaming.facts import Facts, Keyword, Member, Operator, TypeName, short
from bot.rules.renaming.members import member_places
from bot.rules.renaming.type_names import type_places
from bot.rules.source import Source
from bot.rules.spellings import Spot, both

__all__ = ["Keyword", "Member", "Operator", "Renames", "TypeName"]

NO_GUARD = "older releases need the old spelling, and this place has no room for both; write it by hand"


class Renames(Rule):
    """A rule whose facts are renamed things; see the module."""

    members: ClassVar[tuple[Member, ...]] = ()
    operators: ClassVar[tuple[Operator, ...]] = ()
    keywords: ClassVar[tuple[Keyword, ...]] = ()
    types: ClassVar[tuple[TypeName, ...]] = ()

    def find(self, source: Source, context: Context) -> Iterator[Repair]:
        """Every place one of the old names stands at."""
        facts = Facts(self.since, self.until, self.members, self.operators, self.keywords, self.types)
        places = [
            *member_places(facts, source, context, self.along),
            *operator_places(facts, source, context),
            *keyword_places(facts, source, context),
            *type_places(facts, source, context),
        ]
        places.sort(key=lambda place: source.start(place.spot.node))
        covered = context.covers(self.since)
        guarded: list[Edit | None] = []
        if not covered:
            places = [replace(place, reason=place.reason or _why_not(source, place.spot)) for place in places]
            guarded = both(source, [place.spot for place in places if not place.reason], self.since, self.until)
        later = iter(guarded)
        bpy = None if covered else needs_bpy(source)
        for place in places:
            reason, edits = place.reason, place.spot.edits
            if not reason and not covered:
                edit = next(later)
                edits, reason = ((edit,), "") if edit else ((), NO_GUARD)
                edits = (*edits, bpy) if edits and bpy else edits
            yield repair(
                self,
                source,
                place.spot.node,
                place.message,
                place.title,
                decision=Decision.EXPLAIN if reason else Decision.REPAIR,
                reason=reason,
                edits=() if reason else edits,
                question=place.question,
                requires=()
                if reason or place.requires is None
                else (Requirement(question=place.requires, since=None if covered else self.since, until=self.until),),
                owner=place.owner,
                member=place.member,
                fault=place.fault,
            )

    def along(self, source: Source, member: Member, node: cst.BaseExpression) -> tuple[tuple[Edit, ...], str]:
        """What else changes where a member stands, and why a person must decide (empty: nobody must)."""
        return (), ""

    def answers(self, fault: Fault) -> bool:
        """An error that says one of the old names is missing from one of its owners."""
        if any(fault.member == one.old for one in self.types) and fault.owner in (None, "bpy.types"):
            return True
        for one in self.members:
            if fault.member == one.old.split(".")[0] and fault.owner in (None, *map(short, one.owners)):
                return True
        for operator in self.operators:
            if f"BPY_OPS_{operator.old}".lower() in fault.message.lower().replace("bpy.ops.", "bpy_ops_"):
                return True
            if re.search(rf"{operator.old.split('.')[1]}\b.*could not be found", fault.message):
                return True
        return False


def _why_not(source: Source, spot: Spot) -> str:
    """Why two spellings cannot stand here: what is edited reaches beyond what can be written twice."""
    node = whole_line(source, spot.node) or spot.node
    start, end = source.start(node), source.end(node)
    return "" if all(start <= edit.start and edit.end <= end for edit in spot.edits) else NO_GUARD
