"""Operators called again in the same scene: data each call leaves behind, and nothing uses."""

from __future__ import annotations

import itertools
from collections.abc import Callable

from bot.blender.harness.scene.datablocks import unused
from bot.blender.harness.timing import OutOfTimeError, time_limit

AGAIN = 2
LONGEST = 2.0
"""Seconds the calls may take together."""
LEAVES = "each call leaves behind data that nothing uses: {what}"


def left_each_time(before: dict[str, int], call: Callable[[], bool]) -> str:
    """What an operator leaves behind each time, in words; empty where it does not, or where that cannot be seen.

    `before` is what was `unused` before its first call, which was made. It is called again only where that left
    something. It is told, and no fault: some are there to make data for somebody to use.
    """
    counts = [before, unused()]
    if not _growing(counts):
        return ""
    try:
        with time_limit(LONGEST):
            for _ in range(AGAIN):
                if not call():
                    return ""
                counts.append(unused())
    except OutOfTimeError:
        return ""
    told = [f"{number} in bpy.data.{name}" for name, number in _growing(counts).items()]
    return LEAVES.format(what=", ".join(told)) if told else ""


def _growing(counts: list[dict[str, int]]) -> dict[str, int]:
    """By collection, the fewest that each of the counts has more than the one before it, where all have more."""
    steps = list(itertools.pairwise(counts))
    fewest = {name: min(after[name] - before[name] for before, after in steps) for name in counts[0]}
    return {name: number for name, number in fewest.items() if number > 0}
