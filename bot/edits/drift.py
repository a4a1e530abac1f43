"""Hunks whose unchanged lines drifted from the file: a high bar, under which a place is still found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher

from bot.edits.moving import Undecided, movement
from bot.edits.splices import Range, Splice, differing, splices
from bot.edits.texts import BLANKS, Lines

_ENOUGH = 3
"""Lines that say something and must be found again."""
_SHARE = 0.75
"""Of the lines that say something, the share that must be found again."""
_SLACK = 3
"""Lines the file may have more, or less, than the hunk."""
_COMMON = 20
"""A line that stands in more places than this leads nowhere."""
_CANDIDATES = 12
_LONGEST = 2000

Ranges = Sequence[Range]


def drifted(old: Sequence[str], new: Sequence[str], file: Lines) -> tuple[Splice, ...] | None:
    """The splices for a hunk, some of whose unchanged lines are missing or differ; None without a single sure place.

    Every removed line must be there but for white space, and an addition stands between lines that both are.
    """
    if len(old) > _LONGEST:
        return None
    ranges = differing([line.rstrip(BLANKS) for line in old], [line.rstrip(BLANKS) for line in new])
    bare = [line.strip(BLANKS) for line in old]
    found = {
        made
        for start in _starts(bare, file)
        if (at := _mapped(bare, start, file)) and _sure(bare, ranges, at)
        if (made := _made(old, new, ranges, at, file)) is not None
    }
    return found.pop() if len(found) == 1 else None


def _starts(bare: Sequence[str], file: Lines) -> list[int]:
    """Where the hunk may begin, by what its lines say; several that lie close together are one."""
    votes: Counter[int] = Counter()
    for index, line in enumerate(bare):
        places = file.places.get(line, ()) if _says_something(line) else ()
        if len(places) <= _COMMON:
            votes.update(place - index for place in places)
    starts: list[int] = []
    for start, _ in votes.most_common(_CANDIDATES * 4):
        if all(abs(start - other) > _SLACK for other in starts):
            starts.append(start)
    return starts[:_CANDIDATES]


def _mapped(bare: Sequence[str], start: int, file: Lines) -> dict[int, int]:
    """Which line of the file each line of the hunk is."""
    begin = max(0, start - 2 * _SLACK)
    window = file.bare[begin : start + len(bare) + 2 * _SLACK]
    matcher = SequenceMatcher(None, bare, window, autojunk=False)
    return {a + step: begin + b + step for a, b, size in matcher.get_matching_blocks() for step in range(size)}


def _sure(bare: Sequence[str], ranges: Ranges, at: dict[int, int]) -> bool:
    saying = [index for index, line in enumerate(bare) if _says_something(line)]
    known = [index for index in saying if index in at]
    if len(known) < _ENOUGH or len(known) < _SHARE * len(saying):
        return False
    if abs((max(at.values()) - min(at.values())) - (max(at) - min(at))) > _SLACK:
        return False
    for i1, i2, _, _ in ranges:
        lines = [index for index in range(i1, i2) if index not in at]
        if lines or any(at[index] + 1 != at[index + 1] for index in range(i1, i2 - 1)):
            return False
        around = [index for index in (i1 - 1, i2) if 0 <= index < len(bare)] if i1 == i2 else []
        if any(index not in at for index in around) or (len(around) == 2 and at[i1 - 1] + 1 != at[i2]):
            return False
    return True


def _made(
    old: Sequence[str], new: Sequence[str], ranges: Ranges, at: dict[int, int], file: Lines
) -> tuple[Splice, ...] | None:
    move = movement(old, at, ranges, new, file) if ranges else None
    if move is None or isinstance(move, Undecided):
        return None
    return splices(ranges, new, lambda index: at[index] if index in at else at[index - 1] + 1, move)


def _says_something(line: str) -> bool:
    return sum(character.isalnum() for character in line) > 3
