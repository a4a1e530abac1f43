"""Keywords of functions and operators that are spelled anew, their values too where those changed.

A rule lists `Keyword`s; the calls are found here, the arguments a macro operator hands on included:

    bmesh.ops.create_icosphere(bm, diameter=1.0)
    bpy.ops.mesh.duplicate_move(TRANSFORM_OT_translate={"constraint_orientation": "GLOBAL"})
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final, NamedTuple

import libcst as cst

from bot.models.fault import Fault
from bot.models.patch import Decision, Edit, Repair, Requirement
from bot.models.question import Question, QuestionKind
from bot.rules.alternatives import chosen_already
from bot.rules.base import Context, Rule
from bot.rules.building import every, repair
from bot.rules.guards import guarded_expression, guarded_statement, is_guarded, needs_bpy, whole_line
from bot.rules.inference import qualified
from bot.rules.places import fault_at, text_of
from bot.rules.source import Source

_MACRO_PART: Final = re.compile(r"([A-Z][A-Z0-9]*)_OT_(\w+)")

Values = Callable[[Source, cst.BaseExpression], Sequence[tuple[str, str]]]
"""From what an old keyword was given, the new keywords and the code of their values."""


@dataclass(frozen=True)
class Keyword:
    """`function(old=…)` is `function(new=…)` now; `values` says what is given where that changed too."""

    functions: tuple[str, ...]
    """Qualified names, as code spells them."""
    old: str
    new: str
    values: Values | None = None
    reason: str = ""
    """Why a person must decide, where there is no `new`."""


class _Given(NamedTuple):
    """An old keyword in a call: `at` is what is written anew, `name` its keyword or its key in a dictionary."""

    keyword: Keyword
    function: str
    at: cst.Arg | cst.DictElement
    name: cst.BaseExpression
    value: cst.BaseExpression


class RenamedKeywords(Rule):
    """A rule about keywords with other names since a release. Subclasses fill in the facts."""

    keywords: ClassVar[Sequence[Keyword]]

    def answers(self, fault: Fault) -> bool:
        """The `TypeError` an old keyword raises."""
        return fault.exception in (None, "TypeError") and any(
            re.search(rf'keyword[^\n]*"{keyword.old}"', fault.message) for keyword in self.keywords
        )

    def find(self, source: Source, context: Context) -> Iterator[Repair]:
        """Every call with an old keyword; all of its old keywords are written anew together."""
        releases = [release for release in context.targets if release >= self.since]
        for call in every(source, cst.Call):
            given = list(_given(source, call, self.keywords))
            if not given:
                continue
            fault = fault_at(source, call, context, "|".join(f'"{one.keyword.old}"' for one in given))
            if is_guarded(source, call, releases, names=("?",), seen=fault is not None):
                continue
            if chosen_already(source, call, lambda node, given=given: _is_new(source, node, given)):  # type: ignore[misc]
                continue
            yield self._repair(source, context, call, given, fault)

    def _repair(
        self, source: Source, context: Context, call: cst.Call, given: Sequence[_Given], fault: Fault | None
    ) -> Repair:
        covered = context.covers(self.since)
        reason = next((one.keyword.reason for one in given if one.keyword.reason), "")
        if reason:
            return self._explained(source, call, given, fault, reason)
        written = [(one, _written(source, one)) for one in given]
        edits = [edit for one, new in written for edit in _edits(source, one, new)]
        first = given[0]
        new = ", ".join(dict.fromkeys(name for _, pairs in written for name, _ in pairs))
        return repair(
            self,
            source,
            call,
            _message(given),
            f"write {new}",
            edits=edits if covered else _guarded(source, call, edits, self),
            question=Question(kind=QuestionKind.KEYWORD, owner=first.function, name=first.keyword.old),
            requires=tuple(
                Requirement(
                    question=Question(kind=QuestionKind.KEYWORD, owner=one.function, name=name),
                    since=None if covered else self.since,
                )
                for one, pairs in written
                for name, _ in pairs
            ),
            owner=first.function,
            member=first.keyword.old,
            fault=fault,
        )

    def _explained(
        self, source: Source, call: cst.Call, given: Sequence[_Given], fault: Fault | None, reason: str
    ) -> Repair:
        first = next(one for one in given if one.keyword.reason)
        return repair(
            self,
            source,
            call,
            _message(given),
            "choose another way",
            decision=Decision.EXPLAIN,
            reason=reason,
            question=Question(kind=QuestionKind.KEYWORD, owner=first.function, name=first.keyword.old),
            owner=first.function,
            member=first.keyword.old,
            fault=fault,
        )


def _message(given: Sequence[_Given]) -> str:
    old = ", ".join(dict.fromkeys(one.keyword.old for one in given))
    return f"{given[0].function.removeprefix('bpy.ops.')}() has no keyword {old}"


def _given(source: Source, call: cst.Call, keywords: Sequence[Keyword]) -> Iterator[_Given]:
    named = [argument for argument in call.args if argument.keyword is not None]
    if not named:
        return
    function = qualified(source, call.func)
    for argument in named:
        assert argument.keyword is not None  # noqa: S101  (just filtered)
        for keyword in keywords:
            if argument.keyword.value == keyword.old and function in keyword.functions:
                assert function is not None  # noqa: S101  (it is among the functions)
                yield _Given(keyword, function, argument, argument.keyword, argument.value)
        part = _MACRO_PART.fullmatch(argument.keyword.value)
        if part is None or not isinstance(argument.value, cst.Dict) or not (function or "").startswith("bpy.ops."):
            continue
        inner = f"bpy.ops.{part[1].lower()}.{part[2]}"
        for element in argument.value.elements:
            if not isinstance(element, cst.DictElement):
                continue
            for keyword in keywords:
                if text_of(element.key) == keyword.old and inner in keyword.functions:
                    yield _Given(keyword, inner, element, element.key, element.value)


def _is_new(source: Source, node: cst.CSTNode, given: Sequence[_Given]) -> bool:
    """Whether a call gives one of the functions its new keyword, by itself or through a macro operator."""
    if isinstance(node, cst.Call):
        function = qualified(source, node.func)
        names = {argument.keyword.value for argument in node.args if argument.keyword is not None}
        return any(function == one.function and one.keyword.new in names for one in given)
    return isinstance(node, cst.DictElement) and any(text_of(node.key) == one.keyword.new for one in given)


def _written(source: Source, given: _Given) -> Sequence[tuple[str, str]]:
    keyword = given.keyword
    if keyword.values is not None:
        return keyword.values(source, given.value)
    return [(keyword.new, source.code(given.value))]


def _edits(source: Source, given: _Given, new: Sequence[tuple[str, str]]) -> list[Edit]:
    """The name written anew; where one keyword became several, or its value changed, that as well."""
    quote = given.name.quote if isinstance(given.name, cst.SimpleString) else ""
    (name, value), *others = new
    edits = [source.replace(given.name, f"{quote}{name}{quote}")]
    between = ": " if quote else "="
    more = "".join(f", {quote}{one}{quote}{between}{code}" for one, code in others)
    if value + more != source.code(given.value):
        edits.append(source.replace(given.value, value + more))
    return edits


def _guarded(source: Source, call: cst.Call, edits: Sequence[Edit], rule: Rule) -> tuple[Edit, ...]:
    """Both spellings: the line twice where the call has one for itself, else a choice between two calls."""
    line = whole_line(source, call)
    node: cst.CSTNode = call if line is None else line
    start, old = source.start(node), source.code(node)
    new = old
    for edit in sorted(edits, key=lambda edit: edit.start, reverse=True):
        new = new[: edit.start - start] + edit.text + new[edit.end - start :]
    if line is not None:
        made = guarded_statement(source, line, new, old, rule.since)
    else:
        made = source.replace(call, guarded_expression(new, old, rule.since))
    bpy = needs_bpy(source)
    return (made, *((bpy,) if bpy else ()))
