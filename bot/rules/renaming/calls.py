"""The places of renamed operators and of keywords that were renamed alone."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import Final

import libcst as cst

from bot.models.fault import Fault
from bot.models.question import Question, QuestionKind
from bot.rules.base import Context
from bot.rules.building import every
from bot.rules.inference import qualified
from bot.rules.literals import respelled
from bot.rules.places import fault_at, text_of
from bot.rules.renaming.facts import Facts, Operator, Place
from bot.rules.renaming.guarding import guarded
from bot.rules.renaming.naming import keyword
from bot.rules.source import Source
from bot.rules.spellings import Spot

_TAKES_OPERATOR: Final = frozenset(("operator", "operator_enum", "operator_menu_enum", "operator_menu_hold"))
"""Functions of layouts that take the name of an operator first."""


def operator_places(facts: Facts, source: Source, context: Context) -> Iterator[Place]:
    """Every call of a renamed operator, and every text that names one to a function of Blender."""
    table = {one.old: one for one in facts.operators}
    lasts = {old.partition(".")[2] for old in table}
    for call in every(source, cst.Call) if table else ():
        name = _operator(source, call, lasts)
        if name in table and isinstance(call.func, cst.Attribute):
            chosen, spot = table[name], _called_operator(source, call, call.func, table[name])
            reason = chosen.reason if any(text_of(one.value) in chosen.gone for one in call.args) else ""
        else:
            text = _operator_text(source, call)
            if text is None or (text_of(text) or "") not in table:
                continue
            chosen = table[text_of(text) or ""]
            spot, reason = Spot(text, (respelled(source, text, chosen.new),)), ""
        fault = fault_at(source, call, context, rf"{re.escape(chosen.old.split('.')[1])}\b.*could not be found")
        if not guarded(facts, source, context, call, fault):
            yield replace(_operator_place(facts, chosen, spot, fault), reason=reason)


def _operator(source: Source, call: cst.Call, lasts: Collection[str]) -> str:
    """`mesh.bevel` for a call of that operator whose last word is one of `lasts`; else empty."""
    function = call.func
    if not isinstance(function, cst.Attribute) or function.attr.value not in lasts:
        return ""  # asking for types costs a walk through the file
    name = qualified(source, function) or ""
    return name.removeprefix("bpy.ops.") if name.startswith("bpy.ops.") else ""


def _operator_place(facts: Facts, chosen: Operator, spot: Spot, fault: Fault | None) -> Place:
    module, old = chosen.old.split(".")
    into, new = chosen.new.split(".")
    return Place(
        spot,
        f"there is no operator {chosen.old} since Blender {facts.since}",
        f"use {chosen.new}",
        Question(kind=QuestionKind.MEMBER, owner=f"bpy.ops.{module}", name=old),
        f"bpy.ops.{module}",
        old,
        Question(kind=QuestionKind.MEMBER, owner=f"bpy.ops.{into}", name=new),
        fault,
    )


def _called_operator(source: Source, call: cst.Call, function: cst.Attribute, chosen: Operator) -> Spot:
    into, new = chosen.new.split(".")
    edits = [source.replace(function.attr, new)]
    if into != chosen.old.split(".")[0]:
        if isinstance(function.value, cst.Attribute):
            edits.append(source.replace(function.value.attr, into))
        else:
            edits.append(source.replace(function.value, f"bpy.ops.{into}"))
    for argument in call.args:
        if argument.keyword is not None and argument.keyword.value in chosen.keywords:
            edits.append(source.replace(argument.keyword, chosen.keywords[argument.keyword.value]))
    return Spot(call, tuple(edits))


def _operator_text(source: Source, call: cst.Call) -> cst.SimpleString | None:
    """The literal that names an operator: `layout.operator("object.lamp_add")`, `keymap_items.new("…", …)`."""
    function = call.func
    if not isinstance(function, cst.Attribute) or not call.args:
        return None
    first = call.args[0]
    if not isinstance(first.value, cst.SimpleString) or first.star:
        return None
    if first.keyword is not None and first.keyword.value not in ("operator", "idname"):
        return None
    if function.attr.value in _TAKES_OPERATOR:
        return first.value
    holder = function.value
    items = isinstance(holder, cst.Attribute) and holder.attr.value == "keymap_items"
    return first.value if items or function.attr.value == "find_item_from_operator" else None


def keyword_places(facts: Facts, source: Source, context: Context) -> Iterator[Place]:
    """Every keyword of an operator that was renamed alone."""
    table = {(one.operator, one.old): one for one in facts.keywords}
    lasts = {operator.partition(".")[2] for operator, _ in table}
    for call in every(source, cst.Call) if table else ():
        name = _operator(source, call, lasts)
        for argument in call.args:
            chosen = table.get((name, argument.keyword.value)) if argument.keyword is not None else None
            if chosen is None or argument.keyword is None or keyword(call, chosen.new) is not None:
                continue
            fault = fault_at(source, call, context, rf"keyword \"{re.escape(chosen.old)}\" unrecognized")
            if guarded(facts, source, context, call, fault):
                continue
            owner = f"bpy.ops.{chosen.operator}"
            yield Place(
                Spot(call, (source.replace(argument.keyword, chosen.new),)),
                f"{owner} has no keyword {chosen.old} since Blender {facts.since}",
                f"use {chosen.new}=",
                Question(kind=QuestionKind.KEYWORD, owner=owner, name=chosen.old),
                owner,
                chosen.old,
                Question(kind=QuestionKind.KEYWORD, owner=owner, name=chosen.new),
                fault,
            )
