"""How far patches come, and whether the names of Blender's API in them exist."""

from __future__ import annotations

from collections.abc import Sequence

from bot.evaluation.metrics.base import Mean, Measure, share
from bot.models.attempt import Attempt
from bot.models.evaluation import PatchMarks, Result, Share

_CHECKED_BY_READING = frozenset({"syntax", "ruff"})


def marks_of(attempts: Sequence[Attempt]) -> tuple[PatchMarks, ...]:
    """How far each patch came; what no model answered, and a wish to look something up, is no patch."""
    return tuple(_marks(attempt) for attempt in attempts if not (attempt.patch.unanswered or attempt.patch.query))


def _marks(attempt: Attempt) -> PatchMarks:
    applies = not attempt.patch.empty and not attempt.patch.refused
    broken = any(row.broken for row in attempt.validation.differences if row.validator in _CHECKED_BY_READING)
    return PatchMarks(
        by=attempt.patch.by, applies=applies, lints=applies and not broken, verified=attempt.verdict.verified
    )


def total(shares: Sequence[Share | None]) -> Mean:
    """All of them together."""
    known = [one for one in shares if one is not None]
    return share(sum(one.good for one in known), sum(one.total for one in known))


def applies(results: Sequence[Result]) -> Mean:
    """Of the patches that were put forward, the share that could be placed, changes something, and is allowed by the
    policy for patches."""
    patches = [patch for result in results for patch in result.patches]
    return share(sum(patch.applies for patch in patches), len(patches))


def lints(results: Sequence[Result]) -> Mean:
    """Of the patches that were put forward, the share that applies and gives the syntax check and ruff nothing new to
    complain of."""
    patches = [patch for result in results for patch in result.patches]
    return share(sum(patch.lints for patch in patches), len(patches))


def verified(results: Sequence[Result]) -> Mean:
    """Of the patches that were put forward, the share that the bot calls verified."""
    patches = [patch for result in results for patch in result.patches]
    return share(sum(patch.verified for patch in patches), len(patches))


def existing(results: Sequence[Result]) -> Mean:
    """Of the names of Blender's API in the lines that a model's patches add, the share that exists, by the stubs, in
    the oldest and the newest supported release and in those that were run, as far as the line runs there; counted are
    names whose owner is certain (as `bot/validators/grounding.py` reads them), in all cases together."""
    return total([result.api for result in results])


def hallucinated(results: Sequence[Result]) -> Mean:
    """Of the names of Blender's API in the first answer to each request for a patch, before any reminder, the share
    that does not exist in one of the same releases in which the line runs. A first answer that cannot be placed in the
    files is not counted."""
    found = total([result.first_api for result in results])
    return Mean(None if found.value is None else 1 - found.value, found.over)


MEASURES = (
    Measure("applies", "patches that apply", applies),
    Measure("lints", "… and lint", lints),
    Measure("verified_patches", "… and are verified", verified),
    Measure("api_exists", "API names that exist", existing),
    Measure("hallucinated", "API names made up", hallucinated, goal=0.05, at_most=True),
)
