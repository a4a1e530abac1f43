"""What an attempt is worth, from the machine's checks alone.

*Verified* is said in one place, here, and means what the design says: every repaired fault was
reproduced (or a real Blender said that the API is not there) before and is gone after, at least one
changed line was executed, and nothing that worked is broken in any release that was run. It is said of
what was asked for and not of single lines: of the whole add-on where nobody named a fault, so that
nothing is verified while anything known to be wrong is left; of the faults somebody's log tells of where
they are repaired, so that what merely a checker claims of other files does not stand against them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import PurePosixPath

from bot.models.attempt import Verdict
from bot.models.evidence import Evidence
from bot.models.fault import Fault, FaultKind, Proof
from bot.models.patch import Patch
from bot.models.release import Release
from bot.models.request import Mode
from bot.models.validation import Observation, Outcome, ValidationReport
from bot.steps.distinct import counted, distinct

TESTS_FAIL = "The tests do not hold: {checks}."
TEST_PROVES = "1 test passes, and fails when {behaviours} it names is taken away."
TESTS_PROVE = "{tests} tests pass, and fail when {behaviours} they name is taken away."
UNANSWERED = "No model answered: {why}"
REFUSED = "The patch is refused: {reasons}."
NOTHING = "Nothing was changed."
BROKEN = "It breaks what worked: {checks}."
UNREACHED = "It could not be checked: {notes}."
LACKING = "It uses what is not there: {names}."
NOTHING_REPAIRED = "No fault is gone."
OTHERWISE = "What the reproduction showed is gone, and now it fails in another way."
VERIFIED = "{repaired} repaired, {executed} of {changed} changed lines ran in Blender, nothing that worked broke."
UNCHANGED = "{executed} of {changed} changed lines ran in Blender, nothing that worked broke."
UNPROVEN_WORDS = "Nothing broke; not verified: {why}."
CHANGED = "what {operators} makes is not the same as before"
UNSEEN = "nothing was seen to fail before"
UNPROVEN = "{repaired} repaired, but not proven: {why}."
STILL_SHOWN = "in a Blender without the harness a script still shows {count} of these"


def critique(
    evidence: Evidence,
    patch: Patch,
    report: ValidationReport,
    targets: Sequence[Release] = (),
    mode: Mode = Mode.FIX,
) -> Verdict:
    """Accept or reject an attempt, and say whether its repair is verified in the releases it must be."""
    evidence = _steady(evidence, report.observations)
    repaired = _repaired(evidence, report)
    remaining = (*report.faults, *_open(evidence, repaired, report))
    executed, changed = executed_lines(patch, report.observations)
    if mode is Mode.TEST:
        return _of_tests(patch, report)
    problem = _problem(patch, evidence, report, repaired, mode)
    doubts = _doubts(evidence, repaired, remaining if mode is Mode.FIX else (), executed, targets, report.observations)
    if patch.by != "model" or mode is Mode.REFACTOR:  # what was asked for in words may be another result
        doubts = (*doubts, *_changed(report))
    if not repaired and mode is not Mode.REFACTOR:
        doubts = (*doubts, UNSEEN)
    count = counted(distinct(repaired))
    proven = VERIFIED if repaired else UNCHANGED
    unproven = UNPROVEN if repaired else UNPROVEN_WORDS
    return Verdict(
        accepted=not problem,
        verified=not problem and not doubts,
        reason=problem
        or (unproven.format(repaired=count, why="; ".join(doubts)) if doubts else
            proven.format(repaired=count, executed=executed, changed=changed)),
        repaired=repaired,
        remaining=remaining,
        executed_lines=executed,
        changed_lines=changed,
        score=(0 if problem else 1, -len(report.broken), -len(remaining), -(patch.added + patch.removed)),
    )  # fmt: skip


def _steady(evidence: Evidence, observations: Sequence[Observation]) -> Evidence:
    """The evidence without faults shown by nothing but tests whose outcome, as it turned out, changes by itself."""
    flaky = {
        (seen.validator, seen.release, check.id)
        for seen in observations
        for check in seen.checks
        if check.apart == "flaky"
    }
    if not flaky:
        return evidence
    kept = [
        fault for fault in evidence.faults if not (carriers := _carriers(fault, evidence.baseline)) or carriers - flaky
    ]
    return evidence.model_copy(update={"faults": tuple(kept)})


def _changed(report: ValidationReport) -> tuple[str, ...]:
    """The operators that worked before and make something else now, in the same release, as a doubt."""
    names = dict.fromkeys(one.operator for one in report.sameness if one.settled and one.differences)
    return (CHANGED.format(operators=", ".join(names)),) if names else ()


def upheld(verdict: Verdict, shown: Sequence[Fault]) -> Verdict:
    """The verdict once the scripts of single faults were run with the patch: what one still shows is not repaired."""
    identities = {fault.identity for fault in verdict.repaired}
    still = [fault for fault in shown if fault.identity in identities]
    if not still or not verdict.verified:
        return verdict
    why = STILL_SHOWN.format(count=counted(distinct(still)))
    reason = UNPROVEN.format(repaired=counted(distinct(verdict.repaired)), why=why)
    return verdict.model_copy(update={"verified": False, "reason": reason})


def _of_tests(patch: Patch, report: ValidationReport) -> Verdict:
    """What tests are worth: each passes, and each behaviour they name is missed by one of them when it is gone."""
    checks = [check for seen in report.observations for check in seen.checks]
    failing = [check for check in checks if check.outcome is not Outcome.PASS]
    noticed = sum(check.id.startswith("mutant:") for check in checks)
    why = [check.detail or (check.fault.message if check.fault else "") for check in failing]
    told = "; ".join(f"{check.id}: {reason}" for check, reason in zip(failing[:8], why, strict=False))
    if patch.unanswered:
        problem = UNANSWERED.format(why=patch.unanswered)
    elif patch.refused:
        problem = REFUSED.format(reasons="; ".join(patch.refused))
    else:
        problem = NOTHING if patch.empty else TESTS_FAIL.format(checks=told.rstrip(".")) if failing else ""
    count = sum(check.id.startswith("test:") for check in checks)
    behaviours = "the behaviour" if noticed == 1 else f"one of the {noticed} behaviours"
    proof = (TEST_PROVES if count == 1 else TESTS_PROVE).format(tests=count, behaviours=behaviours)
    return Verdict(
        accepted=not problem,
        verified=not problem and noticed > 0,
        reason=problem or proof,
        executed_lines=0,
        changed_lines=sum(map(len, patch.changed_lines.values())),
        score=(0 if problem else 1, -len(failing), noticed, -(patch.added + patch.removed)),
    )


def executed_lines(patch: Patch, observations: Sequence[Observation]) -> tuple[int, int]:
    """How many of the changed lines ran in any Blender, and how many there are."""
    ran: set[tuple[str, int]] = set()
    for observation in observations:
        ran.update((path, line) for path, lines in observation.executed.items() for line in lines)
    changed = {(path, line) for path, lines in patch.changed_lines.items() for line in lines}
    return len(changed & ran), len(changed)


def _repaired(evidence: Evidence, report: ValidationReport) -> tuple[Fault, ...]:
    """The faults of the base commit that are no more."""
    left = Counter(_misuse(fault) for fault in report.faults)
    gone: list[Fault] = []
    for fault in evidence.faults:
        carriers = _carriers(fault, evidence.baseline)
        if carriers:
            if all(_passes(carrier, report.observations) for carrier in carriers):
                gone.append(fault)
        elif fault.rule is not None and _asked_again(fault, report.observations):
            if left[_misuse(fault)]:
                left[_misuse(fault)] -= 1  # as many of the same misuse are left as Blender still says
            else:
                gone.append(fault)
    return tuple(gone)


def _carriers(fault: Fault, baseline: Sequence[Observation]) -> frozenset[tuple[str, object, str]]:
    """The checks that showed this fault: validator, release, id."""
    return frozenset(
        (observation.validator, observation.release, check.id)
        for observation in baseline
        for check in observation.checks
        if check.fault is not None and check.fault.identity == fault.identity
    )


def _misuse(fault: Fault) -> tuple[object, ...]:
    return (fault.rule, fault.path, fault.member, fault.message)


def _asked_again(fault: Fault, observations: Sequence[Observation]) -> bool:
    """Whether the release that said the API is not there was asked about the patched code too."""
    return any(seen.release == fault.release and seen.reached and not seen.static for seen in observations)


def _passes(carrier: tuple[str, object, str], observations: Sequence[Observation]) -> bool:
    validator, release, check_id = carrier
    for observation in observations:
        if observation.validator == validator and observation.release == release:
            outcomes = {check.id: check.outcome for check in observation.checks}
            if observation.findings_only:  # what is not listed, or was answered, is gone
                return observation.reached and outcomes.get(check_id) is not Outcome.FAIL
            return outcomes.get(check_id) is Outcome.PASS
    return False


def _open(evidence: Evidence, repaired: Sequence[Fault], report: ValidationReport) -> tuple[Fault, ...]:
    """Faults that are neither gone nor seen: masked by another, or told of by a log and never seen."""
    seen = {fault.identity for fault in (*repaired, *report.faults)}
    return tuple(
        fault
        for fault in evidence.faults
        if fault.identity not in seen
        and not any(other.path == fault.path and other.subject == fault.subject and other.subject
                    for other in report.faults)
    )  # fmt: skip


def _problem(patch: Patch, evidence: Evidence, report: ValidationReport, repaired: Sequence[Fault], mode: Mode) -> str:
    if patch.unanswered:
        return UNANSWERED.format(why=patch.unanswered)
    if patch.refused:
        return REFUSED.format(reasons="; ".join(patch.refused))
    if patch.empty:
        return NOTHING
    worked = {(seen.validator, seen.release) for seen in evidence.baseline if seen.reached}
    unreached = [
        seen.note for seen in report.observations if not seen.reached and (seen.validator, seen.release) in worked
    ]
    if unreached:
        return UNREACHED.format(notes="; ".join(unreached).rstrip("."))
    lacking = _lacking(patch, report.observations)
    if lacking:
        return LACKING.format(names=", ".join(lacking[:8]))
    if report.broken:
        return BROKEN.format(checks=", ".join(report.broken[:8]))
    if repaired or _unseen(patch, evidence, mode):
        return ""
    return OTHERWISE if _moved(evidence, report) else NOTHING_REPAIRED


def _moved(evidence: Evidence, report: ValidationReport) -> bool:
    """Whether scripts that failed still do, and all of them in another way: what was to be repaired is out of it."""
    before = {fault.identity for fault in evidence.faults if fault.kind is FaultKind.SCENARIO}
    after = {fault.identity for fault in report.faults if fault.kind is FaultKind.SCENARIO}
    return bool(before) and bool(after) and before.isdisjoint(after)


def _unseen(patch: Patch, evidence: Evidence, mode: Mode) -> bool:
    """Whether a model's patch answers what nobody saw fail: it may be handed over, and is never verified for it."""
    if patch.by != "model":
        return False
    seen = any(fault.proof is not Proof.STATIC for fault in evidence.asked)
    return mode is Mode.REFACTOR or (not seen and (bool(evidence.asked) or not evidence.faults))


def _lacking(patch: Patch, observations: Sequence[Observation]) -> tuple[str, ...]:
    """What the new code needs and a real Blender it reaches says is not there."""
    return tuple(
        dict.fromkeys(
            f"{answer.question.owner}.{answer.question.name} in {seen.release}"
            for seen in observations
            if seen.release is not None and not seen.static
            for answer in seen.answers
            if answer.exists is False
            for repair in patch.repairs
            for need in repair.requires
            if need.question == answer.question and need.applies_to(seen.release)
        )
    )


def in_the_way(evidence: Evidence, repaired: Sequence[Fault], remaining: Sequence[Fault]) -> tuple[Fault, ...]:
    """The faults that are left and have to do with what was asked for."""
    places = {(fault.path, fault.line) for fault in repaired}
    if not evidence.asked or any((fault.path, fault.line) not in places for fault in evidence.asked):
        return tuple(remaining)
    return tuple(fault for fault in remaining if any(_goes_through(asked, fault.path) for asked in evidence.asked))


def _goes_through(asked: Fault, path: str) -> bool:
    """Whether a traceback somebody gave ends in a file or names it on the way.

    Many files are called `operators.py`: the folder it lies in has to be the same, where the traceback names one.
    """
    if not path or path == asked.path:
        return bool(path)
    parts = PurePosixPath(path).parts
    suffixes = ["/".join(parts[start:]) for start in range(len(parts))]
    text = (asked.traceback or "").replace("\\", "/")
    return any(f'"{suffix}"' in text for suffix in suffixes) or f'/{"/".join(parts[-2:])}"' in text


def _doubts(
    evidence: Evidence,
    repaired: Sequence[Fault],
    remaining: Sequence[Fault],
    executed: int,
    targets: Sequence[Release],
    observations: Sequence[Observation],
) -> tuple[str, ...]:
    """Every reason not to call the repair verified."""
    doubts: list[str] = []
    static = [fault for fault in distinct(evidence.faults) if fault.proof is Proof.STATIC and fault in repaired]
    if static:
        doubts.append(f"{len(static)} of them nobody saw fail")
    if left := in_the_way(evidence, repaired, remaining):
        doubts.append(f"{counted(distinct(left))} left")
    if any(seen.tampering for seen in (*evidence.baseline, *observations)):
        doubts.append("the add-on tampers with what watches it")
    if not executed:
        doubts.append("no changed line ran in Blender")
    dead = [
        str(seen.release)
        for seen in evidence.baseline
        if not seen.reached and not seen.static and (not seen.unsuited or seen.release in targets)
    ]
    if dead:
        doubts.append(f"Blender {', '.join(dead)} could not be run")
    told = [fault for fault in evidence.asked if fault.proof is Proof.STATIC]
    if told:
        doubts.append("what the log tells of was not reproduced")
    return tuple(doubts)
