"""Types of nodes another type took over from: made as the new one, their sockets asked for by the new names.

    node = nodes.new("ShaderNodeSeparateHSV")
    links.new(node.outputs["H"], factor)

becomes

    node = nodes.new("ShaderNodeSeparateColor")
    node.mode = "HSV"
    links.new(node.outputs["Red"], factor)

A rule lists `Successor`s. Where a node's type is compared, or a class is named, a person decides: what
took over does more than the old type did.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import ClassVar, Final

import libcst as cst

from bot.models.fault import Fault
from bot.models.patch import Decision, Edit, Repair, Requirement
from bot.models.question import Question, QuestionKind
from bot.models.release import Release
from bot.rules.alternatives import chosen_already
from bot.rules.base import Context, Rule
from bot.rules.bindings import comes_from
from bot.rules.building import every, repair
from bot.rules.guards import is_guarded, version_test, whole_line
from bot.rules.inference import types_of
from bot.rules.items import assigned_to, compared_with, literals, plain, respelled
from bot.rules.places import fault_at, text_of
from bot.rules.source import Source

COMPARED = "nodes of the new type do more than the old ones did; tell them apart by their mode too"
UNNAMED = "the new node has to be set up, and this place gives it no name; set its mode by hand"

_MAKES: Final = re.compile(r"new|add|create|make|node", re.IGNORECASE)
_NOTHING: Final[Mapping[str, str]] = MappingProxyType({})


@dataclass(frozen=True)
class Successor:
    """The type of node that does what another did."""

    idname: str
    inputs: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    """Old names of sockets and their new ones; those that stayed are left out."""
    outputs: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    settings: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    """What has to be assigned to a new node: names of properties, and the text each gets."""


class RetiredNodes(Rule):
    """A rule about types of nodes that are gone since a release. Subclasses fill in the facts."""

    nodes: ClassVar[Mapping[str, Successor]]
    available: ClassVar[Release | None] = None
    """The first release that has the successors, where that is before `since`."""

    def answers(self, fault: Fault) -> bool:
        """The error a missing type of node raises."""
        return any(re.search(rf"\b{old}\b", fault.message) for old in self.nodes)

    def successor(self, source: Source, call: cst.Call | None, idname: str) -> Successor:
        """What takes over where a call makes such a node."""
        return self.nodes[idname]

    def find(self, source: Source, context: Context) -> Iterator[Repair]:
        """Every such node that is made, its sockets by name, and every comparison with such a type."""
        releases = [release for release in context.targets if release >= self.since]
        made: dict[cst.SimpleString, cst.Call] = {}
        for literal in every(source, cst.SimpleString):
            old = text_of(literal)
            if old not in self.nodes or not plain(source, literal):
                continue
            call = _made_by(source, literal)
            if call is not None:
                made[literal] = call
        for literal, call in made.items():
            old = text_of(literal) or ""
            new = self.successor(source, call, old)
            fault = fault_at(source, call, context, rf"\b{old}\b")
            if is_guarded(source, literal, releases, names=(old, new.idname), seen=fault is not None):
                continue
            if chosen_already(source, literal, lambda node, new=new: text_of(node) == new.idname):  # type: ignore[misc]
                continue
            yield self._made(source, context, literal, call, new, fault)
        if made:
            yield from self._sockets(source, context, made, releases)
        yield from self._compared(source, context, releases)

    def _question(self, idname: str) -> Question:
        return Question(kind=QuestionKind.MEMBER, owner="bpy.types", name=idname)

    def _requires(self, new: Successor, *, covered: bool) -> tuple[Requirement, ...]:
        since = None if covered else self.available or self.since
        return (Requirement(question=self._question(new.idname), since=since),)

    def _made(
        self,
        source: Source,
        context: Context,
        literal: cst.SimpleString,
        call: cst.Call,
        new: Successor,
        fault: Fault | None,
    ) -> Repair:
        old = text_of(literal) or ""
        since = self.available or self.since
        covered = context.covers(since)
        edits = respelled(source, literal, new.idname, since, covered=covered, compared=False)
        reason = ""
        if new.settings:
            settings = self._settings(source, call, new, covered=covered)
            reason = "" if settings else UNNAMED
            edits = (*edits, settings) if settings else ()
        return repair(
            self,
            source,
            literal,
            f"there is no node {old}",
            f"make a {new.idname}",
            decision=Decision.EXPLAIN if reason else Decision.REPAIR,
            reason=reason,
            edits=edits,
            question=self._question(old),
            requires=self._requires(new, covered=covered) if edits else (),
            owner="bpy.types",
            member=old,
            fault=fault,
        )

    def _settings(self, source: Source, call: cst.Call, new: Successor, *, covered: bool) -> Edit | None:
        """The lines that set a new node up, below the one that makes it."""
        line = whole_line(source, call)
        statement = line.body[0] if line is not None else None
        if not isinstance(statement, cst.Assign) or statement.value is not call or len(statement.targets) != 1:
            return None
        target = statement.targets[0].target
        if not isinstance(target, cst.Name | cst.Attribute):
            return None
        lines = [f'{source.code(target)}.{name} = "{value}"' for name, value in new.settings.items()]
        if not covered:
            test = version_test(self.available or self.since)
            lines = [f"if {test}:", *(source.indent_unit + line for line in lines)]
        rest = re.compile(r"[^\r\n]*").match(source.text, source.end(statement))
        at = rest.end() if rest else source.end(statement)
        return Edit(start=at, end=at, text="".join(source.newline + source.indent(statement) + one for one in lines))

    def _sockets(
        self, source: Source, context: Context, made: Mapping[cst.SimpleString, cst.Call], releases: list[Release]
    ) -> Iterator[Repair]:
        calls = {call: text_of(literal) or "" for literal, call in made.items()}
        for key in every(source, cst.SimpleString):
            place = socket_by_name(source, key)
            if place is None:
                continue
            node, side = place
            old = _origin(source, node, calls)
            if old is None:
                continue
            call = next(call for call, idname in calls.items() if idname == old)
            new = self.successor(source, call, old)
            name = (new.inputs if side == "inputs" else new.outputs).get(text_of(key) or "")
            if name is None or is_guarded(source, key, releases, names=("?",)) or not plain(source, key):
                continue
            covered = context.covers(self.available or self.since)
            yield repair(
                self,
                source,
                key,
                f"a {new.idname} has no {side.removesuffix('s')} {text_of(key)}",
                f"use the {side.removesuffix('s')} {name}",
                edits=respelled(source, key, name, self.available or self.since, covered=covered, compared=False),
                question=self._question(old),
                requires=self._requires(new, covered=covered),
                owner=old,
                member=text_of(key),
                fault=fault_at(source, key, context, rf'key "{re.escape(text_of(key) or "")}" not found'),
            )

    def _compared(self, source: Source, context: Context, releases: list[Release]) -> Iterator[Repair]:
        for literal in every(source, cst.SimpleString):
            old = text_of(literal)
            other = compared_with(source, literal) if old in self.nodes else None
            if not (isinstance(other, cst.Attribute) and other.attr.value == "bl_idname") or old is None:
                continue
            new = self.nodes[old].idname
            texts = (text_of(node) for node in every(source, cst.SimpleString))
            if new in texts or is_guarded(source, literal, releases, names=(old, new)):
                continue  # the file knows the successor too
            yield self._explained(source, literal, old)
        for named in every(source, cst.Attribute):
            old = named.attr.value
            if old not in self.nodes or types_of(source).qualified(named) != f"bpy.types.{old}":
                continue
            if _is_unread(source, named):
                continue
            fault = fault_at(source, named, context, rf"\b{old}\b")
            if not is_guarded(source, named, releases, names=(old, self.nodes[old].idname), seen=fault is not None):
                yield self._explained(source, named, old, fault)

    def _explained(self, source: Source, node: cst.CSTNode, old: str, fault: Fault | None = None) -> Repair:
        return repair(
            self,
            source,
            node,
            f"there is no node {old}",
            f"ask for {self.nodes[old].idname}",
            decision=Decision.EXPLAIN,
            reason=COMPARED,
            question=self._question(old),
            owner="bpy.types",
            member=old,
            fault=fault,
        )


def _is_unread(source: Source, node: cst.CSTNode) -> bool:
    """Whether a name stands in an annotation that is never evaluated."""
    return "from __future__ import annotations" in source.text and any(
        isinstance(parent, cst.Annotation) for parent in source.ancestors(node)
    )


def socket_by_name(source: Source, key: cst.SimpleString) -> tuple[cst.BaseExpression, str] | None:
    """`node` and `inputs` of `node.inputs["…"]` and `node.inputs.get("…")`; null anywhere else."""
    parent = source.parent(key)
    held: cst.BaseExpression | None = None
    if isinstance(parent, cst.Index):
        element = source.parent(parent)
        subscript = source.parent(element) if element is not None else None
        held = subscript.value if isinstance(subscript, cst.Subscript) and len(subscript.slice) == 1 else None
    elif isinstance(parent, cst.Arg):
        call = source.parent(parent)
        get = call.func if isinstance(call, cst.Call) and call.args[0] is parent else None
        held = get.value if isinstance(get, cst.Attribute) and get.attr.value == "get" else None
    if isinstance(held, cst.Attribute) and held.attr.value in ("inputs", "outputs"):
        return held.value, held.attr.value
    return None


def _made_by(source: Source, literal: cst.SimpleString) -> cst.Call | None:
    """The call a type is handed to so that a node is made: directly, by a choice, or by a name for this alone."""
    name = assigned_to(source, literal)
    for call in every(source, cst.Call):
        if not _makes(call):
            continue
        for given in call.args:
            if isinstance(given.value, cst.Name) and not (
                isinstance(name, cst.Name) and name.value == given.value.value
            ):
                continue
            if any(found is literal for found in literals(source, given.value, _is_handed_over)):
                return call
    return None


def _makes(call: cst.Call) -> bool:
    """Whether a function's name says that it makes something."""
    function = call.func.attr if isinstance(call.func, cst.Attribute) else call.func
    return isinstance(function, cst.Name) and _MAKES.search(function.value) is not None


def _is_handed_over(source: Source, node: cst.CSTNode) -> bool:
    argument = source.parent(node)
    call = source.parent(argument) if isinstance(argument, cst.Arg) else None
    return isinstance(call, cst.Call) and _makes(call)


def _origin(source: Source, node: cst.BaseExpression, calls: Mapping[cst.Call, str]) -> str | None:
    """Which retired type an expression was made as, where that is certain."""
    for old in dict.fromkeys(calls.values()):
        mine = {call for call, idname in calls.items() if idname == old}
        if comes_from(source, node, lambda value, mine=mine: _is_one_of(source, value, mine)):  # type: ignore[misc]
            return old
    return None


def _is_one_of(source: Source, value: cst.BaseExpression, calls: set[cst.Call]) -> bool:
    if value in calls:
        return True
    if not isinstance(value, cst.Attribute):
        return False
    code = source.code(value)
    given = [
        assign.value
        for assign in every(source, cst.Assign)
        if any(source.code(target.target) == code for target in assign.targets)
    ]
    return bool(given) and all(one in calls for one in given)
