"""One attempt, and what was made of it."""

from __future__ import annotations

from bot.models.base import Frozen
from bot.models.fault import Fault
from bot.models.opinion import Opinion
from bot.models.patch import Patch
from bot.models.plan import Plan
from bot.models.validation import ValidationReport


class Verdict(Frozen):
    """What an attempt is worth: machine checks only, so that it can be believed.

    `reason` is a sentence for people. `score` orders attempts: nothing broken first, then fewest
    faults left, then the smaller patch.
    """

    accepted: bool
    verified: bool
    reason: str
    repaired: tuple[Fault, ...] = ()
    remaining: tuple[Fault, ...] = ()
    executed_lines: int = 0
    changed_lines: int = 0
    score: tuple[int, ...] = ()
    opinion: Opinion | None = None
    """What a critic model thinks; it makes nothing accepted or verified."""
    objected: bool = False
    """Its lowest mark is below the gate: worth one more attempt."""


class Attempt(Frozen):
    """One frozen (Patch, ValidationReport, Verdict)."""

    number: int
    patch: Patch
    validation: ValidationReport
    verdict: Verdict


class Revision(Frozen):
    """What healing asks of the next attempt: the plan it adds, on top of the patch it starts from."""

    plan: Plan
    base: Patch
    reason: str
    query: str | None = None
