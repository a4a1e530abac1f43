"""Indentation: how far the lines of an answer stand from those of a file, and lines moved by as much."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

Pair = tuple[str, str]
"""The indentation of a line as the answer has it, and as the file has it."""

_UNITS = (4, 8, 2)


def indent(line: str) -> str:
    """The white space a line begins with."""
    return line[: len(line) - len(line.lstrip(" \t"))]


def shift(pairs: Sequence[Pair], lines: Sequence[str], file: Sequence[str]) -> Callable[[str], str] | None:
    """What moves a line of the answer to where the file has it; None where the pairs are not moved alike.

    `lines` are those to be moved, `file` is the indentation of the file's lines that have some. Tabs are counted in
    the unit of whichever side writes spaces; where none can be told from the others and it matters, nothing is moved.
    """
    known: dict[str, str] = {}
    for ours, theirs in pairs:
        if known.setdefault(ours, theirs) != theirs:
            return None
    moved = [line for line in lines if line.strip()]
    tabs = _uses_tabs([theirs for _, theirs in pairs], file)
    found: dict[tuple[str, ...], tuple[bool, int, int]] = {}
    units, told = _units(known, moved, file)
    for unit in units:
        by = {len(theirs.expandtabs(unit)) - len(ours.expandtabs(unit)) for ours, theirs in known.items()}
        if len(by) != 1:
            continue
        (distance,) = by
        if any(len(indent(line).expandtabs(unit)) + distance < 0 for line in moved):
            continue
        result = tuple(_moved(line, known, unit, distance, tabs) for line in moved)
        found.setdefault(result, (distance == 0, unit, distance))
    # Not moved at all is likelier than moved; and where spaces tell it, a level is as wide as they allow.
    best = ([value for value in found.values() if value[0]] or list(found.values()))[: 1 if told else None]
    if len(best) != 1:
        return None
    _, unit, distance = best[0]
    return lambda line: _moved(line, known, unit, distance, tabs)


def _moved(line: str, known: dict[str, str], unit: int, distance: int, tabs: bool) -> str:
    if not line.strip():
        return line
    begins = indent(line)
    if begins in known:
        return known[begins] + line[len(begins) :]
    if distance == 0 and ("\t" in begins) == tabs:
        return line
    width = max(0, len(begins.expandtabs(unit)) + distance)
    return ("\t" * (width // unit) + " " * (width % unit) if tabs else " " * width) + line[len(begins) :]


def _uses_tabs(matched: Sequence[str], file: Sequence[str]) -> bool:
    """Whether the file is indented by tabs, at this place or else as a whole."""
    indented = [begins for begins in matched if begins] or list(file)
    return sum(begins[0] == "\t" for begins in indented) * 2 > len(indented)


def _units(known: dict[str, str], moved: Sequence[str], file: Sequence[str]) -> tuple[Sequence[int], bool]:
    """How many spaces a tab may stand for, and whether the spaces on the side that has some tell it."""
    ours = [*known, *(indent(line) for line in moved)]
    theirs = list(known.values())
    if not any("\t" in begins for begins in (*ours, *theirs)) and not _uses_tabs(theirs, file):
        return (1,), True
    spaces = ours if not any("\t" in begins for begins in ours) else file
    width = math.gcd(*(len(begins) for begins in spaces if "\t" not in begins))
    told = [unit for unit in (8, 4, 3, 2) if width and width % unit == 0]
    return (told, True) if told else (_UNITS, False)
