"""What is said to be next helps there: a hint where a model reads it, a model where it takes one."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import assume, given

from bot.models.command import Command
from bot.models.plan import Path, Route
from bot.models.report import Cost, Report, Status
from bot.models.request import Mode
from bot.models.result import Delivery, Ending, Result
from bot.reporting import advice
from bot.triggers.commands import read
from spoken import errand, hostile, parsed

NOBODY = Route(path=Path.NOTHING, reason="There is no model: it is switched off.")
SET_UP, SILENT = (each.format(**advice.LEFT) for each in (advice.SET_UP, advice.SILENT))
BRANCHES = (Delivery.OPENED, Delivery.UPDATED, Delivery.UNCHANGED, Delivery.BRANCH)


def said(report: Report | None, delivery: Delivery = Delivery.NONE, verb: str = "fix", **more: object) -> str:
    ending = Ending.FINISHED if report is not None else Ending.CANCELLED
    asked = errand(**{"command": {"verb": verb}, "problem": f"{verb}-7", **more})
    return advice.advice(asked, Result(ending=ending, report=report, delivery=delivery))


def without_model(report: Report, status: Status, **more: object) -> Report:
    """A run that had no model and came to no patch."""
    none = {"patch": None, "best": None, "attempts": (), "verified": False}
    plan = report.plan.model_copy(update={"route": NOBODY})
    return report.model_copy(update={"status": status, "plan": plan, **none, **more})


def worded(report: Report, mode: Mode = Mode.FIX) -> Report:
    """Something was asked for in words, and nothing was seen to fail."""
    request = report.request.model_copy(update={"task": "The UV map is gone.", "mode": mode})
    return without_model(report, Status.UNREPAIRED, request=request, faults=(), remaining=())


@pytest.mark.parametrize("delivery", BRANCHES)
def test_what_rules_made_is_changed_on_its_branch_and_what_a_model_made_is_revised(
    report: Report, models: Mapping[str, Report], delivery: Delivery
) -> None:
    assert said(report, delivery) == advice.CHANGE
    assert said(models["everything"], delivery) == advice.REVISE


@pytest.mark.parametrize("delivery", list(Delivery))
def test_no_hint_is_asked_for_that_nobody_reads(report: Report, delivery: Delivery) -> None:
    assert "<hint>" not in said(report, delivery)
    assert ("branch" in said(report, delivery)) == (delivery in (*BRANCHES, Delivery.FOREIGN))


def test_what_a_model_tried_at_is_worth_a_hint_although_the_patch_is_the_rules(
    report: Report, models: Mapping[str, Report]
) -> None:
    tried = report.model_copy(update={"attempts": (*models["everything"].attempts[:3], report.attempts[1])})
    assert said(tried, Delivery.OPENED) == advice.REVISE


def test_suggestions_are_taken_over_and_a_closed_one_is_reopened(report: Report, models: Mapping[str, Report]) -> None:
    assert said(report, Delivery.SUGGESTED) == advice.TAKE_OVER
    assert said(models["everything"], Delivery.SUGGESTED) == f"{advice.TAKE_OVER} {advice.REVISE}"
    assert said(report, Delivery.CLOSED) == advice.REOPEN
    assert said(report, Delivery.FOREIGN) == advice.GIVE_BACK


def test_what_rules_left_takes_a_model(report: Report, models: Mapping[str, Report]) -> None:
    left = report.model_copy(update={"remaining": report.faults[:1], "status": Status.PARTIAL, "verified": False})
    assert said(left, Delivery.OPENED) == f"{advice.CHANGE} {SET_UP}"
    asked = left.model_copy(update={"attempts": (*report.attempts, *models["silent"].attempts)})
    assert said(asked, Delivery.OPENED) == f"{advice.CHANGE} {SILENT}"


@pytest.mark.parametrize("mode", [Mode.FIX, Mode.TEST, Mode.REFACTOR, Mode.FEATURE])
def test_without_a_model_a_wish_is_told_what_it_takes(report: Report, mode: Mode) -> None:
    text = said(worded(report, mode), verb=mode.value)
    wanted = f"{advice.RAISES} {SET_UP}" if mode is Mode.FIX else advice.SET_UP.format(**advice.WISH)
    assert text == wanted and "bot init --llm" in text and "<hint>" not in text


def test_what_no_rule_repairs_is_told_so_and_not_asked_for_a_traceback(report: Report) -> None:
    left = without_model(report, Status.UNREPAIRED, remaining=report.faults)
    assert said(left) == SET_UP
    fork = {"subject": {"number": 7, "is_pull": True, "from_fork": True}}
    assert said(left, **fork) == advice.FORKED.format(**advice.LEFT)


def test_a_model_that_was_silent_is_asked_again_and_one_that_failed_is_given_a_hint(
    models: Mapping[str, Report],
) -> None:
    assert said(models["silent"]) == SILENT
    tried = models["silent"].model_copy(update={"attempts": models["everything"].attempts[:3]})
    assert said(tried) == advice.HINT


@pytest.mark.parametrize("verb", ["fix", "check"])
def test_what_is_clean_is_repaired_by_a_fix_once_it_fails(report: Report, verb: str) -> None:
    request = report.request.model_copy(update={"mode": Mode(verb)})
    clean = without_model(report, Status.CLEAN, request=request, faults=(), remaining=())
    assert said(clean, verb=verb) == advice.UNTRIED
    assert "`/bcrag fix`" in advice.UNTRIED


def test_what_a_check_found_is_repaired_by_a_fix(report: Report) -> None:
    found = without_model(report, Status.UNREPAIRED, remaining=report.faults)
    assert said(found, verb="check") == advice.REPAIR
    assert said(found, problem="check-7", command={"verb": "retry"}) == advice.REPAIR


def test_an_answer_of_rules_tells_what_words_take(models: Mapping[str, Report]) -> None:
    told = models["answered"]
    assert said(told, verb="explain") == advice.ASK_FURTHER
    assert told.answer is not None
    ours = told.model_copy(update={"answer": told.answer.model_copy(update={"by": "rules"})})
    assert said(ours, verb="explain") == (
        "An answer in words takes a model, and the one that was asked did not answer. To try again: `/bcrag retry`."
    )
    assert said(ours.model_copy(update={"cost": Cost()}), verb="explain") == advice.NO_ANSWER


@pytest.mark.parametrize(
    ("command", "again"),
    [
        ({"verb": "fix"}, "`/bcrag fix`"),
        ({"verb": "explain", "words": "Why?"}, "`/bcrag explain Why?`"),
        ({"verb": "check", "releases": ["4.2"]}, "`/bcrag check 4.2`"),
        ({"verb": "retry", "words": "use `bmesh`"}, "`` /bcrag retry use `bmesh` ``"),
    ],
)
def test_what_was_cancelled_is_started_again_by_the_same_command(command: dict[str, object], again: str) -> None:
    assert said(None, command=command) == f"To start again: {again}."


@pytest.mark.parametrize(("verb", "words"), [("fix", "first\nsecond"), ("fix", "x" * 1_001), ("check", "a log")])
def test_a_command_that_cannot_be_repeated_in_a_line_is_not(verb: str, words: str) -> None:
    assert said(None, command={"verb": verb, "words": words}) == advice.AGAIN_LONG


@given(words=hostile)
def test_whatever_is_repeated_is_the_same_command(words: str) -> None:
    first = read(f"/bcrag explain {words.encode('utf-8', 'replace').decode()}")
    assume(isinstance(first, Command))
    assert isinstance(first, Command)
    text = said(None, command=first.model_dump())
    if "\n" in first.words or len(first.words) > 1_000:
        assert text == advice.AGAIN_LONG
        return
    (span,) = [token.content for token in parsed(text) if token.type == "code_inline"]
    again = read(span)
    assert isinstance(again, Command)
    assert again.verb is first.verb and again.words.split() == first.words.split()
