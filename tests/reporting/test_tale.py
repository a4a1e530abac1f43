from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given, settings

from bot.models.fault import Fault, FaultKind, FaultSource, Proof
from bot.models.patch import Patch, Requirement
from bot.models.question import Question, QuestionKind
from bot.models.release import Release
from bot.models.report import Report, Status
from bot.models.request import Mode
from bot.reporting import tale
from bot.reporting.story import tell
from bot.reporting.summary import summary
from hostile import texts, with_text


def told(report: Report) -> dict[str, str]:
    passages = [passage for passage in tale.passages(report) if passage.question != tale.ASKED_FOR]
    assert len(passages) == 4
    wrong, done, rests, proven = (passage.answer for passage in passages)
    return {"wrong": wrong, "done": done, "rests": rests, "proven": proven, "said": passages[3].said,
            "why": passages[1].said}  # fmt: skip


def unrepaired(report: Report, **more: object) -> Report:
    gone = {"patch": None, "best": None, "attempts": (), "verified": False, "remaining": report.faults}
    return report.model_copy(update={"status": Status.UNREPAIRED, **gone, **more})


def test_of_a_check_nothing_is_asked_but_what_is_wrong(report: Report) -> None:
    checked = unrepaired(report, request=report.request.model_copy(update={"mode": Mode.CHECK}))
    story = told(checked)
    assert story["done"].startswith("Nothing. What was asked is what is wrong.")
    assert story["proven"] == "Nothing was changed, so there is nothing to prove."
    assert tell(checked).headline.endswith(" faults found in Blender 4.2 and 4.5")
    assert summary(checked) == f"{len(report.faults)} faults found in Wave Grid; nothing is changed."


def test_a_proven_repair_is_told_from_fault_to_proof(report: Report) -> None:
    story = told(report)
    assert story["wrong"] == (
        "The add-on could not be switched on in Blender 4.5, so nothing of it could be used. "
        "One of its commands stopped with an error in Blender 4.5. "
        "One of its panels could not be drawn in Blender 4.5. "
        "3 places in the code use something that is not there in Blender 4.5, or not in that form."
    )
    assert story["done"].startswith("9 rules changed 11 places in 2 files: 20 lines added, 11 removed.")
    assert "run in a real Blender 4.2 and 4.5, before the repair and after it" in story["rests"]
    assert "11 checks that failed before pass now and nothing that worked before fails now." in story["rests"]
    assert "17 of the 18 changed lines were seen running." in story["rests"]
    assert "in Blender 2.80, 2.93 and 3.6 was looked up" in story["rests"]
    assert story["proven"].startswith("Yes.") and not story["said"]


def test_nobody_reads_yes_where_nothing_is_verified(report: Report) -> None:
    for status in Status:
        ended = report.model_copy(update={"status": status, "verified": False, "error": "Blender died."})
        assert not told(ended)["proven"].startswith("Yes")


def test_why_a_repair_is_not_verified_is_said_in_the_verdicts_own_words(report: Report) -> None:
    doubtful = report.model_copy(update={"verified": False})
    story = told(doubtful)
    assert story["proven"].startswith("No.")
    assert story["said"] == report.attempts[1].verdict.reason


@pytest.mark.parametrize(
    ("ran", "changed", "said"),
    [
        (1, 1, "The one changed line was seen"),
        (1, 3, "1 of the 3 changed lines was seen"),
        (0, 1, "None of the changed"),
    ],
)
def test_lines_that_ran_are_counted_in_english(report: Report, ran: int, changed: int, said: str) -> None:
    best = report.attempts[1]
    verdict = best.verdict.model_copy(update={"executed_lines": ran, "changed_lines": changed})
    assert (
        said in told(report.model_copy(update={"attempts": (best.model_copy(update={"verdict": verdict}),)}))["rests"]
    )


def test_nothing_changed_is_told_by_its_reason(report: Report) -> None:
    assert "No rule knows" in told(unrepaired(report))["done"]
    assert "1 patch was tried and set aside" in told(unrepaired(report, attempts=report.attempts[:1]))["done"]
    assert "nothing to repair" in told(unrepaired(report, status=Status.CLEAN, faults=(), remaining=()))["done"]
    assert "stopped before" in told(unrepaired(report, status=Status.ERROR, error="x"))["done"]
    assert "1 place is left for you to decide." in told(report)["done"]


def test_nothing_is_claimed_of_a_blender_that_did_not_run(report: Report) -> None:
    assert report.attempts[1].verdict.executed_lines
    none = report.model_copy(update={"validation": ()})
    assert "run in no Blender" in told(none)["rests"]
    rows = tuple(row.model_copy(update={"after": "not reached"}) if str(row.release) == "4.2" else row
                 for row in report.validation)  # fmt: skip
    story = told(report.model_copy(update={"validation": rows}))
    assert "Blender 4.2 could not be run." in story["rests"]
    assert "real Blender 4.5, before" in story["rests"]


@pytest.mark.parametrize(
    ("kind", "source", "proof", "said"),
    [
        (FaultKind.SYNTAX, FaultSource.LINT, Proof.STATIC, "One of its files cannot be read as Python."),
        (FaultKind.CRASH, FaultSource.RUNTIME, Proof.REPRODUCED, "Blender itself crashed in Blender 4.5."),
        (FaultKind.TIMEOUT, FaultSource.RUNTIME, Proof.REPRODUCED, "did not come to an end in time in Blender 4.5."),
        (FaultKind.DISABLE, FaultSource.RUNTIME, Proof.REPRODUCED, "could not be switched off again in Blender 4.5."),
        (FaultKind.CLASS, FaultSource.RUNTIME, Proof.REPRODUCED, "One of its classes could not be made known"),
        (FaultKind.FUNCTION, FaultSource.RUNTIME, Proof.REPRODUCED, "One of its functions stopped with an error"),
        (FaultKind.NODE, FaultSource.RUNTIME, Proof.REPRODUCED, "One of its nodes stopped with an error"),
        (FaultKind.PROPERTY, FaultSource.RUNTIME, Proof.REPRODUCED, "One of its settings stopped with an error"),
        (FaultKind.HANDLER, FaultSource.RUNTIME, Proof.REPRODUCED, "One of its handlers stopped with an error"),
        (FaultKind.KEYMAP, FaultSource.RUNTIME, Proof.REPRODUCED, "One of its shortcuts is for a command that is not"),
        (FaultKind.RELOAD, FaultSource.RUNTIME, Proof.REPRODUCED, "1 fault was seen when a file with its data was"),
        (FaultKind.LEFT_BEHIND, FaultSource.RUNTIME, Proof.REPRODUCED, "1 fault was seen in what it leaves behind"),
        (FaultKind.SCENARIO, FaultSource.TEST, Proof.REPRODUCED, "1 fault was shown by a script that states"),
        (FaultKind.API, FaultSource.TYPES, Proof.STATIC, "1 fault was only read in the code and not seen failing."),
        (FaultKind.LOG, FaultSource.LOG, Proof.STATIC, "1 fault was told of by the text that was handed in"),
    ],
)
def test_every_kind_of_fault_has_its_sentence(
    report: Report, kind: FaultKind, source: FaultSource, proof: Proof, said: str
) -> None:
    fault = Fault(kind=kind, source=source, proof=proof, message="x", path="a.py", line=3, release=Release(4, 5))
    assert said in told(unrepaired(report, faults=(fault,)))["wrong"]


@pytest.mark.parametrize("kind", list(FaultKind))
@pytest.mark.parametrize("proof", list(Proof))
def test_no_fault_goes_untold(report: Report, kind: FaultKind, proof: Proof) -> None:
    fault = Fault(kind=kind, source=FaultSource.RUNTIME, proof=proof, message="x")
    assert told(unrepaired(report, faults=(fault,)))["wrong"]


def test_a_guard_for_older_releases_is_mentioned_only_where_there_is_one(report: Report) -> None:
    assert "older releases" not in told(report)["done"]
    best = report.attempts[1]
    repair = best.patch.repairs[0]
    question = Question(kind=QuestionKind.MEMBER, owner="bpy.types.Mesh", name="x")
    guarded = repair.model_copy(update={"requires": (Requirement(question=question, since=Release(4, 1)),)})
    patch: Patch = best.patch.model_copy(update={"repairs": (guarded,)})
    changed = report.model_copy(update={"attempts": (best.model_copy(update={"patch": patch}),)})
    assert "Where older releases need the old form" in told(changed)["done"]


@settings(max_examples=30, deadline=None)
@given(text=texts)
def test_only_the_quoted_part_can_hold_a_strangers_words(report: Report, text: str) -> None:
    for passage in tale.passages(with_text(report, f"§{text}")):
        assert "§" not in passage.question + passage.answer


def test_every_release_a_fault_was_seen_in_is_named_whether_it_is_gone_or_not(report: Report) -> None:
    gone, left = report.faults[2], report.faults[8]
    elsewhere = {"release": Release(4, 2)}
    verdict = report.attempts[1].verdict.model_copy(
        update={
            "repaired": (gone, gone.model_copy(update=elsewhere)),
            "remaining": (left, left.model_copy(update={**elsewhere, "line": 90})),
        }
    )
    best = report.attempts[1].model_copy(update={"verdict": verdict})
    story = told(report.model_copy(update={"faults": (gone, left), "attempts": (best,), "verified": False}))
    assert story["wrong"] == (
        "One of its commands stopped with an error in Blender 4.2 and 4.5. "
        "One of its panels could not be drawn in Blender 4.2 and 4.5."
    )


def test_what_was_asked_comes_first_in_its_own_words(report: Report, models: Mapping[str, Report]) -> None:
    first = tale.passages(models["everything"])[0]
    assert (first.question, first.answer) == (tale.ASKED_FOR, "")
    assert first.said.startswith("Spread puts a single object at infinity.")
    assert tale.passages(report)[0].question == tale.WRONG


def test_a_model_s_repair_is_told_as_one(report: Report, models: Mapping[str, Report]) -> None:
    story = told(models["everything"])
    assert story["done"].startswith("A language model changed 1 file: 3 lines added, 0 removed.")
    assert story["rests"].startswith("What shows the fault is a script the bot wrote before anything was changed;")
    assert story["proven"].startswith("Yes.")
    best = models["everything"].attempts[-1]
    patch = best.patch.model_copy(update={"repairs": report.attempts[1].patch.repairs})
    both = models["everything"].model_copy(update={"attempts": (best.model_copy(update={"patch": patch}),)})
    assert told(both)["done"].startswith("9 rules and, for what they left, a language model changed 1 file:")


def test_a_patch_nothing_shows_to_help_is_told_as_one(models: Mapping[str, Report]) -> None:
    story = told(models["unproven"])
    assert story["proven"].startswith("No. Nothing was seen to fail before")
    assert story["said"] == "Nothing broke; not verified: nothing was seen to fail before."
    assert "The bot wrote 2 scripts to show the fault, and none does" in story["rests"]


def test_where_no_model_answers_what_remains_is_told(report: Report, models: Mapping[str, Report]) -> None:
    story = told(models["silent"])
    assert story["done"] == "Nothing. No rule knows how to repair this and no model answered, so a person has to."
    assert story["why"] == "openrouter: the key is missing or wrong (401)."
    assert story["said"] == ""
    after = report.model_copy(update={"attempts": (*report.attempts, *models["silent"].attempts)})
    assert "none answered: this is what remains." in told(after)["done"]


def test_of_something_added_it_is_told_what_was_missing(models: Mapping[str, Report]) -> None:
    made = models["everything"]
    added = made.model_copy(update={"request": made.request.model_copy(update={"mode": Mode.FEATURE})})
    assert "What was missing" in [passage.question for passage in tale.passages(added)]
    assert told(added)["wrong"] == "1 script that states what was asked for failed in Blender 4.5."
    assert tale.wrong(added, still=True) == "What is missing" and tale.wrong(made, still=True) == "What is wrong"


def test_tests_are_said_to_run_where_they_ran_and_nothing_besides(models: Mapping[str, Report]) -> None:
    made = models["unproven"]
    row = made.validation[-1].model_copy(update={"validator": "tests"})
    request = made.request.model_copy(update={"mode": Mode.TEST})
    rests = told(made.model_copy(update={"request": request, "validation": (row,)}))["rests"]
    assert rests.endswith("The tests were run in a real Blender 4.5.")
    assert "before the repair" not in rests and "nothing that worked" not in rests


def test_a_wish_nobody_fulfilled_is_not_told_as_health(report: Report, models: Mapping[str, Report]) -> None:
    none = {"status": Status.CLEAN, "faults": (), "remaining": (), "reproductions": ()}
    wish = models["silent"].model_copy(update=none)
    story = told(wish)
    assert "no model" not in story["wrong"] and "That takes a model, and none answered" in story["done"]
    assert story["proven"].startswith("No.")


def test_an_answer_changes_nothing_and_proves_nothing(models: Mapping[str, Report]) -> None:
    story = told(models["answered"])
    assert story["done"].startswith("The question was answered, above.")
    assert "nothing to prove" in story["proven"]


@settings(max_examples=20, deadline=None)
@given(text=texts)
def test_nor_does_a_model_s(models: Mapping[str, Report], text: str) -> None:
    for made in models.values():
        for passage in tale.passages(with_text(made, f"§{text}")):
            assert "§" not in passage.question + passage.answer
