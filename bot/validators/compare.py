"""The difference a patch makes: what it fixed, what it broke, what it let be seen. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from types import MappingProxyType

from bot.models.fault import Fault, Proof
from bot.models.validation import (
    NOT_REACHED,
    TEST_SUITE,
    Check,
    Difference,
    Observation,
    Outcome,
    SuiteCounts,
    Tally,
)

Lines = Mapping[str, Collection[int]]
"""Line numbers by path."""


def differences(
    baseline: Sequence[Observation], after: Sequence[Observation], changed: Lines = MappingProxyType({})
) -> tuple[Difference, ...]:
    """One difference for every observation made after, with what the baseline says about the same thing.

    `changed` are the lines the patch wrote.
    """
    known = {(observation.validator, observation.release): observation for observation in baseline}
    return tuple(difference(known.get((new.validator, new.release)), new, changed) for new in after)


def difference(before: Observation | None, after: Observation, changed: Lines = MappingProxyType({})) -> Difference:
    """Compare one validator in one release.

    A check is *fixed* when it failed and now passes (or, for validators that only list findings, is
    no longer listed, or set aside); *broken* when it passed and no longer does; *revealed* when it fails now and
    could not be reached before; *remaining* when it failed and still does not pass. A test whose outcome changes by
    itself, or for which there was no time, before or after, is none of these.
    """
    apart = {check.id for check in (*_checks(before), *after.checks) if check.apart}
    old = _by_id(before, apart)
    new = _by_id(after, apart)
    faults = {check.id: check.fault for check in after.checks}
    fixed: list[str] = []
    broken: list[str] = []
    revealed: list[str] = []
    remaining: list[str] = []
    for check_id in sorted(old.keys() | new.keys()):
        was, now = old.get(check_id), new.get(check_id)
        if was is Outcome.FAIL:
            passes = now is Outcome.PASS or (after.findings_only and now in (None, Outcome.SKIPPED))
            (fixed if passes else remaining).append(check_id)
        elif was is Outcome.PASS and now is not Outcome.PASS:
            broken.append(check_id)
        elif now is Outcome.FAIL:
            # Of findings that were known and set aside, none is new.
            known = after.findings_only and was is Outcome.SKIPPED
            ours = _is_new(before, after) and (not after.advisory or _is_certain(faults[check_id], changed))
            (broken if ours and not known else revealed).append(check_id)
    return Difference(
        validator=after.validator,
        release=after.release,
        static=after.static,
        baseline=summary(before, apart),
        after=summary(after, apart),
        fixed=tuple(fixed),
        broken=tuple(broken) if after.reached or after.static or not (before and before.reached) else (NOT_REACHED,),
        revealed=tuple(revealed),
        remaining=tuple(remaining),
        tested=_tested(before, after) if after.validator == TEST_SUITE else None,
        seconds=round(after.seconds + (before.seconds if before else 0.0), 2),
        note=after.note or (before.note if before else ""),
    )


def _is_new(before: Observation | None, after: Observation) -> bool:
    """Whether what fails now and was not seen before is the patch's doing, and not merely come to light."""
    return after.static or (after.findings_only and before is not None and before.reached)


def _is_certain(fault: Fault | None, changed: Lines) -> bool:
    """Whether a real Blender confirmed a finding, at a line the patch wrote."""
    if fault is None or fault.proof is Proof.STATIC:
        return False
    return any(line in changed.get(fault.path, ()) for line in range(fault.line, max(fault.line, fault.end_line) + 1))


def summary(observation: Observation | None, apart: Collection[str] = ()) -> str:
    """`3 of 9 fail`, `9 pass`, `2 findings`, `not reached`: one cell of a table."""
    if observation is None:
        return "not looked at"
    if not observation.reached:
        return NOT_REACHED
    failing = sum(check.outcome is Outcome.FAIL for check in observation.checks)
    if observation.findings_only:
        return f"{failing} finding{'' if failing == 1 else 's'}" if failing else "no findings"
    tried = sum(check.outcome in (Outcome.FAIL, Outcome.PASS) for check in observation.checks)
    if observation.validator == TEST_SUITE:
        counts = tally(observation, apart)
        failing, tried = counts.failed, counts.passed + counts.failed
    if not tried:
        return "nothing to check"
    return f"{failing} of {tried} fail" if failing else f"{tried} pass"


def _tested(before: Observation | None, after: Observation) -> SuiteCounts:
    apart = {check.id: check.apart for check in (*after.checks, *_checks(before)) if check.apart}
    return SuiteCounts(
        before=tally(before, apart) if before is not None else None,
        after=tally(after, apart),
        flaky=sum(why == "flaky" for why in apart.values()),
        untried=sum(why == "untried" for why in apart.values()),
    )


def tally(observation: Observation, apart: Collection[str] = ()) -> Tally:
    """How many of the repository's own tests passed, failed and were skipped, those `apart` left out."""
    counts = Counter(
        check.outcome
        for check in observation.checks
        if check.id not in apart and (check.id.startswith("test:") or check.outcome is not Outcome.PASS)
    )
    return Tally(
        passed=counts[Outcome.PASS],
        failed=counts[Outcome.FAIL],
        skipped=counts[Outcome.SKIPPED] + counts[Outcome.REFUSED],
    )


def failing_faults(observations: Iterable[Observation]) -> tuple[Fault, ...]:
    """The faults of every failing check that is not merely a listed finding."""
    return tuple(
        check.fault
        for observation in observations
        if not observation.findings_only
        for check in observation.checks
        if check.outcome is Outcome.FAIL and check.fault is not None
    )


def _by_id(observation: Observation | None, apart: Collection[str]) -> dict[str, Outcome]:
    return {check.id: check.outcome for check in _checks(observation) if check.id not in apart}


def _checks(observation: Observation | None) -> tuple[Check, ...]:
    return observation.checks if observation is not None else ()
