"""Fail-to-pass and pass-to-fail: what a patch fixed, broke and let be seen."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.models.fault import Fault, FaultKind, FaultSource, Proof
from bot.models.validation import Check, Observation, Outcome
from bot.validators.compare import difference

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
