"""The score of a snippet: marks from machine checks alone, the same every time, each with its reason. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from bot.models.snippet import Criterion, SnippetAttempt, SnippetRequest, SnippetRun
from bot.reporting.text import listed, plural
from bot.snippets.heal import counted

RUNS, AGAIN, CLEAN, EFFECT, API = "runs", "run again", "clean", "effect", "api"
WEIGHTS = {RUNS: 0.4, AGAIN: 0.2, CLEAN: 0.15, EFFECT: 0.15, API: 0.1}
"""They add up to 1."""
RAN = "It ran in {some} of {all}."
NOT_RUN = "It was not run."
ADDS_NOTHING = "A second run in the same scene added nothing."
ADDS = "A second run in the same scene added: {counts}."
NO_SECOND = "It did not come to its end twice."
NO_COMPLAINT = "The rules for snippets, ruff and the API of each release have nothing to say against it."
COMPLAINTS = "{complaints} of the checks that only read it."
MADE = "It made or changed what is counted: {what}."
MADE_NOTHING = "Nothing that is counted became more or fewer; whether it set what was asked for, look yourself."
GROWTH = "{name} {before} to {after}"
ALL_THERE = "It rests on {cited} and uses {named} of the API that could be looked up; all of them exist."
MISSING = "{missing} it uses do not exist in every release."
UNGROUNDED = "It cites nothing of the API."
MOST_SHOWN = 8


def criteria(request: SnippetRequest, attempt: SnippetAttempt) -> tuple[Criterion, ...]:
    """The parts of the score, heaviest first."""
    return (_runs(request, attempt), _again(request, attempt), _clean(attempt), _effect(attempt), _api(attempt))


def total(found: Sequence[Criterion]) -> float:
    """The score, from 0 to 1."""
    return round(sum(one.mark * one.weight for one in found), 3)


def _runs(request: SnippetRequest, attempt: SnippetAttempt) -> Criterion:
    passed = sum(run.passed for run in attempt.runs)
    wanted = len(request.releases)
    why = RAN.format(some=passed, all=plural(wanted, "release")) if attempt.runs else NOT_RUN
    return _criterion(RUNS, passed / wanted, why)


def _again(request: SnippetRequest, attempt: SnippetAttempt) -> Criterion:
    once = sum(run.idempotent for run in attempt.runs)
    doubled = next((run for run in reversed(attempt.runs) if run.passed and run.again), None)
    why = ADDS.format(counts=counted(doubled.again)) if doubled else ADDS_NOTHING if once else NO_SECOND
    return _criterion(AGAIN, once / len(request.releases), why)


def _clean(attempt: SnippetAttempt) -> Criterion:
    count = len(attempt.check.complaints)
    why = COMPLAINTS.format(complaints=plural(count, "complaint")) if count else NO_COMPLAINT
    return _criterion(CLEAN, 0.0 if count else 1.0, why)


def _effect(attempt: SnippetAttempt) -> Criterion:
    made = next((run.made for run in reversed(attempt.runs) if run.passed and _grew(run)), {})
    told = [GROWTH.format(name=name, before=counts[0], after=counts[1]) for name, counts in made.items()]
    if told:
        return _criterion(EFFECT, 1.0, MADE.format(what=listed(told[:MOST_SHOWN])))
    return _criterion(EFFECT, 0.0, MADE_NOTHING if any(run.passed for run in attempt.runs) else NOT_RUN)


def _api(attempt: SnippetAttempt) -> Criterion:
    check, cites = attempt.check, attempt.draft.cites
    if not cites and not check.names:
        return _criterion(API, 0.0, UNGROUNDED)
    named = len(check.names)
    if check.missing:
        why = MISSING.format(missing=plural(check.missing, "name"))
        return _criterion(API, named / (named + check.missing), why)
    return _criterion(API, 1.0, ALL_THERE.format(cited=plural(len(cites), "page"), named=plural(named, "name")))


def _grew(run: SnippetRun) -> bool:
    return any(counts[0] != counts[1] for counts in run.made.values() if len(counts) > 1)


def _criterion(name: str, mark: float, why: str) -> Criterion:
    return Criterion(name=name, mark=round(mark, 3), weight=WEIGHTS[name], why=why)
