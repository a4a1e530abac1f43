"""What to do next, as the comment of an errand ends with it: never a command that does not help there."""

from __future__ import annotations

from collections.abc import Iterator

from bot.models.command import Verb
from bot.models.errand import Errand
from bot.models.report import Report, Status
from bot.models.request import Mode
from bot.models.result import Delivery, Ending, Result
from bot.reporting import asked, story
from bot.reporting.marked import code
from bot.reporting.story import WISHES
from bot.reporting.text import line

NEXT = {
    Ending.FAILED: "The log of the run says more. To try again: `/bcrag retry`.",
    Ending.TIMED_OUT: "Ask for less at once, or raise `deadline`, and `timeout-minutes` above it, in "
    "`.github/workflows/bcrag.yml`; then `/bcrag retry`.",
    Ending.SUPERSEDED: "The newer comment has the result.",
    Ending.REFUSED: "The bundle lies with the run. To try again with another hint: `/bcrag retry <hint>`.",
    Ending.LIMITED: "Ask again later.",
}
AGAIN = "To start again: {command}."
AGAIN_LONG = "To start again, write the same command anew."
"""Where it has several lines, or is long."""

REVISE = "Not what you want? `/bcrag retry <hint>` revises it."
CHANGE = "Not what you want? Change the branch as you like: once you push to it, the bot leaves it alone."
APPLY = "Not what you want? Change it as you like once it is applied."
TAKE_OVER = "Take them over one by one, or all at once under *Files changed*."
REOPEN = "Reopen it and ask `/bcrag retry` to have it updated."
GIVE_BACK = "To give the branch back, take the commits that are not the bot's off it and ask `/bcrag retry`."

REPAIR = "To have it repaired: `/bcrag fix`."
UNTRIED = "Does something fail that was not tried? Paste the traceback in a comment and ask `/bcrag fix`."
RAISES = "Does it raise an error? Paste the traceback in a comment and ask `/bcrag fix`."
HINT = "With a hint it may go better: `/bcrag retry <hint>`."
SET_UP = "{what} takes a model: run `bot init --llm …` in a checkout, or {do} it by hand."
FORKED = "{what} takes a model, whose key is never there for a fork's code: {do} it by hand."
SILENT = "{what} takes a model, and the one that was asked did not answer. To try again: `/bcrag retry`."
LEFT = {"what": "What rules cannot repair", "do": "repair"}
WISH = {"what": "What was asked", "do": "write"}
"""What a model is needed for, and what a person does without one: rules fulfil no wish."""
ASK_FURTHER = "To ask further: `/bcrag explain <question>`."
NO_ANSWER = "An answer in words takes a model: run `bot init --llm …` in a checkout."

_ON_BRANCH = (Delivery.OPENED, Delivery.UPDATED, Delivery.UNCHANGED, Delivery.BRANCH)
_LONGEST = 1_000
"""Characters of a command that is repeated."""


def spoken(errand: Errand) -> str:
    """The command as it was given, in one line, without `/bcrag`; its words are a stranger's."""
    command = errand.command
    words = (command.verb.value, *map(str, command.releases), line(command.words, _LONGEST))
    return " ".join(filter(None, words))


def advice(errand: Errand, ended: Result) -> str:
    """The next step, in a sentence or two of ours."""
    report = ended.report if ended.ending is Ending.FINISHED else None
    if report is not None:
        return " ".join(_after(errand, ended, report))
    return _again(errand) if ended.ending is Ending.CANCELLED else NEXT.get(ended.ending, NEXT[Ending.FAILED])


def _again(errand: Errand) -> str:
    words = errand.command.words.strip()
    below = bool(words) and errand.command.verb is Verb.CHECK  # behind it stand releases alone
    if below or "\n" in words or len(words) > _LONGEST:
        return AGAIN_LONG
    return AGAIN.format(command=code(f"/bcrag {spoken(errand)}", 2 * _LONGEST))


def _after(errand: Errand, ended: Result, report: Report) -> Iterator[str]:
    if report.patch is not None:
        yield from _with_patch(errand, ended.delivery, report)
    elif report.status is Status.CLEAN and not story.undone(report):
        yield UNTRIED
    elif report.status in (Status.CLEAN, Status.UNREPAIRED, Status.PARTIAL):
        yield from (REPAIR,) if errand.mode is Mode.CHECK else _undone(errand, report)
    elif report.status is Status.ANSWERED:
        if report.answer is None or report.answer.by == "model":
            yield ASK_FURTHER
        else:
            yield SILENT.format(what="An answer in words") if report.cost.calls else NO_ANSWER
    else:
        yield NEXT[Ending.FAILED]


def _with_patch(errand: Errand, delivery: Delivery, report: Report) -> Iterator[str]:
    """How to go on from a patch. Only a model reads a hint: what rules alone made, they make again."""
    if delivery is Delivery.CLOSED:
        yield REOPEN
    elif delivery is Delivery.FOREIGN:
        yield GIVE_BACK
    else:
        if delivery is Delivery.SUGGESTED:
            yield TAKE_OVER
        if asked.answered(report):
            yield REVISE
            return
        if delivery is not Delivery.SUGGESTED:
            yield CHANGE if delivery in _ON_BRANCH else APPLY
        if report.remaining:
            yield _model(errand, report)


def _undone(errand: Errand, report: Report) -> Iterator[str]:
    """How to go on from nothing."""
    if asked.answered(report) and not asked.silent(report):
        yield HINT
        return
    if not report.faults and errand.mode not in WISHES:
        yield RAISES
    yield _model(errand, report)


def _model(errand: Errand, report: Report) -> str:
    """What it takes to have the rest done, where no model did it."""
    form = SILENT if asked.silent(report) else SET_UP if errand.trusted else FORKED
    return form.format(**(WISH if errand.mode in WISHES else LEFT))
