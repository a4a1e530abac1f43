"""Where a model has to look: the places of the faults, the frames of their tracebacks, what answers the task."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.models.fault import Fault
from indexer.models import Hit


@dataclass(frozen=True)
class Spot:
    """A line to look at. `depth` 0 is where a fault shows, 1 what called it, and so on."""

    path: str
    line: int
    depth: int = 0


Frames = Sequence[tuple[str, int]]
"""Path and line of the frames of a traceback inside the add-on, outermost first."""


def spots(
    faults: Sequence[Fault], frames: Frames, hits: Iterable[Hit], texts: Mapping[str, str], also: Frames = ()
) -> tuple[Spot, ...]:
    """Every line to look at, each once, the most telling first.

    Hits of a search count where no fault has a place; `also` are places as telling as a fault's own.
    """
    found: dict[tuple[str, int], Spot] = {}
    for spot in (*(Spot(path, line) for path, line in also), *_all(faults, frames, hits)):
        if spot.path in texts and spot.line > 0:
            known = found.get((spot.path, spot.line))
            if known is None or spot.depth < known.depth:
                found[spot.path, spot.line] = spot
    return tuple(sorted(found.values(), key=lambda spot: spot.depth))


def _all(faults: Sequence[Fault], frames: Frames, hits: Iterable[Hit]) -> Iterator[Spot]:
    for fault in faults:
        if fault.path and fault.line:
            yield Spot(fault.path, fault.line)
    for depth, (path, line) in enumerate(reversed(frames)):
        yield Spot(path, line, depth)
    if not any(fault.path and fault.line for fault in faults):
        for place, hit in enumerate(hits):
            if hit.kind == "code":
                # The first hits are as good as a place; what follows is around it.
                yield Spot(hit.path, hit.start, 0 if place < 3 else 2)
