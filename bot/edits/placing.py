"""Where lines that an answer wants replaced stand in a file: by their content, or nowhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from bot.edits.drift import drifted
from bot.edits.elisions import elided
from bot.edits.indents import indent, shift
from bot.edits.moving import Move, Undecided, as_it_is, as_the_file, movement
from bot.edits.nearest import nearest
from bot.edits.splices import Range, Splice, differing, splices
from bot.edits.texts import BLANKS, Lines

ELIDED = "the line {line!r} stands for code that is left out. Write every line as it is to be; a hunk may be short."
AMBIGUOUS = (
    "the lines to be replaced stand in {count} places (they begin at lines {lines}). Give more unchanged lines before "
    "and after, so that one place is meant."
)
NOT_FOUND = "the lines to be replaced are not in the file. The first of them is {first!r}. {nearest}"
PAST_END = "line {line} is past the end of the file, which has {count} lines."
UNSURE = (
    "the lines to be replaced stand at line {line} with another indentation, and how far the new ones are to be moved "
    "cannot be told. Copy the unchanged lines exactly, their indentation included."
)
TRAILING = "line {line}: placed although white space at line ends differs"
INDENTED = "line {line}: placed although the indentation differs; the new lines were moved likewise"
DRIFTED = "line {line}: placed although some of the unchanged lines differ"

MARGIN = 20
"""By how many lines a place must be nearer than the next to be taken for the one meant: line numbers are guesses."""
_MOST = 200
"""Places that are looked at closely; where there are more, none is meant."""
_SHOWN = 8


@dataclass(frozen=True)
class Placed:
    """What becomes of which lines; `line` is where (from 1), `note` what was looked past."""

    splices: tuple[Splice, ...]
    line: int
    note: str = ""


@dataclass(frozen=True)
class Already:
    """The file has it already. Not for sure, where the old lines are there as well: as a part of the new ones."""

    line: int
    sure: bool = True


@dataclass(frozen=True)
class Unplaced:
    """There is no place for it, or more than one: why, worded for whoever wrote it."""

    reason: str


@dataclass(frozen=True)
class _Match:
    """One place the old lines fit."""

    start: int
    placed: Placed
    result: tuple[str, ...]
    """The file's own lines there, and the new ones."""
    sure: bool = True
    """Whether it is known how far the new lines are moved."""


def place(old: Sequence[str], new: Sequence[str], near: int | None, file: Lines) -> Placed | Already | Unplaced:
    """Where the lines `old` are to become `new`; `near` (from 1) decides only where it is clearly nearer to one."""
    if line := elided((*old, *new), file.places):
        return Unplaced(ELIDED.format(line=line[:120]))
    if not old:
        return _inserted(new, near, file)
    for level in (_exact, _trailing, _indented):
        if found := list(islice(level(old, new, file), _MOST + 1)):
            return _chosen(found, old, new, near, file)
    if (line_number := _there(new, file)) is not None:
        return Already(line_number)
    if (found_splices := drifted(old, new, file)) is not None:
        line_number = found_splices[0].start + 1
        return Placed(found_splices, line_number, DRIFTED.format(line=line_number))
    first = next((line.strip() for line in old if line.strip()), "")
    return Unplaced(NOT_FOUND.format(first=first[:120], nearest=nearest(old, file)))


def _inserted(new: Sequence[str], near: int | None, file: Lines) -> Placed | Already | Unplaced:
    """New lines before line `near`, or at the end."""
    if near is not None and near > len(file.raw) + 1:
        return Unplaced(PAST_END.format(line=near, count=len(file.raw)))
    start = near - 1 if near is not None and near > 0 else len(file.raw)
    begin = start if near else max(0, start - len(new))
    if list(file.raw[begin : begin + len(new)]) == list(new):
        return Already(begin + 1)
    return Placed((Splice(start, start, tuple(new)),), start + 1)


def _chosen(
    found: list[_Match], old: Sequence[str], new: Sequence[str], near: int | None, file: Lines
) -> Placed | Already | Unplaced:
    """The one place that is meant."""
    if len(found) > 1:
        ranked = sorted((abs(match.start + 1 - near) if near else 0, match.start, match) for match in found[:_MOST])[:2]
        (first, _, match), (second, _, _) = ranked
        if len(found) > _MOST or second - first <= MARGIN or second < 4 * first:
            shown = ", ".join(str(match.start + 1) for match in found[:_SHOWN])
            more = ", …" if len(found) > _SHOWN else ""
            count = str(len(found)) if len(found) <= _MOST else f"more than {_MOST}"
            return Unplaced(AMBIGUOUS.format(count=count, lines=shown + more))
    else:
        match = found[0]
    # The new lines may be there already and hold the old ones, as when something is added, or moved further in.
    for wanted in (match.result, new):
        trimmed = [line.rstrip(BLANKS) for line in wanted]
        spare = len(trimmed) - len(old)
        for start in range(max(0, match.start - spare), match.start + 1 if spare >= 0 else 0):
            if match.placed.splices and file.trimmed[start : start + len(trimmed)] == trimmed:
                return Already(start + 1, sure=False)
    if not match.sure:
        return Unplaced(UNSURE.format(line=match.start + 1))
    return match.placed if match.placed.splices else Already(match.start + 1)


def _exact(old: Sequence[str], new: Sequence[str], file: Lines) -> Iterator[_Match]:
    ranges = differing(old, new)
    move = as_the_file(new, file)
    for start in file.where(old, file.raw):
        yield _match(start, old, ranges, new, move, "", file)


def _trailing(old: Sequence[str], new: Sequence[str], file: Lines) -> Iterator[_Match]:
    old, new = [line.rstrip(BLANKS) for line in old], [line if line.strip() else "" for line in new]
    ranges = differing(old, [line.rstrip(BLANKS) for line in new])
    move = as_the_file(new, file)
    for start in file.where(old, file.trimmed):
        yield _match(start, old, ranges, new, move, TRAILING, file)


def _indented(old: Sequence[str], new: Sequence[str], file: Lines) -> Iterator[_Match]:
    ranges = differing([line.rstrip(BLANKS) for line in old], [line.rstrip(BLANKS) for line in new])
    for number, start in enumerate(file.where([line.strip(BLANKS) for line in old], file.bare)):
        if number > _MOST:
            break
        at = {index: start + index for index in range(len(old))}
        move = movement(old, at, ranges, new, file)
        if isinstance(move, Undecided):
            yield replace(_match(start, old, ranges, new, as_it_is, INDENTED, file), sure=False)
        elif move is not None:
            yield _match(start, old, ranges, new, move, INDENTED, file)


def _match(
    start: int,
    old: Sequence[str],
    ranges: Sequence[Range],
    new: Sequence[str],
    move: Move,
    note: str,
    file: Lines,
) -> _Match:
    made = splices(ranges, new, lambda index: start + index, move)
    result: list[str] = []
    position = start
    for splice in made:
        result += (*file.raw[position : splice.start], *splice.lines)
        position = splice.end
    result += file.raw[position : start + len(old)]
    return _Match(start, Placed(made, start + 1, note.format(line=start + 1)), tuple(result))


def _there(new: Sequence[str], file: Lines) -> int | None:
    """The line (from 1) at which the new lines are already; None where they are not, or say too little to tell."""
    telling = [line for line in new if sum(character.isalnum() for character in line) > 1]
    if len(telling) < 2 and not any(len(line.strip()) >= 12 for line in telling):
        return None
    for start in file.where([line.strip(BLANKS) for line in new], file.bare):
        there = file.raw[start : start + len(new)]
        if shift([(indent(a), indent(b)) for a, b in zip(new, there, strict=True) if a.strip()], (), file.indents):
            return start + 1
    return None
