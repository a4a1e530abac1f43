"""Cutting what is too long: into units first, at boundaries of the language, then packed into parts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from indexer.chunking.base import MAX_CHARACTERS
from indexer.chunking.source import Source, Span

_TAIL = MAX_CHARACTERS // 5
"""A last part shorter than this stays with the part before it."""


def by_lines(source: Source, start: int, end: int, limit: int = MAX_CHARACTERS) -> list[Span]:
    """The span in parts of at most that many characters, cut wherever a line ends."""
    return pack(source, [(line, line) for line in range(start, end + 1)], limit)


def by_blank_lines(source: Source, start: int, end: int) -> list[Span]:
    """The span in its blocks: what stands between blank lines, each with the blank lines that follow it."""
    units: list[Span] = []
    first = start
    for line in range(start + 1, end + 1):
        if source.lines[line - 1].strip() and not source.lines[line - 2].strip():
            units.append((first, line - 1))
            first = line
    return [*units, (first, end)] if start <= end else []


def pack(source: Source, units: Iterable[Span], limit: int = MAX_CHARACTERS) -> list[Span]:
    """Join neighbouring units, in their order, as long as they fit; a unit that does not fit stands alone.

    Greedy from the top, so that an edit near the end of a long function leaves its earlier parts as they were.
    """
    packed: list[Span] = []
    for start, end in units:
        if packed and packed[-1][1] + 1 >= start and source.length(packed[-1][0], end) <= limit:
            packed[-1] = (packed[-1][0], end)
        else:
            packed.append((start, end))
    if len(packed) > 1 and _short_tail(source, packed[-2:], limit):
        packed[-2:] = [(packed[-2][0], packed[-1][1])]
    return packed


def trimmed(source: Source, spans: Iterable[Span]) -> list[Span]:
    """The spans without blank lines around them, blank ones left out."""
    return [kept for start, end in spans if (kept := source.trimmed(start, end)) is not None]


def without(span: Span, holes: Sequence[Span]) -> list[Span]:
    """What is left of a span between the holes; these are in the order of their first lines."""
    left: list[Span] = []
    line, last = span
    for start, end in holes:
        if start > line:
            left.append((line, min(start - 1, last)))
        line = max(line, end + 1)
    return [*left, (line, last)] if line <= last else left


def _short_tail(source: Source, last: Sequence[Span], limit: int) -> bool:
    (start, _), (tail, end) = last
    return last[0][1] + 1 == tail and source.length(tail, end) < _TAIL and source.length(start, end) <= limit + _TAIL
