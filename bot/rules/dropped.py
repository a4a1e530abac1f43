"""Settings that are gone and had no effect any more: what assigns or shows them is left out.

    scene.eevee.use_bloom = True              (left out)
    layout.prop(scene.eevee, "use_bloom")     (left out)
    if scene.eevee.use_bloom: …               if getattr(scene.eevee, "use_bloom", False): …
    size = scene.eevee.shadow_cube_size       (a person decides)

A rule says which settings those are, since when each is gone, and what holds them.
"""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import ClassVar, Final, NamedTuple

import libcst as cst

from bot.models.fault import Fault
from bot.models.patch import Decision, Edit, Repair
from bot.models.question import Question, QuestionKind
from bot.models.release import Release
from bot.rules.base import Context, Rule
from bot.rules.building import every, repair
from bot.rules.guards import dropped_statement, guarded_statement, is_guarded, needs_bpy, whole_line
from bot.rules.inference import types_of
from bot.rules.places import dotted, fault_at, text_of, walk
from bot.rules.source import Source

READ = "the setting is read here, or its line does something else too; decide what it should be"

_CONSUMING: Final = re.compile(r"read|next|pop|unpack|recv|consume|parse|operator|new|add|create", re.IGNORECASE)


class _Place(NamedTuple):
    node: cst.BaseExpression
    name: str
    holder: cst.BaseExpression
    statement: cst.BaseSmallStatement | None
    """What can be left out, where the place is all it is about."""


class DroppedSettings(Rule):
    """A rule about settings without a successor. Subclasses fill in the facts and write `holds`."""

    owner: ClassVar[str]
    """The documented type, `bpy.types.SceneEEVEE`."""
    gone: ClassVar[Mapping[str, Release]]
    """By setting, the first release without it."""
    unused: ClassVar[Release | None] = None
    """The first release that does not use them, where that is before they are gone."""

    read: ClassVar[Mapping[str, str]] = MappingProxyType({})
    """By setting, what reading it says where it is gone, as code; a person decides about the others."""

    @abstractmethod
    def holds(self, source: Source, node: cst.BaseExpression) -> bool:
        """Whether an expression is certainly what has the settings."""

    def answers(self, fault: Fault) -> bool:
        """The error a missing setting raises."""
        return fault.owner == self.owner.rpartition(".")[2] and fault.member in self.gone

    def find(self, source: Source, context: Context) -> Iterator[Repair]:
        """Every place that names such a setting."""
        places = [*_attributes(source, self.gone), *_shown(source, self.gone)]
        meant = [(place, fault) for place in places for there, fault in [self._meant(source, context, place)] if there]
        lines = [whole_line(source, place.statement) if place.statement else None for place, _ in meant]
        edits = left_out(
            source, context, {line: self._unused(place.name) for (place, _), line in zip(meant, lines, strict=True)}
        )
        for (place, fault), line in zip(meant, lines, strict=True):
            short = self.owner.rpartition(".")[2]
            made = edits[line] if line else self._read(source, place)
            yield repair(
                self,
                source,
                place.node,
                f"{short} has no {place.name} since Blender {self.gone[place.name]}",
                "leave it out" if line else f"take it for {self.read.get(place.name)}" if made else "decide",
                decision=Decision.REPAIR if made else Decision.EXPLAIN,
                reason="" if made else READ,
                edits=made,
                question=Question(kind=QuestionKind.MEMBER, owner=self.owner, name=place.name),
                owner=short,
                member=place.name,
                fault=fault,
            )

    def _read(self, source: Source, place: _Place) -> tuple[Edit, ...]:
        """The edit that reads a setting whether it is there or not."""
        value = self.read.get(place.name)
        if value is None or not isinstance(place.node, cst.Attribute) or _is_written(source, place.node):
            return ()
        if any(isinstance(parent, cst.BaseFormattedStringContent) for parent in source.ancestors(place.node)):
            return ()
        text = f'getattr({source.code(place.holder)}, "{place.name}", {value})'
        return (source.replace(place.node, text),)

    def _unused(self, name: str) -> Release:
        return min(self.gone[name], self.unused or self.gone[name])

    def _meant(self, source: Source, context: Context, place: _Place) -> tuple[bool, Fault | None]:
        """Whether the setting is Blender's here and nobody took care of it, and the fault that was seen."""
        short = self.owner.rpartition(".")[2]
        fault = fault_at(source, place.node, context, rf"'{short}' object has no attribute '{place.name}'")
        known = types_of(source).of(place.holder)
        if known not in (None, self.owner) or not (fault or known or self.holds(source, place.holder)):
            return False, None
        releases = [release for release in context.targets if release >= self.gone[place.name]]
        return not is_guarded(source, place.node, releases, names=(place.name,), seen=fault is not None), fault


def left_out(
    source: Source, context: Context, lines: Mapping[cst.SimpleStatementLine | None, Release]
) -> dict[cst.SimpleStatementLine | None, tuple[Edit, ...]]:
    """By line, the edits that keep it from running since a release; lines that follow each other share them."""
    found: dict[cst.SimpleStatementLine | None, tuple[Edit, ...]] = {}
    kept = [line for line in lines if line is not None]
    for group in _groups(source, sorted(kept, key=source.start), lines):
        since = lines[group[0]]
        if not context.covers(since):
            text = source.text[source.start(group[0]) : source.end(group[-1])]
            bpy = needs_bpy(source)
            edit = guarded_statement(source, group[0], "", text, since, last=group[-1])
            found.update(dict.fromkeys(group, (edit, *((bpy,) if bpy else ()))))
            continue
        block = source.parent(group[0])
        if isinstance(block, cst.IndentedBlock) and len(block.body) == len(group):
            edit = Edit(start=source.start(group[0]), end=source.end(group[-1]), text="pass")
            found.update(dict.fromkeys(group, (edit,)))
        else:
            found.update({line: (dropped_statement(source, line, since, covered=True),) for line in group})
    return found


def _groups(
    source: Source,
    lines: list[cst.SimpleStatementLine],
    since: Mapping[cst.SimpleStatementLine | None, Release],
) -> list[list[cst.SimpleStatementLine]]:
    """Statements that follow each other in one block and are unused since the same release."""
    groups: list[list[cst.SimpleStatementLine]] = []
    for line in lines:
        before = groups[-1][-1] if groups else None
        if before is not None and since[before] == since[line] and _follows(source, before, line):
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


def _follows(source: Source, one: cst.SimpleStatementLine, other: cst.SimpleStatementLine) -> bool:
    block = source.parent(one)
    if block is not source.parent(other) or not isinstance(block, cst.IndentedBlock | cst.Module):
        return False
    at = next(number for number, statement in enumerate(block.body) if statement is one)
    return at + 1 < len(block.body) and block.body[at + 1] is other


def _attributes(source: Source, gone: Mapping[str, Release]) -> Iterator[_Place]:
    for node in every(source, cst.Attribute):
        if node.attr.value not in gone:
            continue
        target = source.parent(node)
        assign = source.parent(target) if isinstance(target, cst.AssignTarget) else target
        alone = (
            (isinstance(assign, cst.Assign) and len(assign.targets) == 1 and isinstance(target, cst.AssignTarget))
            or (isinstance(assign, cst.AugAssign) and assign.target is node)
        ) and not _does_something(assign.value)
        yield _Place(node, node.attr.value, node.value, assign if alone else None)  # type: ignore[arg-type]


def _shown(source: Source, gone: Mapping[str, Release]) -> Iterator[_Place]:
    """`layout.prop(owner, "setting", …)`."""
    for call in every(source, cst.Call):
        if not (isinstance(call.func, cst.Attribute) and call.func.attr.value == "prop" and len(call.args) > 1):
            continue
        name = text_of(call.args[1].value)
        if name is not None and name in gone and call.args[0].keyword is None and call.args[1].keyword is None:
            statement = source.parent(call)
            yield _Place(call, name, call.args[0].value, statement if isinstance(statement, cst.Expr) else None)


def _is_written(source: Source, node: cst.Attribute) -> bool:
    """Whether a place is assigned, counted up or deleted."""
    parent = source.parent(node)
    if isinstance(parent, cst.AssignTarget | cst.Del | cst.AnnAssign):
        return True
    if isinstance(parent, cst.AugAssign | cst.For | cst.CompFor):
        return parent.target is node
    display = source.parent(parent) if isinstance(parent, cst.Element) else None
    holder = source.parent(display) if display is not None else None
    return isinstance(holder, cst.AssignTarget) or (
        isinstance(holder, cst.For | cst.CompFor) and holder.target is display
    )


def _does_something(value: cst.BaseExpression) -> bool:
    """Whether working a value out takes something from a stream or changes something, so that it has to stay."""
    calls = (node for node in walk(value) if isinstance(node, cst.Call))
    return any(_CONSUMING.search((dotted(call.func) or "read").split(".")[-1]) for call in calls)
