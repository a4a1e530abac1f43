"""Fail-to-pass and pass-to-fail: what a patch fixed, broke and let be seen."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.models.fault import Fault, FaultKind, FaultSource, Proof
from bot.models.validation import TEST_SUITE, Check, Observation, Outcome, Tally
from bot.validators.compare import difference, tally

P, F, R, S = Outcome.PASS, Outcome.FAIL, Outcome.REFUSED, Outcome.SKIPPED


def seen(findings_only: bool = False, reached: bool = True, **outcomes: Outcome) -> Observation:
    checks = tuple(Check(id=name, outcome=outcome) for name, outcome in outcomes.items())
    return Observation(validator="exercise", findings_only=findings_only, reached=reached, checks=checks)


def test_fail_to_pass_is_fixed_and_pass_to_fail_is_broken() -> None:
    change = difference(seen(a=F, b=P, c=P), seen(a=P, b=F, c=P))
    assert (change.fixed, change.broken, change.remaining) == (("a",), ("b",), ())
    assert (change.baseline, change.after) == ("1 of 3 fail", "1 of 3 fail")


def test_what_could_not_be_reached_before_is_revealed_not_broken() -> None:
    change = difference(seen(enable=F), seen(enable=P, operator=F))
    assert (change.fixed, change.broken, change.revealed) == (("enable",), (), ("operator",))


def test_a_failure_that_is_only_not_tried_any_more_is_not_fixed() -> None:
    for now in (R, S):
        change = difference(seen(a=F), seen(a=now))
        assert (change.fixed, change.remaining) == ((), ("a",))
    assert difference(seen(a=F), seen()).remaining == ("a",)


def test_what_passed_and_is_not_tried_any_more_is_broken() -> None:
    assert difference(seen(enable=P, operator=P), seen(enable=F)).broken == ("enable", "operator")


def test_a_finding_that_is_gone_is_fixed_and_a_new_one_is_broken() -> None:
    change = difference(seen(findings_only=True, old=F), seen(findings_only=True, new=F))
    assert (change.fixed, change.broken) == (("old",), ("new",))


def advice(proof: Proof, line: int) -> Observation:
    fault = Fault(
        kind=FaultKind.API, path="a.py", line=line, end_line=line, message="gone", source=FaultSource.TYPES, proof=proof
    )
    check = Check(id="new", outcome=F, fault=fault)
    return Observation(validator="types", findings_only=True, advisory=True, checks=(check,))


def test_advice_is_held_against_a_patch_only_where_blender_confirms_it_at_a_changed_line() -> None:
    before = Observation(validator="types", findings_only=True, advisory=True)
    changed = {"a.py": (3, 4)}
    assert difference(before, advice(Proof.API, 4), changed).broken == ("new",)
    for harmless in (advice(Proof.API, 5), advice(Proof.STATIC, 4)):
        found = difference(before, harmless, changed)
        assert (found.broken, found.revealed) == ((), ("new",))
    alone = advice(Proof.STATIC, 4).model_copy(update={"static": True})
    assert difference(None, alone, changed).broken == ()


def test_a_finding_that_was_set_aside_is_neither_new_nor_left() -> None:
    assert difference(seen(findings_only=True, old=F), seen(findings_only=True, old=S)).fixed == ("old",)
    change = difference(seen(findings_only=True, old=S), seen(findings_only=True, old=F))
    assert (change.broken, change.revealed) == ((), ("old",))


def test_a_blender_that_could_not_be_reached_proves_nothing() -> None:
    assert difference(seen(a=F), seen(reached=False)).broken == ("not reached",)


@given(st.dictionaries(st.text(max_size=3), st.sampled_from(Outcome)), st.booleans())
def test_the_same_tree_twice_fixes_and_breaks_nothing(outcomes: dict[str, Outcome], findings_only: bool) -> None:
    checks = tuple(Check(id=name, outcome=outcome) for name, outcome in outcomes.items())
    tree = Observation(validator="any", findings_only=findings_only, checks=checks)
    change = difference(tree, tree)
    assert (change.fixed, change.broken, change.revealed) == ((), (), ())


def suite(**outcomes: Outcome | Check) -> Observation:
    checks = (
        one.model_copy(update={"id": f"test:{name}"})
        if isinstance(one, Check)
        else Check(id=f"test:{name}", outcome=one)
        for name, one in outcomes.items()
    )
    return Observation(validator=TEST_SUITE, checks=(Check(id="test-file:a.py", outcome=P), *checks))


FLAKY = Check(id="", outcome=S, apart="flaky")
UNTRIED = Check(id="", outcome=S, apart="untried")


def test_a_test_whose_outcome_changes_by_itself_counts_neither_way() -> None:
    for flaky in (suite(a=FLAKY), suite(a=P), suite(a=F)):
        change = difference(flaky, suite(a=FLAKY))
        assert (change.fixed, change.broken, change.revealed, change.remaining) == ((), (), (), ())
    assert difference(suite(a=FLAKY), suite(a=F)).broken == difference(suite(a=FLAKY), suite(a=F)).revealed == ()


def test_a_test_there_was_no_time_for_is_not_broken() -> None:
    assert difference(suite(a=P, b=P), suite(a=UNTRIED)).broken == ("test:b",)


def test_tests_are_counted_without_those_left_out_on_either_side() -> None:
    change = difference(suite(a=F, b=P, c=P, d=FLAKY, e=S), suite(a=P, b=P, c=FLAKY, d=P, e=S, f=UNTRIED))
    assert change.tested is not None
    assert change.tested.before == Tally(passed=1, failed=1, skipped=1)
    assert change.tested.after == Tally(passed=2, skipped=1)
    assert (change.tested.flaky, change.tested.untried) == (2, 1)
    assert (change.baseline, change.after) == ("1 of 2 fail", "2 pass")


def test_a_file_of_tests_that_cannot_be_read_is_one_that_fails() -> None:
    unread = Observation(validator=TEST_SUITE, checks=(Check(id="test-file:a.py", outcome=F),))
    assert tally(unread) == Tally(failed=1)
    change = difference(unread, suite(a=P))
    assert change.fixed == ("test-file:a.py",)
