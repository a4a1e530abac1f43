"""A report in one or two sentences for people: the first thing anybody reads of it."""

from __future__ import annotations

from bot.models.attempt import Attempt
from bot.models.report import Report, Status
from bot.models.request import Mode
from bot.models.validation import Observation, Outcome
from bot.reporting import asked
from bot.reporting.story import best_attempt, undone, unseen
from bot.reporting.text import listed, plural, sentence

CLEAN = "No fault was found in {addon} on Blender {releases}; nothing is changed."
UNDONE = "No fault was found in {addon} on Blender {releases}. {nothing}"
REPAIRED = "{addon} {works} in Blender {releases}."
CHANGED = "{addon} is changed as asked. It {works} in Blender {releases}."
AS_BEFORE = "works as before"
IS_REPAIRED = "is repaired"
TESTED = "Tests for {addon}. {why}"
UNPROVEN = "{addon}: {why}"
UNSEEN = "A patch for {addon}, which nothing shows to help yet. {why}"
ANSWERED = "A question about {addon}, answered by a model from what it was shown; nothing is changed."
BY_RULES = "A question about {addon}; nothing is changed."
UNREPAIRED = "{left} found in {addon}; {nobody}."
CHECKED = "{left} found in {addon}; nothing is changed."
NO_RULE = "no rule repairs {them}"
NEITHER = "no rule and no model repairs {them}"
NO_MODEL = "no rule repairs {them}, and no model answered"
NO_ANSWER = "No model answered: {why}"
NO_PATCH = "No model gave a patch that could be used."


def summary(report: Report) -> str:
    """What came of the run; it may quote the add-on."""
    best = best_attempt(report)
    said = {
        "addon": report.request.addon.name,
        "releases": listed(map(str, report.ran_in)),
        "why": best.verdict.reason if best is not None else "",
        "nothing": _nothing(report),
        "works": _works(best) if best is not None else "",
    }
    match report.status:
        case Status.CLEAN | Status.UNREPAIRED if undone(report):
            return UNDONE.format(**said)
        case Status.CLEAN:
            return CLEAN.format(**said)
        case Status.REPAIRED | Status.PARTIAL if report.verified and (unseen(report) or not report.remaining):
            changed = TESTED if report.request.mode is Mode.TEST else CHANGED
            return (changed if unseen(report) else REPAIRED).format(**said)
        case Status.REPAIRED | Status.PARTIAL:
            return (UNSEEN if unseen(report) else UNPROVEN).format(**said)
        case Status.ANSWERED:
            return (BY_RULES if report.answer is not None and report.answer.by == "rules" else ANSWERED).format(**said)
        case Status.UNREPAIRED if report.request.mode is Mode.CHECK:
            return CHECKED.format(left=plural(len(report.remaining), "fault"), **said)
        case _:
            return UNREPAIRED.format(left=plural(len(report.remaining), "fault"), nobody=_nobody(report), **said)


def _nothing(report: Report) -> str:
    """Why nothing came of what was asked; it may quote a server."""
    why = asked.unanswered(report)
    if why is None:
        return NO_PATCH
    return NO_ANSWER.format(why=why) if asked.silent(report) else sentence(why)


def _nobody(report: Report) -> str:
    """Who was tried and does not repair it."""
    silent = asked.unanswered(report) is not None
    them = "it" if len(report.remaining) == 1 else "them"
    return (NEITHER if asked.answered(report) else NO_MODEL if silent else NO_RULE).format(them=them)


def _works(best: Attempt) -> str:
    """What can be said of the add-on now that could not be said before: `loads, 2 operators run and 1 panel draws`."""
    passing = {check for seen in best.validation.observations for check in _passing(seen)}
    said = ["loads"] if "enable" in passing else []
    for kind, verbs in (("operator", ("operator runs", "operators run")), ("panel", ("panel draws", "panels draw"))):
        count = sum(check.startswith(f"{kind}:") for check in passing)
        if count:
            said.append(f"{count} {verbs[count > 1]}")
    return listed(said) or (IS_REPAIRED if best.verdict.repaired else AS_BEFORE)


def _passing(seen: Observation) -> tuple[str, ...]:
    if seen.validator != "exercise":
        return ()
    return tuple(check.id for check in seen.checks if check.outcome is Outcome.PASS)
