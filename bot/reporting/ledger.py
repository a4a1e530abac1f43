"""What became of each fault in each release: how many places had it before, and how many have it after."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from bot.models.fault import Fault
from bot.models.release import Release
from bot.models.report import Report
from bot.reporting.story import spans
from bot.reporting.text import plural

GONE, THERE, LEFT = "gone", "still there", "{count} left"

Key = tuple[str, str | None, str | None, str | None]
"""What faults that say the same have in common, wherever they are."""


@dataclass(frozen=True)
class Fate:
    """Places with the fault in one release (null: in any), before and after.

    `after` is null where nothing was changed.
    """

    release: Release | None
    before: int
    after: int | None


@dataclass(frozen=True)
class Told:
    """The same fate in one or several releases, in words; `gone` says whether nothing is left."""

    releases: str
    before: str
    after: str
    gone: bool


def key(fault: Fault) -> Key:
    """The key of a fault. Lines move and are no part of it."""
    return (fault.message, fault.exception, fault.owner, fault.member)


def fates(report: Report) -> Mapping[Key, tuple[Fate, ...]]:
    """By key, the fates in every release the fault was seen in, oldest first.

    The report's own faults name one release each; the verdict of the chosen attempt knows all of them.
    """
    best = next((attempt for attempt in report.attempts if attempt.number == report.best), None)
    changed = best is not None and report.patch is not None
    known = {key(fault) for fault in report.faults}
    before: dict[Key, dict[Release | None, set[tuple[str, int]]]] = defaultdict(lambda: defaultdict(set))
    after: dict[Key, dict[Release | None, set[tuple[str, int]]]] = defaultdict(lambda: defaultdict(set))
    for fault in (*report.faults, *(best.verdict.repaired if best is not None else ())):
        before[key(fault)][fault.release].add((fault.path, fault.line))
    for fault in best.verdict.remaining if best is not None else report.remaining:
        after[key(fault)][fault.release].add((fault.path, fault.line))
    made: dict[Key, tuple[Fate, ...]] = {}
    for one in before.keys() | after.keys():
        releases = sorted(before[one].keys() | after[one].keys(), key=lambda release: (release is not None, release))
        made[one] = tuple(
            Fate(
                release,
                # lines of the patched tree cannot be compared with those before: what is left was there
                max(len(before[one][release]), len(after[one][release])) if one in known else 0,
                len(after[one][release]) if changed else None,
            )
            for release in releases
        )
    return made


def told(report: Report) -> Mapping[Key, tuple[Told, ...]]:
    """By key, in words, what became of what was there before; releases with the same fate together."""
    said: dict[Key, tuple[Told, ...]] = {}
    for one, fated in fates(report).items():
        alike: dict[tuple[int, int], list[Release]] = defaultdict(list)
        for fate in fated:
            if fate.release is not None and fate.before and fate.after is not None:
                alike[fate.before, fate.after].append(fate.release)
        said[one] = tuple(
            Told(
                releases=spans(releases),
                before=plural(before, "place"),
                after=LEFT.format(count=after) if 0 < after < before else THERE if after else GONE,
                gone=not after,
            )
            for (before, after), releases in alike.items()
        )
    return said
