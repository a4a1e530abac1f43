"""Text put into lines of a copy, and the way back from its columns to those of the real file."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

NEWLINE = re.compile(r"\r\n|\r|\n")
"""Where lines end, for Python and for the checkers alike: form feeds and the like do not end one."""


@dataclass(frozen=True)
class Insertion:
    """Text put in before the character at `offset` of the real text; it holds no line break."""

    offset: int
    text: str


@dataclass(frozen=True)
class Place:
    """A line and a column, both from 1, in characters."""

    line: int
    column: int


@dataclass(frozen=True)
class Copy:
    """A text with insertions, and what is needed to find the way back.

    `text` is the annotated text; `shifts` gives, for each line with insertions, their columns in
    the real line (from 0, in order) and their lengths. `lines` counts those of the real text.
    """

    text: str
    lines: int
    shifts: Mapping[int, tuple[tuple[int, int], ...]] = field(default_factory=dict)

    def real(self, place: Place) -> Place:
        """The place in the real file; what lies inside an insertion belongs where that was put in."""
        column = place.column - 1
        moved = 0
        for at, length in self.shifts.get(place.line, ()):
            if column < at + moved:
                break
            moved += min(length, column - at - moved)
        return Place(place.line, column - moved + 1)

    def added(self, place: Place) -> bool:
        """Whether the place lies behind the end of the real text, in what was appended."""
        return place.line > self.lines


def insert(text: str, insertions: Iterable[Insertion], appended: str = "") -> Copy:
    """Put the insertions into a text; `appended` follows on lines of its own.

    Raises:
        ValueError: an insertion holds a line break, or lies outside the text.
    """
    starts = [0, *(match.end() for match in NEWLINE.finditer(text))]
    pieces: list[str] = []
    shifts: dict[int, list[tuple[int, int]]] = {}
    position = 0
    for insertion in sorted(insertions, key=lambda insertion: insertion.offset):
        if NEWLINE.search(insertion.text) or not 0 <= insertion.offset <= len(text):
            raise ValueError(f"nothing can be put in at offset {insertion.offset}")
        pieces += (text[position : insertion.offset], insertion.text)
        position = insertion.offset
        line = bisect_right(starts, insertion.offset)
        shifts.setdefault(line, []).append((insertion.offset - starts[line - 1], len(insertion.text)))
    pieces.append(text[position:])
    if appended:
        pieces.append(f"\n\n{appended}\n")  # two: a carriage return at the end would swallow one
    return Copy("".join(pieces), len(starts), {line: tuple(rows) for line, rows in shifts.items()})
