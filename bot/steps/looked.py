"""How much of an add-on was looked at: "no fault found" is worth as much as that."""

from __future__ import annotations

from collections.abc import Sequence

from bot.models.release import Release
from bot.models.report import Looked
from bot.models.validation import Observation, Outcome

MOST = 2000
"""Ids of checks, and files, that are told."""


def looked(observations: Sequence[Observation]) -> tuple[Looked, ...]:
    """One value for each release the add-on was exercised in."""
    return tuple(
        _looked(seen, seen.release)
        for seen in observations
        if seen.validator == "exercise" and seen.reached and not seen.static and seen.release is not None
    )


def _looked(seen: Observation, release: Release) -> Looked:
    files = {path: (len(seen.executed.get(path, ())), count) for path, count in sorted(seen.lines.items()) if count}
    files = {path: (min(ran, count), count) for path, (ran, count) in files.items()}
    return Looked(
        release=release,
        passed=tuple(check.id for check in seen.checks if check.outcome is Outcome.PASS)[:MOST],
        failed=tuple(check.id for check in seen.checks if check.outcome is Outcome.FAIL)[:MOST],
        ran=sum(ran for ran, _ in files.values()),
        lines=sum(count for _, count in files.values()),
        files=dict(list(files.items())[:MOST]),
    )
