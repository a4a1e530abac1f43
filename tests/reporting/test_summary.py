from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path as Folder

from bot.models.fault import Fault
from bot.models.plan import Path, Plan, Route
from bot.models.release import Release
from bot.models.report import Report, Status
from bot.models.request import Mode
from bot.reporting import html
from bot.reporting.summary import summary
from pages import Page

ROUTE = Route(path=Path.NOTHING, reason="There is no model: no model is set up.")


def test_what_was_repaired_and_proven(report: Report) -> None:
    assert summary(report) == "Wave Grid is repaired in Blender 4.2 and 4.5."
    ran = (Release(3, 4), *report.ran_in)
    three = report.model_copy(update={"request": report.request.model_copy(update={"runs_on": ran})})
    assert summary(three) == "Wave Grid is repaired in Blender 3.4, 4.2 and 4.5."
    doubted = report.model_copy(update={"verified": False})
    assert summary(doubted) == "Wave Grid: every fault is gone, nothing is broken"


def test_a_patch_nothing_shows_to_help_is_called_that(models: Mapping[str, Report]) -> None:
    assert summary(models["unproven"]) == (
        "A patch for Spread, which nothing shows to help yet. Nothing broke; not verified: nothing was seen to fail "
        "before."
    )


def test_a_proven_change_of_what_did_not_fail_is_no_repair(models: Mapping[str, Report]) -> None:
    made = models["unproven"].model_copy(update={"status": Status.REPAIRED, "verified": True})
    assert summary(made) == "Spread is changed as asked. It works as before in Blender 4.2 and 4.5."


def test_tests_are_told_by_what_they_notice(models: Mapping[str, Report], bundle: Folder) -> None:
    made = models["unproven"]
    best = made.attempts[-1]
    reason = "2 tests pass, and fail when one of the 3 behaviours they name is taken away."
    verdict = best.verdict.model_copy(update={"verified": True, "reason": reason, "executed_lines": 0})
    tests = made.model_copy(
        update={
            "status": Status.REPAIRED,
            "verified": True,
            "request": made.request.model_copy(update={"mode": Mode.TEST}),
            "attempts": (best.model_copy(update={"verdict": verdict}),),
        }
    )
    assert summary(tests) == f"Tests for Spread. {reason}"
    words = Page(html.render(tests, "", bundle)).words
    assert "Tests, and proven to notice when what they test is gone" in words
    assert "The tests pass, and fail when what they test is taken away." in words
    assert "changed lines" not in words


def test_it_says_who_was_asked_and_did_not_repair_it(report: Report, models: Mapping[str, Report]) -> None:
    left: tuple[Fault, ...] = report.faults[:2]
    none = {"status": Status.UNREPAIRED, "verified": False, "patch": None, "best": None, "remaining": left}
    alone = report.model_copy(update={**none, "attempts": ()})
    assert summary(alone) == "2 faults found in Wave Grid; no rule repairs them."
    nobody = alone.model_copy(update={"plan": Plan(route=ROUTE)})
    assert summary(nobody) == "2 faults found in Wave Grid; no rule repairs them, and no model answered."
    silent = models["silent"]
    assert summary(silent) == "1 fault found in Spread; no rule repairs it, and no model answered."
    tried = silent.model_copy(update={"attempts": models["everything"].attempts[:3]})
    assert summary(tried) == "1 fault found in Spread; no rule and no model repairs it."


def test_a_wish_nobody_fulfilled_is_not_called_clean(report: Report) -> None:
    none = {"status": Status.CLEAN, "verified": False, "patch": None, "best": None, "attempts": (), "faults": ()}
    clean = report.model_copy(update={**none, "remaining": (), "plan": Plan(route=ROUTE)})
    assert summary(clean) == "No fault was found in Wave Grid on Blender 4.2 and 4.5; nothing is changed."
    asked = clean.model_copy(update={"request": clean.request.model_copy(update={"task": "Add a slider."})})
    assert summary(asked) == (
        "No fault was found in Wave Grid on Blender 4.2 and 4.5. There is no model: no model is set up."
    )


def test_why_a_wish_is_not_done_is_told_by_what_was_tried(models: Mapping[str, Report]) -> None:
    none = {"status": Status.UNREPAIRED, "faults": (), "remaining": ()}
    silent = models["silent"].model_copy(update=none)
    begins = "No fault was found in Spread on Blender 4.2 and 4.5."
    assert summary(silent) == f"{begins} No model answered: openrouter: the key is missing or wrong (401)."
    tried = silent.model_copy(update={"attempts": models["everything"].attempts[:3]})
    assert summary(tried) == f"{begins} No model gave a patch that could be used."


def test_a_proven_change_is_one_also_where_something_else_is_wrong(
    report: Report, models: Mapping[str, Report]
) -> None:
    left = {"status": Status.PARTIAL, "verified": True, "remaining": report.faults[:1]}
    assert summary(models["unproven"].model_copy(update=left)).startswith("Spread is changed as asked.")


def test_an_answer_says_whose_it_is(models: Mapping[str, Report]) -> None:
    made = models["answered"]
    assert "answered by a model" in summary(made)
    assert made.answer is not None
    ours = made.model_copy(update={"answer": made.answer.model_copy(update={"by": "rules"})})
    assert summary(ours) == "A question about Spread; nothing is changed."
