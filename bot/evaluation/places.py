"""Places of a commit's code: what a patch changes, what was told to be wrong, what a bot pointed at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.dossier.codebase import Codebase
from bot.dossier.places import Frames
from bot.models.evaluation import Lines
from bot.models.fault import Fault
from bot.models.patch import Patch
from bot.patches import parse, path_of

AROUND = 3
"""Lines before and after a place outside functions."""


def changed(patch: Patch) -> tuple[Lines, ...]:
    """The lines of the base commit that a patch removes, or behind which it adds."""
    return tuple(dict.fromkeys(_changed(patch)))


def told(faults: Sequence[Fault], frames: Frames, base: Codebase) -> tuple[Lines, ...]:
    """The functions in which faults show or through which a traceback goes; outside functions the lines around."""
    spots = [(fault.path, fault.line) for fault in faults if fault.path and fault.line] + list(frames)
    return tuple(dict.fromkeys(_around(path, line, base) for path, line in spots))


def pointed_at(patch: Patch | None, faults: Sequence[Fault]) -> tuple[Lines, ...]:
    """What a patch changes; without one, the first fault that has a place."""
    if patch is not None and not patch.empty:
        return changed(patch)
    first = next((fault for fault in faults if fault.path and fault.line), None)
    return () if first is None else (Lines(path=first.path, start=first.line, end=max(first.line, first.end_line)),)


def _changed(patch: Patch) -> Iterator[Lines]:
    for file in parse(patch.diff):
        path = path_of(file, patch.encoding)
        for hunk in file:
            last = hunk.source_start
            for line in hunk:
                last = line.source_line_no or last
                if line.is_removed or line.is_added:
                    yield Lines(path=path, start=max(last, 1), end=max(last, 1))


def _around(path: str, line: int, base: Codebase) -> Lines:
    function = base.function_around(path, line)
    if function is not None:
        return Lines(path=path, start=function.start, end=function.end)
    return Lines(path=path, start=max(line - AROUND, 1), end=line + AROUND)
