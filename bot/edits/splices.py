"""Splices: which lines of a file become which, and the file made of them; every other byte stays."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from bot.texts import ended_lines, newline_of

Range = tuple[int, int, int, int]
"""Lines of the old (begin, end) that become lines of the new (begin, end)."""

_LARGEST = 4_000_000
"""Pairs of lines that are still compared one by one; beyond, what differs is one block."""


@dataclass(frozen=True, order=True)
class Splice:
    """The lines `start` to `end` (from 0, end excluded) become `lines`."""

    start: int
    end: int
    lines: tuple[str, ...]

    def meets(self, other: Splice) -> bool:
        """Whether both cannot be made: they touch the same lines, or add at the same place."""
        if self.start == self.end and other.start == other.end:
            return self.start == other.start
        return self.start < other.end and other.start < self.end


def differing(old: Sequence[str], new: Sequence[str]) -> list[Range]:
    """The ranges (of old, of new) in which two lists of lines differ."""
    head = 0
    while head < min(len(old), len(new)) and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < min(len(old), len(new)) - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    inner_old, inner_new = old[head : len(old) - tail], new[head : len(new) - tail]
    if len(inner_old) * len(inner_new) > _LARGEST:
        return [(head, len(old) - tail, head, len(new) - tail)]
    matcher = SequenceMatcher(None, inner_old, inner_new, autojunk=False)
    return [
        (head + i1, head + i2, head + j1, head + j2)
        for tag, i1, i2, j1, j2 in matcher.get_opcodes()
        if tag != "equal"
    ]  # fmt: skip


def splices(
    ranges: Sequence[Range],
    new: Sequence[str],
    place: Callable[[int], int],
    move: Callable[[str], str],
) -> tuple[Splice, ...]:
    """The splices of ranges; `place` says where an old line (or the end of them) stands in the file."""
    return tuple(
        Splice(place(i1), place(i1) + i2 - i1, tuple(move(line) for line in new[j1:j2])) for i1, i2, j1, j2 in ranges
    )


def spliced(text: str, wanted: Sequence[Splice]) -> str:
    """A text with splices made that do not meet. Line ends are those of the lines around, and so is the last one."""
    lines = ended_lines(text)
    usual = newline_of(text)
    made: list[tuple[str, str]] = []
    position = 0
    for splice in sorted(wanted):
        made += lines[position : splice.start]
        for index, line in enumerate(splice.lines):
            at = min(splice.start + index, max(splice.end - 1, splice.start - 1))
            made.append((line, (lines[at][1] if 0 <= at < len(lines) else "") or usual))
        position = splice.end
    made += lines[position:]
    ends = not lines or bool(lines[-1][1])
    return "".join(
        content + (end or usual if ends or number < len(made) - 1 else "") for number, (content, end) in enumerate(made)
    )
