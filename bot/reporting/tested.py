"""What became of the repository's own tests, one line per release: words of ours and numbers alone."""

from __future__ import annotations

from collections.abc import Sequence

from bot.models.report import Report
from bot.models.validation import Observation, SuiteCounts, Tally
from bot.validators.compare import difference

LINE = "tests {release}: {what}{apart}"
CHANGE = "{before} -> {after}"
NONE = "none could be run"
FLAKY, UNTRIED = "{count} flaky left out", "{count} not run for want of time"


def told(report: Report) -> tuple[str, ...]:
    """`tests 4.5: 34 pass, 1 fails -> 35 pass (2 flaky left out)`, oldest release first."""
    rows = {row.release: row.tested for row in report.validation if row.release is not None and row.tested is not None}
    return tuple(
        LINE.format(release=release, what=_what(tested, changed=report.patch is not None), apart=_apart(tested))
        for release, tested in sorted(rows.items())
    )


def found(observations: Sequence[Observation]) -> tuple[str, ...]:
    """The same of what was seen of one tree alone: `tests 4.5: 34 pass, 1 fails`."""
    looks = ((seen.release, difference(None, seen).tested) for seen in observations)
    return tuple(
        LINE.format(release=release, what=_what(tested, changed=False), apart=_apart(tested))
        for release, tested in looks
        if tested is not None
    )


def _what(tested: SuiteCounts, *, changed: bool) -> str:
    after = _counts(tested.after)
    return CHANGE.format(before=_counts(tested.before), after=after) if changed else after


def _counts(tally: Tally | None) -> str:
    if tally is None:
        return NONE
    parts = [f"{tally.passed} {'passes' if tally.passed == 1 else 'pass'}"] if tally.passed else []
    parts += [f"{tally.failed} {'fails' if tally.failed == 1 else 'fail'}"] if tally.failed else []
    parts += [f"{tally.skipped} skipped"] if tally.skipped else []
    return ", ".join(parts) or NONE


def _apart(tested: SuiteCounts) -> str:
    parts = [FLAKY.format(count=tested.flaky)] if tested.flaky else []
    parts += [UNTRIED.format(count=tested.untried)] if tested.untried else []
    return f" ({', '.join(parts)})" if parts else ""
