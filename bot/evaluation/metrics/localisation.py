"""Whether the right place was found: where the fix of the project changed the code."""

from __future__ import annotations

from collections.abc import Sequence

from bot.evaluation.metrics.base import Mean, Measure, mean
from bot.models.evaluation import Lines, Reference, Result

NEAR = 3
"""Lines between a place and a change outside functions that still count as the same place."""


def right_file(places: Sequence[Lines], reference: Reference) -> bool | None:
    """Whether one of the places is in a file the fix changed; null where nothing is known of the fix."""
    return any(place.path in reference.files for place in places) if reference.files else None


def right_place(places: Sequence[Lines], reference: Reference) -> bool | None:
    """Whether one of them is in a function the fix changed, or near a change of it; null as `right_file`."""
    if not reference.changed:
        return None
    wanted = [touched.whole for touched in reference.functions]
    wanted += [Lines(path=one.path, start=one.start - NEAR, end=one.end + NEAR) for one in reference.changed]
    return any(place.overlaps(one.path, one.start, one.end) for place in places for one in wanted)


def file(results: Sequence[Result]) -> Mean:
    """Share of the cases in which the bot's place is in a file that the project's own fix changed. The place is what
    its patch changes; without a patch, the first fault it names."""
    return mean(result.right_file for result in results)


def place(results: Sequence[Result]) -> Mean:
    """The same, where the place must be in a function or class that the fix changed, or within 3 lines of a change."""
    return mean(result.right_place for result in results)


MEASURES = (
    Measure("right_file", "right file", file),
    Measure("right_place", "right place", place),
)
