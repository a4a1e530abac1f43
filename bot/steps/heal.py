"""What to try next: the faults that are there now, and the rules that answer them."""

from __future__ import annotations

from collections.abc import Sequence

from bot.models.attempt import Attempt, Revision
from bot.models.evidence import Evidence
from bot.models.patch import Patch
from bot.models.request import RepairRequest
from bot.steps.base import Tools
from bot.steps.patch import checkout
from bot.steps.plan import propose


def heal(request: RepairRequest, evidence: Evidence, attempts: Sequence[Attempt], tools: Tools) -> Revision | None:
    """The next revision, or None: clean, out of attempts, or nothing answers what is left.

    It builds on the last attempt unless that one was rejected, then on the best so far.
    """
    last = attempts[-1]
    if len(attempts) >= request.max_attempts or (last.verdict.accepted and not last.verdict.remaining):
        return None
    if not last.verdict.accepted:
        return None
    checkout(last.patch, tools)
    plan = propose(request, last.validation.faults, tools)
    if not plan.repairs:
        return None
    return Revision(plan=plan, base=last.patch, reason=f"{len(last.verdict.remaining)} faults are left")


def best(attempts: Sequence[Attempt]) -> Attempt | None:
    """The attempt to hand over: accepted, fewest faults left, smallest; None when none is any good."""
    good = [attempt for attempt in attempts if attempt.verdict.accepted]
    return max(good, key=lambda attempt: (attempt.verdict.score, -attempt.number)) if good else None


EMPTY = Patch(diff="")
"""The patch the first attempt starts from."""
