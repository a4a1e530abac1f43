"""What a file has where an answer seems to mean, quoted so that the answer can be corrected."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from rapidfuzz import fuzz, process

from bot.edits.texts import BLANKS, Lines

NOTHING_LIKE_IT = "Nothing in the file resembles them; it has {count} lines."
LIKE_IT = "What resembles them most, copied exactly:\n{lines}"

_TRIED = 12
"""The longest lines of a hunk, which say most."""
_LIKE = 60
_QUOTED = 16
_AROUND = 2
_WIDTH = 200


def nearest(old: Sequence[str], file: Lines) -> str:
    """The lines of the file that resemble these most, in a sentence."""
    start = _start([line.strip(BLANKS) for line in old], file)
    if start is None:
        return NOTHING_LIKE_IT.format(count=len(file.raw))
    begin = max(0, start - _AROUND)
    end = min(len(file.raw), start + len(old) + _AROUND, begin + _QUOTED)
    return LIKE_IT.format(lines=quoted(file.raw, begin, end))


def quoted(lines: Sequence[str], begin: int, end: int) -> str:
    """Lines with their numbers, long ones cut."""
    width = len(str(end))
    return "\n".join(f"{number + 1:>{width}}| {lines[number][:_WIDTH]}" for number in range(begin, end))


def _start(bare: Sequence[str], file: Lines) -> int | None:
    votes: Counter[int] = Counter()
    known = list(file.places)
    for index in sorted(range(len(bare)), key=lambda index: -len(bare[index]))[:_TRIED]:
        line = bare[index][: 2 * _WIDTH]
        found = process.extractOne(line, known, scorer=fuzz.ratio, score_cutoff=_LIKE) if line else None
        if found is not None:
            for place in file.places[found[0]][:_TRIED]:
                votes[place - index] += int(found[1])
    if not votes:
        return None
    start, _ = max(votes.items(), key=lambda item: (item[1], -item[0]))
    return max(0, min(start, len(file.raw) - 1))
