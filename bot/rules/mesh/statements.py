"""Calls of mesh methods that have nothing to do any more: the statement is dropped."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

import libcst as cst

from bot.models.fault import Fault
from bot.models.patch import Decision, Edit, Repair
from bot.models.question import Question, QuestionKind
from bot.rules.base import Context, Rule
from bot.rules.building import every, repair
from bot.rules.guards import dropped_statement, is_guarded, needs_bpy, whole_line
from bot.rules.mesh.names import MESH, is_mesh_member
from bot.rules.places import fault_at
from bot.rules.source import Source

USED = "its result is used, or it shares its line with other code; take the call out by hand"


class DroppedMeshCall(Rule):
    """A method of `Mesh` that is gone because Blender does its work by itself."""

    methods: ClassVar[frozenset[str]]

    def answers(self, fault: Fault) -> bool:
        """The error a missing method raises."""
        return fault.exception == "AttributeError" and fault.owner == "Mesh" and fault.member in self.methods

    def find(self, source: Source, context: Context) -> Iterator[Repair]:
        """Every call of such a method."""
        releases = [release for release in context.targets if release >= self.since]
        for call in every(source, cst.Call):
            method = call.func
            if not isinstance(method, cst.Attribute) or method.attr.value not in self.methods:
                continue
            name = method.attr.value
            fault = fault_at(source, call, context, f"'Mesh' object has no attribute '{name}'")
            if fault is None and not is_mesh_member(source, context, method):
                continue
            if is_guarded(source, call, releases, names=(name,), seen=fault is not None):
                continue
            line = whole_line(source, call)
            if line is not None and not (isinstance(line.body[0], cst.Expr) and line.body[0].value is call):
                line = None
            edits: tuple[Edit, ...] = ()
            if line is not None:
                covered = context.covers(self.since)
                bpy = None if covered else needs_bpy(source)
                edits = (dropped_statement(source, line, self.since, covered=covered), *((bpy,) if bpy else ()))
            yield repair(
                self,
                source,
                call,
                f"Mesh has no {name}()",
                "leave the call out",
                decision=Decision.REPAIR if line else Decision.LEAVE,
                reason="" if line else USED,
                edits=edits,
                question=Question(kind=QuestionKind.MEMBER, owner=MESH, name=name),
                owner="Mesh",
                member=name,
                fault=fault,
            )
