"""How far new lines are moved, so that they stand where the file has the old ones."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

from bot.edits.indents import Pair, indent, shift
from bot.edits.splices import Range
from bot.edits.texts import BLANKS, Lines

Move = Callable[[str], str]


class Undecided:
    """More than one movement is as likely as the other."""


def as_it_is(line: str) -> str:
    """No movement."""
    return line


def as_the_file(new: Sequence[str], file: Lines) -> Move:
    """What makes spaces tabs, where the file has nothing but tabs."""
    begins = {begins[0] for begins in file.indents}
    return (shift([("", "")], new, file.indents) if begins == {"\t"} else None) or as_it_is


def movement(
    old: Sequence[str], at: Mapping[int, int], ranges: Sequence[Range], new: Sequence[str], file: Lines
) -> Move | Undecided | None:
    """What moves the new lines; None where the old ones are not moved alike. `at` says where in the file each is.

    What is removed says how far. The unchanged lines of a diff often lack one space, the mark that they are unchanged.
    """
    added = [line for _, _, j1, j2 in ranges for line in new[j1:j2]]
    again = set(added)  # a line that is removed and added is one that stays, however the two sides were compared
    gone = {index for i1, i2, _, _ in ranges for index in range(i1, i2) if old[index] not in again}
    pairs = {
        index: (indent(old[index]), indent(file.raw[place])) for index, place in at.items() if old[index].strip(BLANKS)
    }
    removed = [pair for index, pair in pairs.items() if index in gone]
    kept = [pair for index, pair in pairs.items() if index not in gone]
    unmarked = all(theirs in (ours, " " + ours) for ours, theirs in kept)
    lacking = any(old[index] in again and ours != theirs for index, (ours, theirs) in pairs.items())
    if removed:
        if unmarked and all(ours == theirs for ours, theirs in removed):
            return Undecided() if lacking else as_it_is
        return shift(removed + [_marked(pair, removed, file) for pair in kept], added, file.indents)
    moved = shift(kept, added, file.indents)
    if not unmarked:
        return moved
    if moved is None or [moved(line) for line in added] == added:
        return Undecided() if lacking else as_it_is
    return _likelier(moved, kept, added, file)


def _marked(pair: Pair, removed: Sequence[Pair], file: Lines) -> Pair:
    """The indentation of an unchanged line, with the one space back that it lacks beside the removed ones."""
    ours, theirs = pair
    back = (" " + ours, theirs)
    alike = [shift([*removed, one], (), file.indents) is not None for one in (pair, back)]
    return back if alike == [False, True] else pair


def _likelier(moved: Move, kept: Sequence[Pair], added: Sequence[str], file: Lines) -> Move | Undecided:
    """Lines that are only added, below unchanged ones that all lack one space: as they are, or moved by one, too?

    What keeps to the file's unit of indentation is meant; where both do, or neither, that cannot be told.
    """
    widths = [len(begins.expandtabs(4)) for begins in file.indents]
    unit = math.gcd(*widths, *(len(theirs.expandtabs(4)) for _, theirs in kept))
    fits = [
        all(len(indent(move(line)).expandtabs(4)) % unit == 0 for line in added if line.strip())
        for move in (as_it_is, moved)
    ]
    if fits[0] == fits[1]:
        return Undecided()
    return as_it_is if fits[0] else moved
