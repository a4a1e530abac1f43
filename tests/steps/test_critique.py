"""*Verified* is said where the design allows it and nowhere else."""

from __future__ import annotations

import pytest

from bot.models.attempt import Verdict
from bot.models.evidence import Evidence
from bot.models.fault import Fault, FaultKind, FaultSource, Proof
from bot.models.patch import Patch, Repair, Requirement
from bot.models.question import Answer, Question, QuestionKind
from bot.models.release import Release
from bot.models.request import Mode
from bot.models.validation import TEST_SUITE, Check, Observation, Outcome, ValidationReport
from bot.steps.critique import critique
from bot.validators.compare import differences, failing_faults

R45 = Release(4, 5)
LOG_FAULT = Fault(
    kind=FaultKind.LOG, path="a.py", line=5, end_line=5, message="boom", exception="ValueError",
    source=FaultSource.LOG, proof=Proof.STATIC,
)  # fmt: skip
QUESTION = Question(kind=QuestionKind.MEMBER, owner="bpy.types.Mesh", name="use_auto_smooth")
NEW = Question(kind=QuestionKind.MEMBER, owner="bpy.types.Mesh", name="set_sharp_from_angle")
DIFF = "--- a/a.py\n+++ b/a.py\n@@ -5 +5 @@\n-x\n+y\n"
PATCH = Patch(diff=DIFF, files=("a.py",), added=1, removed=1, changed_lines={"a.py": (5,)})


def raised(line: int = 5, message: str = "boom", subject: str = "mesh.spiral") -> Fault:
    return Fault(
        kind=FaultKind.OPERATOR, path="a.py", line=line, end_line=line, message=message, exception="ValueError",
        source=FaultSource.RUNTIME, proof=Proof.REPRODUCED, release=R45, subject=subject,
    )  # fmt: skip


def misuse(line: int = 5) -> Fault:
    return Fault(
        kind=FaultKind.API, owner="Mesh", member="use_auto_smooth", path="a.py", line=line, end_line=line,
        message="gone", source=FaultSource.API, proof=Proof.API, release=R45, rule="MSH101",
    )  # fmt: skip


def blender(*checks: tuple[str, Outcome, Fault | None], ran: tuple[int, ...] = (5,), reached: bool = True,
            answers: tuple[Answer, ...] = ()) -> Observation:  # fmt: skip
    return Observation(
        validator="exercise", release=R45, reached=reached, executed={"a.py": ran} if ran else {}, answers=answers,
        checks=tuple(Check(id=name, outcome=outcome, fault=fault) for name, outcome, fault in checks),
    )  # fmt: skip


def evidence(before: Observation, *api: Fault, asked: tuple[Fault, ...] = (), unseen: tuple[Fault, ...] = ()
             ) -> Evidence:  # fmt: skip
    return Evidence(faults=(*failing_faults([before]), *api, *unseen), asked=asked, baseline=(before,))


def report(before: Observation, after: Observation, *api: Fault) -> ValidationReport:
    return ValidationReport(
        observations=(after,),
        differences=differences([before], [after]),
        faults=(*failing_faults([after]), *api),
    )


FAILS = blender(("operator:x", Outcome.FAIL, raised()))
PASSES = blender(("operator:x", Outcome.PASS, None))


def test_reproduced_before_gone_after_and_executed_is_verified() -> None:
    verdict = critique(evidence(FAILS), PATCH, report(FAILS, PASSES))
    assert verdict.verified
    assert verdict.repaired == (raised(),)
    assert verdict.remaining == ()


def test_a_patch_of_which_no_line_ran_is_not_verified() -> None:
    after = blender(("operator:x", Outcome.PASS, None), ran=(1, 2))
    verdict = critique(evidence(FAILS), PATCH, report(FAILS, after))
    assert verdict.accepted
    assert not verdict.verified
    assert verdict.reason == "1 fault repaired, but not proven: no changed line ran in Blender."


def test_what_breaks_something_is_rejected() -> None:
    before = blender(("operator:x", Outcome.FAIL, raised()), ("operator:y", Outcome.PASS, None))
    after = blender(("operator:x", Outcome.PASS, None), ("operator:y", Outcome.FAIL, raised(9, subject="y")))
    verdict = critique(evidence(before), PATCH, report(before, after))
    assert not verdict.accepted
    assert "operator:y" in verdict.reason


def test_a_failing_check_that_is_only_refused_now_is_not_repaired() -> None:
    after = blender(("operator:x", Outcome.REFUSED, None))
    verdict = critique(evidence(FAILS), PATCH, report(FAILS, after))
    assert verdict.repaired == ()
    assert not verdict.accepted


def test_a_fault_masked_by_another_one_is_not_repaired() -> None:
    after = blender(("operator:x", Outcome.FAIL, raised(3, "another")))
    verdict = critique(evidence(FAILS), PATCH, report(FAILS, after))
    assert verdict.repaired == ()


def test_an_api_fault_is_gone_when_blender_was_asked_again_and_the_misuse_is_not_there() -> None:
    quiet = blender(("enable", Outcome.PASS, None))
    verdict = critique(evidence(quiet, misuse()), PATCH, report(quiet, quiet))
    assert verdict.verified
    assert verdict.repaired == (misuse(),)


def test_an_api_fault_is_not_gone_when_blender_could_not_be_asked_again() -> None:
    quiet = blender(("enable", Outcome.PASS, None))
    empty = ValidationReport(observations=(), differences=(), faults=())
    assert critique(evidence(quiet, misuse()), PATCH, empty).repaired == ()


def test_as_many_misuses_count_as_repaired_as_are_gone() -> None:
    quiet = blender(("enable", Outcome.PASS, None))
    verdict = critique(evidence(quiet, misuse(5), misuse(8)), PATCH, report(quiet, quiet, misuse(9)))
    assert len(verdict.repaired) == 1
    assert len(verdict.remaining) == 1


def test_a_blender_that_died_leaves_nothing_accepted() -> None:
    dead = blender(reached=False, ran=())
    assert not critique(evidence(FAILS), PATCH, report(FAILS, dead)).accepted


def test_what_a_log_tells_of_and_nobody_saw_keeps_a_run_from_being_verified() -> None:
    known = evidence(FAILS, asked=(LOG_FAULT.model_copy(update={"path": "b.py"}),), unseen=(LOG_FAULT,))
    verdict = critique(known, PATCH, report(FAILS, PASSES))
    assert verdict.accepted
    assert not verdict.verified
    assert "not reproduced" in verdict.reason
    assert LOG_FAULT in verdict.remaining


def test_a_patch_that_needs_what_a_release_lacks_is_rejected() -> None:
    repair = Repair(
        rule="MSH101",
        path="a.py",
        line=5,
        end_line=5,
        message="gone",
        title="use",
        requires=(Requirement(question=NEW),),
    )
    after = blender(("operator:x", Outcome.PASS, None), answers=(Answer(question=NEW, exists=False),))
    verdict = critique(evidence(FAILS), PATCH.model_copy(update={"repairs": (repair,)}), report(FAILS, after))
    assert not verdict.accepted
    assert "set_sharp_from_angle in 4.5" in verdict.reason


def test_a_need_that_is_guarded_away_in_a_release_does_not_count_there() -> None:
    need = Requirement(question=NEW, since=Release(5, 0))
    repair = Repair(rule="X", path="a.py", line=5, end_line=5, message="gone", title="use", requires=(need,))
    after = blender(("operator:x", Outcome.PASS, None), answers=(Answer(question=NEW, exists=False),))
    assert critique(evidence(FAILS), PATCH.model_copy(update={"repairs": (repair,)}), report(FAILS, after)).verified


def test_a_refused_or_empty_patch_is_never_accepted() -> None:
    refused = PATCH.model_copy(update={"refused": ("it leaves the repository",)})
    assert not critique(evidence(FAILS), refused, report(FAILS, PASSES)).accepted
    assert not critique(evidence(FAILS), Patch(diff=""), report(FAILS, PASSES)).accepted


def test_fewer_remaining_faults_score_higher_and_a_rejected_attempt_lowest() -> None:
    better = critique(evidence(FAILS), PATCH, report(FAILS, PASSES))
    worse = critique(evidence(FAILS, misuse()), PATCH, report(FAILS, PASSES, misuse()))
    rejected = critique(evidence(FAILS), Patch(diff=""), report(FAILS, PASSES))
    assert better.score > worse.score > rejected.score


def test_while_anything_known_to_be_wrong_is_left_nothing_is_verified() -> None:
    before = blender(("operator:x", Outcome.FAIL, raised()), ("operator:y", Outcome.FAIL, raised(9, "other", "y")))
    after = blender(("operator:x", Outcome.PASS, None), ("operator:y", Outcome.FAIL, raised(9, "other", "y")))
    verdict = critique(evidence(before), PATCH, report(before, after))
    assert verdict.accepted
    assert not verdict.verified
    assert "1 fault left" in verdict.reason


def test_a_fault_that_came_to_light_only_now_keeps_a_repair_from_being_verified() -> None:
    before = blender(("enable", Outcome.FAIL, raised(subject="enable")))
    after = blender(("enable", Outcome.PASS, None), ("operator:y", Outcome.FAIL, raised(9, "other", "y")))
    verdict = critique(evidence(before), PATCH, report(before, after))
    assert (verdict.accepted, verdict.verified) == (True, False)


def test_a_blender_that_lacks_what_blender_brings_along_is_no_runtime_and_no_doubt() -> None:
    old = Observation(validator="exercise", release=Release(3, 4), reached=False, unsuited=True)
    known = evidence(FAILS).model_copy(update={"baseline": (FAILS, old)})
    seen = report(FAILS, PASSES)
    seen = seen.model_copy(update={"observations": (*seen.observations, old)})
    assert critique(known, PATCH, seen, (R45,)).verified
    assert not critique(known, PATCH, seen, (Release(3, 4), R45)).verified, "a release that must be proven"
    broken = old.model_copy(update={"unsuited": False})
    assert not critique(known.model_copy(update={"baseline": (FAILS, broken)}), PATCH, seen).verified


def test_nothing_an_add_on_does_that_tampers_with_what_watches_it_is_proof() -> None:
    for before, after in ((True, False), (False, True)):
        seen = FAILS.model_copy(update={"tampering": ("it runs native code",) if before else ()})
        then = PASSES.model_copy(update={"tampering": ("it runs native code",) if after else ()})
        verdict = critique(evidence(seen), PATCH, report(seen, then))
        assert not verdict.verified
        assert "tampers" in verdict.reason


def checked(outcome: Outcome | None) -> Observation:
    """What the type sensor lists: the misuse as a finding, set aside, or not at all."""
    finding = (
        Check(id="types:x:a.py:1", outcome=outcome, fault=TYPED if outcome is Outcome.FAIL else None)
        if outcome
        else None
    )
    return Observation(validator="types", release=R45, findings_only=True, checks=(finding,) if finding else ())


TYPED = misuse().model_copy(update={"source": FaultSource.TYPES, "rule": None})


def test_a_checker_s_fault_that_blender_confirmed_is_repaired_once_it_is_listed_no_more() -> None:
    before = checked(Outcome.FAIL)
    told = Evidence(faults=(TYPED,), baseline=(before, PASSES))
    for after, gone in ((None, True), (Outcome.SKIPPED, True), (Outcome.FAIL, False)):
        seen = (checked(after), PASSES)
        left = () if gone else (TYPED,)
        verdict = critique(
            told, PATCH, ValidationReport(observations=seen, differences=differences(told.baseline, seen), faults=left)
        )
        assert verdict.verified is gone
        assert verdict.repaired == ((TYPED,) if gone else ())


def claimed(path: str) -> Fault:
    return Fault(
        kind=FaultKind.API, owner="Scene", member="node_tree", path=path, line=9, end_line=9, message="gone",
        source=FaultSource.TYPES, proof=Proof.API, release=R45,
    )  # fmt: skip


def told(traceback: str) -> Fault:
    return LOG_FAULT.model_copy(update={"proof": Proof.REPRODUCED, "release": R45, "traceback": traceback})


def test_what_a_checker_claims_of_other_files_does_not_stand_against_the_fault_somebody_asked_about() -> None:
    verdict = critique(
        evidence(FAILS, claimed("b.py"), asked=(told("a.py"),)), PATCH, report(FAILS, PASSES, claimed("b.py"))
    )
    assert verdict.verified
    assert verdict.remaining == (claimed("b.py"),)


def test_a_claim_stands_against_it_where_nobody_asked_or_the_traceback_goes_through_the_file() -> None:
    after = report(FAILS, PASSES, claimed("b.py"))
    for asked in ((), (told('File "b.py", line 9'),), (told("").model_copy(update={"line": 7}),)):
        assert not critique(evidence(FAILS, claimed("b.py"), asked=asked), PATCH, after).verified


def test_a_fault_that_was_seen_failing_stands_against_it_where_nobody_asked_or_the_traceback_goes_through_it() -> None:
    other = raised(3, "another", "y").model_copy(update={"path": "x/b.py"})
    before = blender(("operator:x", Outcome.FAIL, raised()), ("operator:y", Outcome.FAIL, other))
    after = blender(("operator:x", Outcome.PASS, None), ("operator:y", Outcome.FAIL, other))
    for asked, verified in (
        ((), False),
        ((told('File "x/b.py", line 3'),), False),
        ((told('File "/home/ann/addons/x/b.py", line 3'),), False),
        ((told('File "y/b.py", line 3'),), True),  # another file of that name
        ((told(""),), True),
    ):
        assert critique(evidence(before, asked=asked), PATCH, report(before, after)).verified is verified


@pytest.mark.parametrize(
    "tests,behaviours,said",
    [
        (1, 1, "1 test passes, and fails when the behaviour it names is taken away."),
        (1, 2, "1 test passes, and fails when one of the 2 behaviours it names is taken away."),
        (2, 1, "2 tests pass, and fail when the behaviour they name is taken away."),
        (3, 2, "3 tests pass, and fail when one of the 2 behaviours they name is taken away."),
    ],
)
def test_what_tests_prove_is_told_in_numbers_that_agree(tests: int, behaviours: int, said: str) -> None:
    names = (*(f"test:t.py::test_{n}" for n in range(tests)), *(f"mutant:t.py:f{n}" for n in range(behaviours)))
    seen = blender(*((name, Outcome.PASS, None) for name in names))
    verdict = critique(Evidence(faults=(), asked=(), baseline=()), PATCH, report(seen, seen), mode=Mode.TEST)
    assert (verdict.accepted, verdict.verified, verdict.reason) == (True, True, said)


def test_a_sentence_within_a_reason_ends_once() -> None:
    idle = Check(id="mutant:t.py:f", outcome=Outcome.FAIL, detail="The tests pass all the same.")
    seen = blender().model_copy(update={"checks": (idle,)})
    verdict = critique(Evidence(faults=(), asked=(), baseline=()), PATCH, report(seen, seen), mode=Mode.TEST)
    assert verdict.reason == "The tests do not hold: mutant:t.py:f: The tests pass all the same."


def of_tests(*checks: Check) -> Observation:
    return Observation(validator=TEST_SUITE, release=R45, checks=checks, executed={"a.py": (5,)})


def failing(name: str) -> Check:
    fault = raised(subject=f"test_a.py::{name}").model_copy(update={"kind": FaultKind.TEST, "source": FaultSource.TEST})
    return Check(id=f"test:test_a.py::{name}", outcome=Outcome.FAIL, fault=fault)


def passing(name: str) -> Check:
    return Check(id=f"test:test_a.py::{name}", outcome=Outcome.PASS)


def flaky(name: str) -> Check:
    return Check(id=f"test:test_a.py::{name}", outcome=Outcome.SKIPPED, apart="flaky")


def judged(before: Observation, after: Observation) -> Verdict:
    return critique(evidence(before), PATCH, report(before, after))


def test_a_test_that_passes_again_proves_a_repair() -> None:
    verdict = judged(of_tests(failing("a"), passing("b")), of_tests(passing("a"), passing("b")))
    assert verdict.verified and len(verdict.repaired) == 1


def test_a_test_that_passed_and_fails_now_rejects_a_patch() -> None:
    verdict = judged(of_tests(failing("a"), passing("b")), of_tests(passing("a"), failing("b")))
    assert not verdict.accepted and "test:test_a.py::b" in verdict.reason


def test_a_test_that_turns_out_to_be_flaky_is_neither_repaired_nor_left() -> None:
    before, steady = of_tests(failing("a"), failing("b")), of_tests(passing("a"), flaky("b"))
    verdict = judged(before, steady)
    assert verdict.verified and verdict.remaining == () and len(verdict.repaired) == 1
    alone = judged(of_tests(failing("b")), of_tests(flaky("b")))
    assert not alone.accepted and alone.repaired == ()
