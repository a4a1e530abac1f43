"""What a plan comes to: the rules' patch, or as many candidates of a model as are wanted."""

from __future__ import annotations

from collections.abc import Sequence

from bot.models.attempt import Attempt
from bot.models.evidence import Evidence
from bot.models.patch import Patch
from bot.models.plan import Plan
from bot.models.request import RepairRequest
from bot.steps.base import Tools
from bot.steps.patch import patch
from bot.steps.propose import propose
from bot.steps.revise import history, in_a_row

MOST_LOOKUPS = 2
"""How often in a row a model may ask to see more instead of answering."""


def candidates(
    request: RepairRequest,
    evidence: Evidence,
    plan: Plan,
    base: Patch,
    attempts: Sequence[Attempt],
    tools: Tools,
) -> tuple[Patch, ...]:
    """At least one patch; equal ones once. A patch that failed is mended by one, not by several."""
    if plan.by != "model":
        return (patch(request, plan, base, tools),)
    failed = history(evidence, attempts)
    wanted = 1 if failed else tools.candidates
    more = in_a_row(attempts) < MOST_LOOKUPS
    made = [
        propose(request, evidence, plan.unanswered, plan, base, failed, tools, sample, more) for sample in range(wanted)
    ]
    kept: dict[str, Patch] = {}
    for one in made:
        kept.setdefault(f"{one.diff}\0{one.refused}\0{one.query}", one)
    spoken = tuple(one for one in kept.values() if not one.unanswered)
    return spoken or (made[0],)
