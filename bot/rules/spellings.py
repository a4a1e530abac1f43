"""An old and a new spelling side by side: plain edits where every supported release has the new one,
else both, kept apart by `bpy.app.version`.

    x = ob.visible_camera if bpy.app.version >= (3, 0, 0) else ob.cycles_visibility.camera

    if bpy.app.version >= (3, 0, 0):
        ob.visible_camera = False
        ob.visible_shadow = False
    else:
        ob.cycles_visibility.camera = False
        ob.cycles_visibility.shadow = False
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import libcst as cst

from bot.models.patch import Edit
from bot.models.release import Release
from bot.rules.guards import guarded_expression, guarded_statement, whole_line
from bot.rules.source import Source, apply_edits


@dataclass(frozen=True)
class Spot:
    """One place that is spelled anew: the node that holds every edit, and the edits.

    `whole`: the spellings cannot be two values of one expression (a target, a keyword, an import),
    only two statements.
    """

    node: cst.CSTNode
    edits: tuple[Edit, ...]
    whole: bool = False


def both(source: Source, spots: Sequence[Spot], since: Release, until: Release | None = None) -> list[Edit | None]:
    """For each spot the edit that keeps both spellings; null where no form of it fits the place.

    Spots that end up in one guard (statements that follow each other, expressions inside one
    another) share an equal edit.
    """
    lines = [whole_line(source, spot.node) for spot in spots]
    whole = _whole_lines(source, spots, lines)
    found: list[Edit | None] = [None] * len(spots)
    for run in _runs(source, [line for line in whole if line is not None]):
        inside = [number for number, line in enumerate(whole) if line is not None and line in run]
        edits = {edit for number in inside for edit in spots[number].edits}
        start, end = source.start(run[0]), source.end(run[-1])
        new, old = _rewritten(source, start, end, edits), source.text[start:end]
        edit = guarded_statement(source, run[0], new, old, since, until, last=run[-1])
        for number in inside:
            found[number] = edit
    rest = [number for number, line in enumerate(whole) if line is None and not spots[number].whole]
    for number in rest:
        outer = _outermost(source, spots[number].node, [spots[other].node for other in rest])
        if not isinstance(outer, cst.BaseExpression):
            continue
        inside = [other for other in rest if _holds(source, outer, spots[other].node)]
        edits = {edit for other in inside for edit in spots[other].edits}
        new = _rewritten(source, source.start(outer), source.end(outer), edits)
        bare = isinstance(source.parent(outer), cst.Arg | cst.Assign | cst.Return)
        text = guarded_expression(new, source.code(outer), since, until, parentheses=not bare)
        found[number] = source.replace(outer, text)
    return found


def _whole_lines(
    source: Source, spots: Sequence[Spot], lines: Sequence[cst.SimpleStatementLine | None]
) -> list[cst.SimpleStatementLine | None]:
    """By spot, the line that is written twice: where it must be, or where it holds several places."""
    doubled: set[cst.SimpleStatementLine] = set()
    for number, line in enumerate(lines):
        if line is None:
            continue
        others = [spots[other].node for other, its in enumerate(lines) if its is line and other != number]
        apart = [node for node in others if not _holds(source, spots[number].node, node)]
        alone = isinstance(source.parent(spots[number].node), cst.Expr)
        if spots[number].whole or alone or any(not _holds(source, node, spots[number].node) for node in apart):
            doubled.add(line)
    return [line if line in doubled else None for line in lines]


def _runs(source: Source, lines: Iterable[cst.SimpleStatementLine]) -> list[list[cst.SimpleStatementLine]]:
    """Lines of one block that follow each other with nothing in between, together."""
    runs: list[list[cst.SimpleStatementLine]] = []
    for line in sorted(set(lines), key=source.start):
        before = runs[-1][-1] if runs else None
        if before is not None and _adjoin(source, before, line):
            runs[-1].append(line)
        else:
            runs.append([line])
    return runs


def _adjoin(source: Source, one: cst.SimpleStatementLine, other: cst.SimpleStatementLine) -> bool:
    if source.parent(one) is not source.parent(other):
        return False
    between = source.text[source.end(one) : source.start(other)]
    if between.strip() or len(between.splitlines()) > 2:
        return False
    text = source.code(one) + source.code(other)
    return '"""' not in text and "'''" not in text


def _outermost(source: Source, node: cst.CSTNode, others: Sequence[cst.CSTNode]) -> cst.CSTNode:
    found = node
    for parent in source.ancestors(node):
        if any(parent is other for other in others):
            found = parent
    return found


def _holds(source: Source, outer: cst.CSTNode, inner: cst.CSTNode) -> bool:
    return outer is inner or any(parent is outer for parent in source.ancestors(inner))


def _rewritten(source: Source, start: int, end: int, edits: Iterable[Edit]) -> str:
    moved = (Edit(start=edit.start - start, end=edit.end - start, text=edit.text) for edit in edits)
    return apply_edits(source.text[start:end], moved)
