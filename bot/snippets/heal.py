"""What is wrong with an attempt, in words a model can act on; and whether another one is worth its price. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.models.snippet import SnippetAttempt, SnippetCheck, SnippetRun
from bot.reporting.text import listed

FAILS = "In Blender {release} it fails: {said}"
AGAIN = "In Blender {release} the second run in the same scene is not without effect: {counts}."
COUNT = "{name} {first} after the first run, {second} after the second"
ADVICE = "A type checker remarks, which may be wrong: {advice}"
LONGEST_TRACEBACK = 1500


def wrong(check: SnippetCheck, runs: Sequence[SnippetRun]) -> str:
    """Why it is not good enough, a line each; empty where nothing speaks against it."""
    found = [*check.complaints, *_of_runs(runs)]
    if found and check.advice:
        found.append(ADVICE.format(advice=" ".join(check.advice)))
    return "\n".join(found)


def stuck(attempts: Sequence[SnippetAttempt]) -> bool:
    """Whether the last two failed alike, or the last is the one before it: asking again is no use."""
    if len(attempts) < 2:
        return False
    last, before = attempts[-1], attempts[-2]
    return last.draft.code == before.draft.code or last.why == before.why


def best(attempts: Sequence[SnippetAttempt]) -> SnippetAttempt | None:
    """The attempt to hand over: a good one, else the one that came furthest, the latest of equals."""
    return max(attempts, key=_worth, default=None)


def counted(counts: dict[str, tuple[int, ...]]) -> str:
    """What a second run made more of."""
    told = (COUNT.format(name=name, first=counts[1], second=counts[2]) for name, counts in counts.items())
    return listed(told)


def _of_runs(runs: Sequence[SnippetRun]) -> Iterator[str]:
    told: set[str] = set()
    for run in reversed(runs):
        if not run.passed and run.said not in told:
            told.add(run.said)
            yield FAILS.format(release=run.release, said=run.said)
            if run.traceback:
                yield run.traceback[-LONGEST_TRACEBACK:]
    again = [run for run in runs if run.passed and run.again]
    for run in again[-1:]:
        yield AGAIN.format(release=run.release, counts=counted(run.again))


def _worth(attempt: SnippetAttempt) -> tuple[bool, bool, int, int, int, int]:
    return (
        attempt.good,
        bool(attempt.runs),
        sum(run.passed for run in attempt.runs),
        sum(run.idempotent for run in attempt.runs),
        -len(attempt.check.complaints),
        attempt.number,
    )
