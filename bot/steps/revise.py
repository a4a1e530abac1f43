"""What a model is asked next: the exact failure of its last patch, or what rules left, and nothing twice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.models.attempt import Attempt, Revision
from bot.models.evidence import Evidence
from bot.models.patch import EMPTY, Patch
from bot.models.plan import Path
from bot.models.request import RepairRequest
from bot.models.validation import TEST_SUITE, Check, Outcome
from bot.patches import line_before
from bot.prompts.compose import Failed
from bot.prompts.fence import shortened
from bot.steps.base import Tools
from bot.steps.patch import checkout
from bot.steps.route import plan
from bot.steps.subject import open_faults, worded

MOST_ATTEMPTS = 3
"""Patches a model may try at one task."""
MOST_CHECKS = 4
LEFT = "It is not enough: {faults} still there."
FAILING = "{id} fails in Blender {release}: {message}"
OBJECTIONS = "The checks pass. A reviewer objects: {objections}"
LONGEST_TRACEBACK = 1200


def revise(
    request: RepairRequest, evidence: Evidence, attempts: Sequence[Attempt], good: Attempt | None, tools: Tools
) -> Revision | None:
    """The next thing to ask of a model; null where nothing is open, nobody answers, or it goes round in circles."""
    if not tools.models.available or stuck(evidence, attempts):
        return None
    faults = open_faults(evidence, good)
    if not faults and not _wanted(request, good):
        return None
    base = _base(attempts, good)
    checkout(base, tools)
    last = written(attempts)[-1:]
    why = failure(last[0], evidence) if last else ""
    made = plan(request, evidence, faults, tools, why)
    if made.by != "model":
        return None
    query = "\n".join(looked_up(attempts))
    again = made.route is not None and made.route.path is Path.AGENTIC and bool(made.tasks)
    return Revision(
        plan=made.model_copy(update={"query": query, "tasks": made.tasks if again else ()}),
        base=base,
        reason=why or LEFT.format(faults=len(faults)),
        query=query or None,
    )


def written(attempts: Sequence[Attempt]) -> list[Attempt]:
    """The attempts a model wrote."""
    return [attempt for attempt in attempts if attempt.patch.by == "model"]


def looked_up(attempts: Sequence[Attempt]) -> tuple[str, ...]:
    """What a model asked to see; whoever heals its patch is shown it too."""
    return tuple(attempt.patch.query for attempt in written(attempts) if attempt.patch.query)


def in_a_row(attempts: Sequence[Attempt]) -> int:
    """How often a model has asked to see more since its last patch."""
    mine = written(attempts)
    patches = [number for number, attempt in enumerate(mine) if not attempt.patch.query]
    return len(mine) - 1 - max(patches, default=-1)


def history(evidence: Evidence, attempts: Sequence[Attempt]) -> tuple[Failed, ...]:
    """What a model is told of its attempts, oldest first; a wish to look something up is none."""
    return tuple(
        Failed(failure(attempt, evidence), attempt.patch.own or attempt.patch.diff, places=_places(attempt, evidence))
        for attempt in written(attempts)
        if not attempt.patch.query and not attempt.patch.unanswered
    )


def stuck(evidence: Evidence, attempts: Sequence[Attempt]) -> bool:
    """Whether asking again is no use: nobody answers, tried often enough, or twice the same failure."""
    mine = written(attempts)
    if not mine:
        return False
    tried = [attempt for attempt in mine if not attempt.patch.query]
    if mine[-1].patch.unanswered or len(tried) >= MOST_ATTEMPTS:
        return True
    if sum(attempt.verdict.objected for attempt in tried) > 1:
        return True  # an opinion is worth one more attempt, not two
    return len(tried) >= 2 and failure(tried[-1], evidence) == failure(tried[-2], evidence)


def failure(attempt: Attempt, evidence: Evidence) -> str:
    """Why an attempt is not good enough: exception, place, the end of the traceback."""
    if attempt.patch.refused:
        return "; ".join(attempt.patch.refused)
    parts = [attempt.verdict.reason]
    if attempt.verdict.objected and attempt.verdict.opinion is not None:
        parts = [OBJECTIONS.format(objections=" ".join(attempt.verdict.opinion.objections) or "low marks")]
    for check, release in list(_failing(attempt, evidence))[:MOST_CHECKS]:
        fault = check.fault
        message = f"{fault.exception or ''}: {fault.message} ({fault.place})" if fault else check.detail
        parts.append(FAILING.format(id=check.id, release=release, message=message))
        if fault is not None and fault.traceback:
            parts.append(shortened(fault.traceback, LONGEST_TRACEBACK))
    return "\n".join(parts)


def _places(attempt: Attempt, evidence: Evidence) -> tuple[tuple[str, int], ...]:
    """Where it failed, in the code without its patch."""
    found = [check.fault for check, _ in _failing(attempt, evidence) if check.fault is not None and check.fault.path]
    return tuple(dict.fromkeys((fault.path, line_before(attempt.patch, fault.path, fault.line)) for fault in found))


def _failing(attempt: Attempt, evidence: Evidence) -> Iterator[tuple[Check, object]]:
    """What fails and has to do with it: scripts, what was broken, and what failed before and fails otherwise now."""
    broken = set(attempt.validation.broken)
    known = {(fault.exception, fault.message) for fault in evidence.faults}
    told: set[str] = set()
    ranked: list[tuple[int, Check, object]] = []
    for look in attempt.validation.observations:
        for check in look.checks:
            if check.outcome is Outcome.PASS or (look.findings_only and check.id not in broken):
                continue
            fault = check.fault
            otherwise = fault is not None and (fault.exception, fault.message) not in known
            if check.id.startswith("script:") and check.outcome is Outcome.FAIL:
                ranked.append((0, check, look.release))
            elif check.id in broken:
                ranked.append((1, check, look.release))
            elif look.validator in ("exercise", "tests", TEST_SUITE) and check.outcome is Outcome.FAIL and otherwise:
                ranked.append((2, check, look.release))
    for _, check, release in sorted(ranked, key=lambda one: one[0]):
        if check.id not in told:
            told.add(check.id)
            yield check, release


def _wanted(request: RepairRequest, good: Attempt | None) -> bool:
    """Whether something is to be written although no fault is open."""
    if good is not None and good.verdict.objected:
        return True
    return worded(request) and (good is None or good.patch.by != "model")


def _base(attempts: Sequence[Attempt], good: Attempt | None) -> Patch:
    """What the next patch stands on: the best so far, but never a model's own that is to be written anew."""
    if good is None:
        return EMPTY
    if good.patch.by == "model" and good.verdict.objected:
        ours = [attempt for attempt in attempts if attempt.verdict.accepted and attempt.patch.by == "rules"]
        return ours[-1].patch if ours else EMPTY
    return good.patch
