"""The places of renamed types."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from bot.models.question import Question, QuestionKind
from bot.rules.base import Context
from bot.rules.building import every
from bot.rules.inference import qualified
from bot.rules.places import dotted, fault_at
from bot.rules.renaming.facts import Facts, Place, TypeName
from bot.rules.renaming.guarding import guarded
from bot.rules.source import Source
from bot.rules.spellings import Spot


def type_places(facts: Facts, source: Source, context: Context) -> Iterator[Place]:
    """Every use and every import of a renamed type."""
    table = {one.old: one for one in facts.types}
    for node in every(source, cst.Attribute) if table else ():
        chosen = table.get(node.attr.value)
        if chosen is not None and qualified(source, node) == f"bpy.types.{chosen.old}":
            yield from _type_place(facts, source, context, chosen, node, node.attr, chosen.new)
    for statement in every(source, cst.ImportFrom) if table else ():
        if statement.module is None or dotted(statement.module) != "bpy.types" or statement.relative:
            continue
        for alias in statement.names if not isinstance(statement.names, cst.ImportStar) else ():
            chosen = table.get(alias.name.value) if isinstance(alias.name, cst.Name) else None
            if chosen is not None:
                new = chosen.new if alias.asname else f"{chosen.new} as {chosen.old}"
                yield from _type_place(facts, source, context, chosen, statement, alias.name, new)


def _type_place(
    facts: Facts,
    source: Source,
    context: Context,
    chosen: TypeName,
    node: cst.CSTNode,
    name: cst.CSTNode,
    new: str,
) -> Iterator[Place]:
    fault = fault_at(source, node, context, rf"no attribute '{chosen.old}'|cannot import name '{chosen.old}'")
    if guarded(facts, source, context, node, fault):
        return
    yield Place(
        Spot(node, (source.replace(name, new),), whole=isinstance(node, cst.ImportFrom)),
        f"there is no bpy.types.{chosen.old} since Blender {facts.since}",
        f"use bpy.types.{chosen.new}",
        Question(kind=QuestionKind.MEMBER, owner="bpy.types", name=chosen.old),
        "bpy.types",
        chosen.old,
        Question(kind=QuestionKind.MEMBER, owner="bpy.types", name=chosen.new),
        fault,
    )
