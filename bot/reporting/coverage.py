"""How much of the add-on was looked at, in words: where no fault was found, that is worth as much as this."""

from __future__ import annotations

from bot.models.report import Looked, Report
from bot.models.validation import OF_TESTS, Outcome
from bot.reporting.text import listed, plural

TITLE = "How much was looked at"
LOOKED = "Blender {release}: {checks}{lines}."
LINES = "; {ran:,} of {lines:,} lines that can run did ({share} %)"
LEAST = "Nothing ran of {files}."
MOST_FILES = 5


def told(report: Report) -> tuple[str, ...]:
    """A sentence for each release the add-on was exercised in."""
    return tuple(_told(report, one) for one in report.looked)


def untouched(report: Report) -> tuple[str, ...]:
    """The files nothing of ran in any release, the longest first; names from outside."""
    counts: dict[str, tuple[int, int]] = {}
    for one in report.looked:
        for path, (ran, lines) in one.files.items():
            before = counts.get(path, (0, 0))
            counts[path] = (max(before[0], ran), max(before[1], lines))
    dark = [(lines, path) for path, (ran, lines) in counts.items() if not ran and lines > 1]
    return tuple(path for _, path in sorted(dark, reverse=True))


def _told(report: Report, one: Looked) -> str:
    tried = [each for each in report.untried if each.release == one.release and not each.check.startswith(OF_TESTS)]
    outcomes = [each.outcome for each in tried]
    refused, skipped = outcomes.count(Outcome.REFUSED), outcomes.count(Outcome.SKIPPED)
    parts = [f"{plural(len(one.passed), 'check')} passed"]
    parts += [f"{count} {word}" for count, word in (
        (len(one.failed), "failed"), (refused, "refused by the add-on"), (skipped, "not tried"),
    ) if count]  # fmt: skip
    share = _share(one)
    lines = LINES.format(ran=one.ran, lines=one.lines, share=share) if one.lines else ""
    return LOOKED.format(release=one.release, checks=listed(parts), lines=lines)


def _share(one: Looked) -> int:
    """Per cent, never 100 while something is left and never 0 while something ran."""
    share = round(100 * one.ran / one.lines) if one.lines else 0
    return min(99, max(1, share)) if 0 < one.ran < one.lines else share
