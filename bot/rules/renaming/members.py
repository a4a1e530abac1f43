"""The places of renamed members."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import libcst as cst

from bot.models.fault import Fault
from bot.models.patch import Edit
from bot.models.question import Question, QuestionKind
from bot.rules.base import Context
from bot.rules.inference import types_of
from bot.rules.literals import respelled, said, values_of
from bot.rules.renaming.facts import Facts, Member, Place, short
from bot.rules.renaming.guarding import guarded
from bot.rules.renaming.meant import Found, is_meant, named_owner
from bot.rules.renaming.naming import in_attributes, in_strings
from bot.rules.source import Source
from bot.rules.spellings import Spot

Along = Callable[[Source, Member, cst.BaseExpression], tuple[tuple[Edit, ...], str]]
"""What else changes where a member stands, and why a person must decide; see `Renames.along`."""


def member_places(facts: Facts, source: Source, context: Context, along: Along) -> Iterator[Place]:
    """Every place a renamed member stands at, in code or named by a text."""
    table = sorted(facts.members, key=lambda member: -member.old.count("."))
    claimed: set[cst.CSTNode] = set()
    for found in (*in_strings(source, table), *in_attributes(source, table)):
        if found.node in claimed:
            continue
        meant, fault = is_meant(source, context, found)
        if not meant or guarded(facts, source, context, found.node, fault):
            continue
        claimed.update(_inside(found.node, found.holder))
        yield _member_place(facts, source, found, fault, along)


def _inside(node: cst.BaseExpression, holder: cst.BaseExpression) -> Iterator[cst.CSTNode]:
    """The links of a path, from its end down to what it begins with."""
    yield node
    for parts in node.args if isinstance(node, cst.Call) else (node,):
        current: cst.CSTNode = parts.value if isinstance(parts, cst.Arg) else parts
        while isinstance(current, cst.Attribute) and current is not holder:
            yield current
            current = current.value


def _member_place(facts: Facts, source: Source, found: Found, fault: Fault | None, along: Along) -> Place:
    member = found.member
    known = types_of(source).of(found.holder)
    owner = known if known in (member.owner, *member.also) else named_owner(member, fault) or member.owner
    node, edits, reason = found.node, found.edits, "" if member.new else member.reason
    for literal in values_of(source, found.node) if member.values or member.gone else ():
        text = said(literal)
        if text in member.gone:
            reason = member.reason
        elif text in member.values:
            edits = (*edits, respelled(source, literal, member.values[text]))
    if len(edits) > len(found.edits):
        node = _comparison(source, node) or node
    more, why = along(source, member, found.node)
    edits, reason = (*edits, *more), reason or why
    first = member.old.split(".")[0]
    return Place(
        Spot(node, edits, _written(source, node)),
        f"{short(owner)} has no {member.old} since Blender {facts.since}",
        f"use {member.new}" if member.new else "write it anew",
        Question(kind=QuestionKind.MEMBER, owner=owner, name=first),
        short(owner),
        first,
        Question(kind=QuestionKind.MEMBER, owner=owner, name=member.new.split(".")[0])
        if member.new and member.documented
        else None,
        fault,
        reason,
    )


def _comparison(source: Source, node: cst.CSTNode) -> cst.Comparison | None:
    """The comparison a node is a side of."""
    for parent in source.ancestors(node):
        if not isinstance(parent, cst.ComparisonTarget):
            return parent if isinstance(parent, cst.Comparison) else None
    return None


def _written(source: Source, node: cst.CSTNode) -> bool:
    """Whether a node is (part of) a target: no expression can stand in its place."""
    child = node
    for parent in source.ancestors(node):
        if isinstance(parent, cst.AssignTarget | cst.Del):
            return True
        if isinstance(parent, cst.AugAssign | cst.AnnAssign | cst.For | cst.CompFor | cst.NamedExpr):
            return parent.target is child
        if not isinstance(parent, cst.Tuple | cst.List | cst.Element | cst.StarredElement):
            return False
        child = parent
    return False
