"""Where auto smooth is set: the assignments, and what else the function does with the same mesh."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import libcst as cst

from bot.models.fault import Fault
from bot.models.question import Question, QuestionKind
from bot.models.release import Release
from bot.rules.base import Context
from bot.rules.building import every
from bot.rules.guards import is_guarded, whole_line
from bot.rules.mesh.names import MESH, is_mesh_member, shading_is_explicit
from bot.rules.places import fault_at, scope_of, walk
from bot.rules.source import Source

SINCE: Final = Release(4, 1)
USE: Final = "use_auto_smooth"
ANGLE: Final = "auto_smooth_angle"
SHARP: Final = "set_sharp_from_angle"


@dataclass(frozen=True)
class Site:
    """One assignment to `mesh.use_auto_smooth` or `mesh.auto_smooth_angle`."""

    member: cst.Attribute
    value: cst.BaseExpression
    mesh: str
    line: cst.SimpleStatementLine | None
    """Null where the assignment shares its line, or assigns to several targets."""
    fault: Fault | None
    explicit: bool
    """The function sets custom normals, or marks sharp edges, itself."""

    @property
    def name(self) -> str:
        """`use_auto_smooth` or `auto_smooth_angle`."""
        return self.member.attr.value


def sites(source: Source, context: Context) -> Iterator[Site]:
    """Every assignment in the order of the text that is broken, or that a sensor may say so of."""
    releases = [release for release in context.targets if release >= SINCE]
    for node in every(source, cst.Assign):
        member = node.targets[0].target
        if not isinstance(member, cst.Attribute) or member.attr.value not in (USE, ANGLE):
            continue
        fault = fault_at(source, node, context, f"'Mesh' object has no attribute '{member.attr.value}'")
        if fault is None and not is_mesh_member(source, context, member):
            continue
        if is_guarded(source, node, releases, names=(USE, ANGLE, SHARP), seen=fault is not None):
            continue
        mesh = source.code(member.value)
        line = whole_line(source, node) if len(node.targets) == 1 else None
        yield Site(member, node.value, mesh, line, fault, shading_is_explicit(source, scope_of(source, node), mesh))


def partner(source: Source, site: Site) -> cst.SimpleStatementLine | None:
    """The line in the same block that sets the other of the two members on the same mesh."""
    if site.line is None:
        return None
    other = ANGLE if site.name == USE else USE
    block = source.parent(site.line)
    for statement in block.children if block is not None else ():
        if not isinstance(statement, cst.SimpleStatementLine) or len(statement.body) != 1:
            continue
        small = statement.body[0]
        if isinstance(small, cst.Assign) and source.code(small.targets[0].target) == f"{site.mesh}.{other}":
            return statement
    return None


def marks_sharp(source: Source, site: Site) -> bool:
    """Whether the function marks sharp edges of the mesh by angle already."""
    return any(
        isinstance(node, cst.Attribute) and node.attr.value == SHARP and source.code(node.value) == site.mesh
        for node in walk(scope_of(source, site.member))
    )


def value_of(line: cst.SimpleStatementLine) -> cst.BaseExpression | None:
    """What a line that is one assignment assigns."""
    statement = line.body[0]
    return statement.value if isinstance(statement, cst.Assign) else None


def is_false(node: cst.BaseExpression | None) -> bool:
    """A literal `False` or `0`."""
    return (isinstance(node, cst.Name) and node.value == "False") or (
        isinstance(node, cst.Integer) and node.evaluated_value == 0
    )


def is_true(node: cst.BaseExpression | None) -> bool:
    """A literal `True` or `1`."""
    return (isinstance(node, cst.Name) and node.value == "True") or (
        isinstance(node, cst.Integer) and node.evaluated_value == 1
    )


def question(name: str) -> Question:
    """Whether the mesh has the member."""
    return Question(kind=QuestionKind.MEMBER, owner=MESH, name=name)
