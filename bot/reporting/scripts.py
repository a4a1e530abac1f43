"""The scripts that were written to show a fault: who wrote them, what they did before anything was changed, and after.

Those that do not count are told like those that do: where they disagree, a reader sees it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.models.report import Report
from bot.models.reproduction import Reproduction
from bot.reporting.story import spans
from bot.reporting.text import plural

TITLE_ONE, TITLE_MANY = "The script that shows it", "The scripts that were to show it"
COUNTING, NOT_COUNTING = "counts", "does not count"
BOT, PERSON = "the bot", "a person"
WROTE = "{who} wrote {scripts} to show the fault before anything was changed."
BOTH = "The bot and a person"
COUNTS = "It failed on the untouched commit for the reason it states, twice, so it counts; it was not changed since."
SOME_COUNT = (
    "They do not agree: {counting} on the untouched commit for the reason stated, and {counts}; {others} not. "
    "All are shown."
)
ALL_COUNT = "Each failed on the untouched commit for the reason it states, so each counts."
NONE_COUNTS = "{none} on the untouched commit for the reason stated, so nothing rests on {them}."
PASSES, FAILS, SPOILED = "passes in Blender {releases}", "fails in Blender {releases}", "no longer passes in {releases}"
NOT_RUN = "was not run with the patch"


@dataclass(frozen=True)
class Shown:
    """One script, and whether the patch makes it pass.

    `who` and `after` are words of ours; `expects`, `path`, `claim`, `said` and `text` a stranger's.
    """

    number: int
    who: str
    counts: bool
    expects: str
    path: str
    claim: str
    release: str
    said: str
    after: str
    mended: bool
    runs: int
    text: str


def title(found: Sequence[Shown]) -> str:
    """What the scripts are announced as."""
    return TITLE_ONE if len(found) == 1 and found[0].counts else TITLE_MANY


def told(found: Sequence[Shown]) -> str:
    """Who wrote them and what they are worth, in words of ours."""
    who = {one.who for one in found}
    name = BOTH if len(who) > 1 else f"{next(iter(who))[:1].upper()}{next(iter(who))[1:]}"
    many = len(found) > 1
    wrote = WROTE.format(who=name, scripts=plural(len(found), "script") if many else "this script")
    counting = sum(one.counts for one in found)
    if counting == len(found):
        return f"{wrote} {ALL_COUNT if many else COUNTS}"
    if not counting:
        none = "None of them failed" if many else "It did not fail"
        return f"{wrote} {NONE_COUNTS.format(none=none, them='them' if many else 'it')}"
    words = {
        "counting": f"{counting} failed",
        "counts": "counts" if counting == 1 else "count",
        "others": f"{len(found) - counting} {'does' if len(found) - counting == 1 else 'do'}",
    }
    return f"{wrote} {SOME_COUNT.format(**words)}"


def shown(report: Report) -> tuple[Shown, ...]:
    """Every script, those that count first, else in the order they were written."""
    made = tuple(
        Shown(
            number=number,
            who=BOT if one.author == "model" else PERSON,
            counts=one.counts,
            expects=one.expects,
            path=one.path,
            claim=one.claim,
            release=str(one.release) if one.release is not None else "",
            said=one.said,
            after=_after(one, report),
            mended=_mended(one, report),
            runs=one.script.runs,
            text=one.script.text,
        )
        for number, one in enumerate(report.reproductions, 1)
    )
    return tuple(sorted(made, key=lambda one: not one.counts))


def _after(one: Reproduction, report: Report) -> str:
    """What it does with the patch, in words of ours; empty where there was no reason to run it."""
    if report.patch is None or not one.counts:
        return ""
    check = _check(one)
    said = []
    for words, column in ((PASSES, "fixed"), (FAILS, "remaining"), (FAILS, "revealed"), (SPOILED, "broken")):
        releases = [row.release for row in report.validation if check in getattr(row, column) and row.release]
        said += [words.format(releases=spans(releases))] if releases else []
    return "; ".join(said) or NOT_RUN


def _mended(one: Reproduction, report: Report) -> bool:
    """Whether it failed before and passes now, wherever it was run."""
    check = _check(one)
    failing = any(check in (*row.remaining, *row.revealed, *row.broken) for row in report.validation)
    return not failing and any(check in row.fixed for row in report.validation)


def _check(one: Reproduction) -> str:
    return f"script:{one.script.name}"
