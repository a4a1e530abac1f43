"""What to try next: the faults that are there now, and the rules that answer them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from bot.models.attempt import Attempt, Revision
from bot.models.evidence import Evidence
from bot.models.patch import EMPTY, Decision, Patch, Repair
from bot.models.plan import Plan
from bot.models.request import RepairRequest
from bot.models.validation import Outcome
from bot.reporting.text import plural
from bot.steps.base import Tools
from bot.steps.patch import checkout
from bot.steps.plan import propose
from bot.steps.revise import revise

LEFT_OUT = "attempt {number} broke something with it: {reason}"
FAULTS_LEFT = "{faults} left"


def heal(request: RepairRequest, evidence: Evidence, attempts: Sequence[Attempt], tools: Tools) -> Revision | None:
    """The next revision, or None: clean, out of attempts, or nothing answers what is left.

    It builds on the best attempt so far: rules first, then a model. After a rejected one the rules that had
    a hand in what broke are left out, so that one bad repair does not cost the good ones.
    """
    last = attempts[-1]
    done = last.verdict.accepted and not last.verdict.remaining and not last.verdict.objected
    if len(attempts) >= request.max_attempts or done:
        return None
    good = best(attempts)
    return _by_rules(request, evidence, attempts, good, tools) or revise(request, evidence, attempts, good, tools)


def _by_rules(
    request: RepairRequest, evidence: Evidence, attempts: Sequence[Attempt], good: Attempt | None, tools: Tools
) -> Revision | None:
    base = good.patch if good else EMPTY
    faults = good.validation.faults if good else evidence.faults
    checkout(base, tools)
    plan = _without(propose(request, faults, tools), _rejected(attempts))
    if not any(not repair.accompanies for repair in plan.repairs) or tried(attempts, base, plan):
        return None
    return Revision(plan=plan, base=base, reason=FAULTS_LEFT.format(faults=plural(len(faults), "fault")))


def tried(attempts: Sequence[Attempt], base: Patch, plan: Plan) -> bool:
    """Whether an attempt was already made of these very repairs."""
    wanted = _places((*base.repairs, *plan.repairs))
    return any(_places(attempt.patch.repairs) == wanted for attempt in attempts)


def _places(repairs: Sequence[Repair]) -> Counter[tuple[str, str, int, str]]:
    return Counter((repair.rule, repair.path, repair.line, repair.message) for repair in repairs)


def best(attempts: Sequence[Attempt]) -> Attempt | None:
    """The attempt to hand over: accepted, fewest faults left, not objected to, smallest; None when none is any good."""
    good = [attempt for attempt in attempts if attempt.verdict.accepted]
    return max(good, key=_worth) if good else None


def _worth(attempt: Attempt) -> tuple[tuple[int, ...], bool, tuple[int, ...], int]:
    """Evidence before opinion, opinion before size, the earlier of equals."""
    *evidence, size = attempt.verdict.score or (0,)
    return tuple(evidence), not attempt.verdict.objected, (size,), -attempt.number


def suspects(attempt: Attempt, base: Patch) -> frozenset[str]:
    """The rules that had a hand in what a rejected attempt broke.

    Those that newly changed a file something broken is in; where no place is known, all of them.
    """
    new = [repair for repair in attempt.patch.repairs if repair not in base.repairs]
    broken = set(attempt.validation.broken)
    places = {
        check.fault.path
        for seen in attempt.validation.observations
        for check in seen.checks
        if check.id in broken and check.outcome is Outcome.FAIL and check.fault is not None and check.fault.path
    }
    hit = frozenset(repair.rule for repair in new if repair.path in places)
    return hit or frozenset(repair.rule for repair in new)


def _rejected(attempts: Sequence[Attempt]) -> dict[str, str]:
    """The rules to leave out, and why: by every rejected attempt, seen from the good one before it."""
    out: dict[str, str] = {}
    for place, attempt in enumerate(attempts):
        if not attempt.verdict.accepted:
            good = best(attempts[:place])
            reason = LEFT_OUT.format(number=attempt.number, reason=attempt.verdict.reason)
            out.update(dict.fromkeys(suspects(attempt, good.patch if good else EMPTY), reason))
    return out


def _without(plan: Plan, rules: dict[str, str]) -> Plan:
    left = tuple(
        repair.model_copy(update={"decision": Decision.LEAVE, "reason": rules[repair.rule][:500], "edits": ()})
        for repair in plan.repairs
        if repair.rule in rules
    )
    kept = tuple(repair for repair in plan.repairs if repair.rule not in rules)
    return plan.model_copy(update={"repairs": kept, "explained": (*plan.explained, *left)})
