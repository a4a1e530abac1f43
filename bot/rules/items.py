"""Texts Blender takes by another spelling now: items of enums, names of shaders, types of nodes.

A rule says which text became which, since when, and where such a text is handed over or compared
(its `slots`); everything else is here: finding the literals, also behind a name or in a conditional
expression, leaving alone what is guarded, and the form that suits every supported release.

    probe.type == "GRID"        probe.type == "VOLUME"                    where every release knows it
                                probe.type in {"GRID", "VOLUME"}          where older ones are supported
    add(type="GRID")            add(type="VOLUME" if bpy.app.version >= (4, 1, 0) else "GRID")
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final, NamedTuple, Protocol

import libcst as cst

from bot.models.fault import Fault
from bot.models.patch import Edit, Repair, Requirement
from bot.models.question import Question, QuestionKind
from bot.models.release import Release
from bot.rules.alternatives import chosen_already
from bot.rules.base import Context, Rule
from bot.rules.building import every, repair
from bot.rules.guards import guarded_expression, is_guarded, needs_bpy
from bot.rules.inference import qualified, types_of
from bot.rules.places import fault_at, scope_of, text_of, walk
from bot.rules.source import Source

_FAR: Final = 3
"""How many names are followed from the place a text is read to where it is written."""

Holds = Callable[[Source, cst.BaseExpression], bool]
"""Whether an expression is certainly of the kind meant."""


class Use(NamedTuple):
    """A literal at a place where Blender reads it."""

    literal: cst.SimpleString
    owner: str
    """Whose item it is, as a question spells it."""
    compared: bool = False
    certain: bool = True
    """Whether the place is known by itself; else only a fault seen there tells."""


class Slot(Protocol):
    """A kind of place such texts stand at."""

    def uses(self, source: Source, texts: Collection[str]) -> Iterator[Use]:
        """Every literal of the file that says one of `texts` at such a place."""


@dataclass(frozen=True)
class Argument:
    """An argument of a function or operator, by keyword or by position.

    `function` is its qualified name as code spells it; `owner` is what a question calls the
    parameter, where that differs from `<function>.<keyword>`.
    """

    function: str
    keyword: str
    position: int | None = None
    owner: str = ""

    def uses(self, source: Source, texts: Collection[str]) -> Iterator[Use]:
        """See `Slot.uses`."""
        last = self.function.rpartition(".")[2]
        for call in every(source, cst.Call):
            if not _ends_with(call.func, last) or qualified(source, call.func) != self.function:
                continue
            given = argument(call, self.keyword, self.position)
            found = list(literals(source, given, self._takes)) if given is not None else []
            named = [literal for literal in found if isinstance(assigned_to(source, literal), cst.Name)]
            chosen = not all(text_of(literal) in texts for literal in named)  # the name gets another text too
            for literal in found:
                if text_of(literal) in texts and not (chosen and literal in named):
                    yield Use(literal, self.owner or f"{self.function}.{self.keyword}")

    def _takes(self, source: Source, node: cst.CSTNode) -> bool:
        """Whether an expression is handed over as this argument, so that a name it is may be renamed at its source."""
        arg = source.parent(node)
        call = source.parent(arg) if isinstance(arg, cst.Arg) else None
        return (
            isinstance(call, cst.Call)
            and qualified(source, call.func) == self.function
            and argument(call, self.keyword, self.position) is node
        )


@dataclass(frozen=True)
class Property:
    """A property that is assigned or compared: `x.name = "…"`, `x.name == "…"`, `x.name in {"…"}`.

    `x` is of the type `owner`, or `holds` knows it; `asked` is what a question calls the property,
    where that differs from `<owner>.<name>`.
    """

    owner: str
    name: str
    holds: Holds | None = None
    asked: str = ""

    def uses(self, source: Source, texts: Collection[str]) -> Iterator[Use]:
        """See `Slot.uses`."""
        for literal in every(source, cst.SimpleString):
            if text_of(literal) not in texts:
                continue
            place = assigned_to(source, literal) or compared_with(source, literal)
            if not (isinstance(place, cst.Attribute) and place.attr.value == self.name):
                continue
            known = types_of(source).of(place.value)
            certain = known == self.owner or (
                known is None and self.holds is not None and self.holds(source, place.value)
            )
            if certain or known is None:
                compared = assigned_to(source, literal) is None
                yield Use(literal, self.asked or f"{self.owner}.{self.name}", compared, certain)


class RenamedItems(Rule):
    """A rule about texts that are spelled differently since a release. Subclasses fill in the facts."""

    renamed: ClassVar[Mapping[str, str]]
    """Old text to new text."""
    slots: ClassVar[Sequence[Slot]]
    available: ClassVar[Release | None] = None
    """The first release that takes the new text, where that is before `since`."""
    shared: ClassVar[bool] = False
    """Whether older releases know the new text too, for something else: then a comparison is guarded by release."""
    noun: ClassVar[str]
    """What such a text names: `light probe`."""

    def answers(self, fault: Fault) -> bool:
        """The error an old text raises."""
        return fault.exception in (None, "TypeError", "ValueError", "RuntimeError") and any(
            _named(old).search(fault.message) for old in self.renamed
        )

    def find(self, source: Source, context: Context) -> Iterator[Repair]:
        """Every place an old text stands at."""
        releases = [release for release in context.targets if release >= self.since]
        met: set[cst.SimpleString] = set()
        for slot in self.slots:
            for use in slot.uses(source, self.renamed):
                old = text_of(use.literal) or ""
                new = self.renamed[old]
                fault = self._seen(source, use, context, old)
                tells = fault is not None and _named(new).search(fault.message)  # Blender lists what it takes
                if use.literal in met or not (use.certain or tells) or not plain(source, use.literal):
                    continue
                if is_guarded(source, use.literal, releases, names=(old, new), seen=fault is not None):
                    continue
                if chosen_already(source, use.literal, lambda node, new=new: text_of(node) == new):  # type: ignore[misc]
                    continue
                if use.compared and knows(source, use.literal, new):
                    continue
                met.add(use.literal)
                yield self._repair(source, context, use, new, fault)

    def question(self, owner: str, text: str) -> Question:
        """What is asked about a text at a place; for anything but items of enums, another question."""
        return Question(kind=QuestionKind.ENUM_ITEM, owner=owner, name=text)

    def _seen(self, source: Source, use: Use, context: Context, old: str) -> Fault | None:
        statement = next((p for p in source.ancestors(use.literal) if isinstance(p, cst.SimpleStatementLine)), None)
        return fault_at(source, statement or use.literal, context, _named(old).pattern)

    def _repair(self, source: Source, context: Context, use: Use, new: str, fault: Fault | None) -> Repair:
        old = text_of(use.literal) or ""
        since = self.available or self.since
        covered = context.covers(since)
        edits = respelled(source, use.literal, new, since, covered=covered, compared=use.compared and not self.shared)
        return repair(
            self,
            source,
            use.literal,
            f"there is no {self.noun} {old}",
            f"use {new}" if covered else f"use {new} since {since}",
            edits=edits,
            question=self.question(use.owner, old),
            requires=(Requirement(question=self.question(use.owner, new), since=None if covered else since),),
            owner=use.owner.removeprefix("bpy.types."),
            member=old,
            fault=fault,
        )


# The new form -------------------------------------------------------------------------------------


def respelled(
    source: Source, literal: cst.SimpleString, new: str, since: Release, *, covered: bool, compared: bool
) -> tuple[Edit, ...]:
    """The edits that put `new` where a literal is; with the old text where older releases are supported.

    `compared` says that a comparison may accept both.
    """
    if covered:
        return (source.replace(literal, quoted(literal, new)),)
    if compared:
        return _accepting_both(source, literal, new)
    bare = isinstance(source.parent(literal), cst.Arg | cst.Assign | cst.Index | cst.Return)
    text = guarded_expression(quoted(literal, new), source.code(literal), since, parentheses=not bare)
    bpy = needs_bpy(source)
    return (source.replace(literal, text), *((bpy,) if bpy else ()))


def _accepting_both(source: Source, literal: cst.SimpleString, new: str) -> tuple[Edit, ...]:
    """`x == "A"` as `x in {"A", "B"}`; in a display, the new text beside the old one."""
    at = source.end(literal)
    parent = source.parent(literal)
    if isinstance(parent, cst.Element):
        return (Edit(start=at, end=at, text=f", {quoted(literal, new)}"),)
    comparison = source.parent(parent) if isinstance(parent, cst.ComparisonTarget) else parent
    assert isinstance(comparison, cst.Comparison)  # noqa: S101  (what `compared_with` answered for)
    operation = comparison.comparisons[0]
    other = operation.comparator if comparison.left is literal else comparison.left
    word = "in" if isinstance(operation.operator, cst.Equal) else "not in"
    both = "{" + f"{source.code(literal)}, {quoted(literal, new)}" + "}"
    end = source.end(operation.comparator)
    return (Edit(start=source.start(comparison.left), end=end, text=f"{source.code(other)} {word} {both}"),)


def quoted(literal: cst.SimpleString, text: str) -> str:
    """A text in the quotes a literal is written in."""
    return f"{literal.quote}{text}{literal.quote}"


# Places -------------------------------------------------------------------------------------------


def argument(call: cst.Call, keyword: str, position: int | None) -> cst.BaseExpression | None:
    """What a call is given for a parameter, by keyword or at a position; null where that cannot be told."""
    for given in call.args:
        if given.keyword is not None and given.keyword.value == keyword:
            return given.value
    if position is None or len(call.args) <= position or any(given.star for given in call.args[: position + 1]):
        return None
    return call.args[position].value if call.args[position].keyword is None else None


def literals(source: Source, node: cst.BaseExpression, takes: Holds, depth: int = 0) -> Iterator[cst.SimpleString]:
    """The literals an expression is or chooses from; also those of a name that serves only this purpose.

    `takes` says whether an expression stands at a place of the same purpose. A name is followed to what
    it is assigned, a parameter to what the calls of its function in this file hand over.
    """
    if isinstance(node, cst.SimpleString):
        yield node
    elif isinstance(node, cst.IfExp):
        yield from literals(source, node.body, takes, depth)
        yield from literals(source, node.orelse, takes, depth)
    elif isinstance(node, cst.Name) and depth < _FAR:
        for value in _values_of(source, node, takes):
            yield from literals(source, value, takes, depth + 1)


def _values_of(source: Source, name: cst.Name, takes: Holds) -> Sequence[cst.BaseExpression]:
    """What a name is assigned or called with, where every use of it has the same purpose; else nothing."""
    scope = scope_of(source, name)
    for holder in (scope, source.module):
        names = [node for node in _names(source, name.value) if _inside(source, node, holder)]
        parameter = _parameter(holder, name.value)
        targets = [node for node in names if isinstance(source.parent(node), cst.AssignTarget)]
        bound = [*targets, *([parameter.name] if parameter else ())]
        if not bound:
            continue
        fits = all(any(node is one for one in bound) or takes(source, node) for node in names)
        if not fits or any(scope_of(source, target) is not holder for target in targets):
            return ()
        if parameter is not None:
            return () if targets else _handed_over(source, holder, parameter)
        statements = [source.parent(source.parent(target) or target) for target in targets]
        return [statement.value for statement in statements if isinstance(statement, cst.Assign)]
    return ()


def _parameter(holder: cst.CSTNode, name: str) -> cst.Param | None:
    if not isinstance(holder, cst.FunctionDef):
        return None
    return next((one for one in (*holder.params.params, *holder.params.kwonly_params) if one.name.value == name), None)


def _handed_over(source: Source, holder: cst.CSTNode, parameter: cst.Param) -> list[cst.BaseExpression]:
    """The default of a function's parameter, and what the calls in this file give for it."""
    assert isinstance(holder, cst.FunctionDef)  # noqa: S101  (what has parameters)
    method = isinstance(scope_of(source, holder), cst.ClassDef)
    places = [one.name.value for one in holder.params.params]
    place = places.index(parameter.name.value) - method if parameter.name.value in places else None
    found = [parameter.default] if parameter.default is not None else []
    for call in every(source, cst.Call):
        called = call.func
        if method:
            fits = (
                isinstance(called, cst.Attribute)
                and called.attr.value == holder.name.value
                and isinstance(called.value, cst.Name)
                and called.value.value in ("self", "cls")
                and _inside(source, call, scope_of(source, holder))
            )
        else:
            fits = types_of(source).definition(called) is holder
        value = argument(call, parameter.name.value, place) if fits else None
        if value is not None:
            found.append(value)
    return found


def _names(source: Source, value: str) -> list[cst.Name]:
    return [
        node
        for node in every(source, cst.Name)
        if node.value == value
        and not (isinstance(parent := source.parent(node), cst.Attribute) and parent.attr is node)
        and not (isinstance(parent, cst.Arg) and parent.keyword is node)
    ]


def _inside(source: Source, node: cst.CSTNode, scope: cst.CSTNode) -> bool:
    return any(parent is scope for parent in source.ancestors(node))


def assigned_to(source: Source, literal: cst.SimpleString) -> cst.BaseExpression | None:
    """`x.p` of `x.p = "…"`, also where the literal is a branch of a conditional expression."""
    value: cst.CSTNode = literal
    parent = source.parent(literal)
    while isinstance(parent, cst.IfExp) and value is not parent.test:
        value, parent = parent, source.parent(parent)
    if isinstance(parent, cst.Assign) and len(parent.targets) == 1:
        return parent.targets[0].target
    return None


def compared_with(source: Source, literal: cst.SimpleString) -> cst.BaseExpression | None:
    """`x` of `x == "…"`, `"…" != x`, `x in {"…", …}`; null anywhere else."""
    parent = source.parent(literal)
    if isinstance(parent, cst.Element):
        display = source.parent(parent)
        target = source.parent(display) if isinstance(display, cst.Set | cst.Tuple | cst.List) else None
        if not (isinstance(target, cst.ComparisonTarget) and isinstance(target.operator, cst.In | cst.NotIn)):
            return None
        comparison = source.parent(target)
        return comparison.left if isinstance(comparison, cst.Comparison) and len(comparison.comparisons) == 1 else None
    comparison = source.parent(parent) if isinstance(parent, cst.ComparisonTarget) else parent
    if not isinstance(comparison, cst.Comparison) or len(comparison.comparisons) != 1:
        return None
    operation = comparison.comparisons[0]
    if not isinstance(operation.operator, cst.Equal | cst.NotEqual):
        return None
    return operation.comparator if comparison.left is literal else comparison.left


def plain(source: Source, literal: cst.SimpleString) -> bool:
    """Whether a literal stands by itself: not inside an f-string, nor beside a text it is joined with."""
    if isinstance(source.parent(literal), cst.ConcatenatedString):
        return False
    return not any(isinstance(parent, cst.BaseFormattedStringContent) for parent in source.ancestors(literal))


def knows(source: Source, literal: cst.SimpleString, other: str) -> bool:
    """Whether the function around a comparison, or at module level its statement, speaks of the other text too."""
    scope: cst.CSTNode = scope_of(source, literal)
    if isinstance(scope, cst.ClassDef | cst.Module):
        scope = next((p for p in source.ancestors(literal) if isinstance(p, cst.BaseStatement)), scope)
    return any(text_of(node) == other for node in walk(scope) if isinstance(node, cst.SimpleString))


def _ends_with(function: cst.BaseExpression, last: str) -> bool:
    """Quickly: whether it can be the function at all. A name may be an alias of anything."""
    return isinstance(function, cst.Name) or (isinstance(function, cst.Attribute) and function.attr.value == last)


def _named(text: str) -> re.Pattern[str]:
    """A message that quotes the text, or names it as a word of its own."""
    return re.compile(rf"(?<![\w]){re.escape(text)}(?![\w])")
