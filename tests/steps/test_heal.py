"""After a rejected attempt, only what had a hand in it is left out."""

from __future__ import annotations

from bot.models.attempt import Attempt, Verdict
from bot.models.fault import Fault, FaultKind, FaultSource, Proof
from bot.models.patch import EMPTY, Patch, Repair
from bot.models.plan import Plan
from bot.models.validation import Check, Difference, Observation, Outcome, ValidationReport
from bot.steps.heal import best, suspects, tried


def repair(rule: str, path: str) -> Repair:
    return Repair(rule=rule, path=path, line=1, end_line=1, message="wrong", title="right")


def attempt(
    number: int, *repairs: Repair, broken_in: str = "", accepted: bool = False, score: tuple[int, ...] = (0,)
) -> Attempt:
    fault = Fault(
        kind=FaultKind.OPERATOR, path=broken_in, line=1, end_line=1, message="new", exception="NameError",
        source=FaultSource.RUNTIME, proof=Proof.REPRODUCED,
    )  # fmt: skip
    seen = Observation(
        validator="exercise", checks=(Check(id="operator:x", outcome=Outcome.FAIL, fault=fault if broken_in else None),)
    )
    row = Difference(validator="exercise", baseline="1 pass", after="1 of 1 fail", broken=("operator:x",))
    return Attempt(
        number=number,
        patch=Patch(diff="x", repairs=repairs),
        validation=ValidationReport(observations=(seen,), differences=(row,), faults=()),
        verdict=Verdict(accepted=accepted, verified=False, reason="it breaks", score=score),
    )


A, B, C = repair("AAA101", "a.py"), repair("BBB101", "b.py"), repair("CCC101", "a.py")


def test_the_rules_that_changed_the_file_that_broke_are_suspect() -> None:
    assert suspects(attempt(1, A, B, broken_in="a.py"), EMPTY) == {"AAA101"}


def test_what_the_good_patch_had_already_is_not_suspect() -> None:
    good = Patch(diff="x", repairs=(A,))
    assert suspects(attempt(2, A, B, C, broken_in="a.py"), good) == {"CCC101"}


def test_where_no_place_is_known_every_new_rule_is_suspect() -> None:
    assert suspects(attempt(1, A, B), EMPTY) == {"AAA101", "BBB101"}
    assert suspects(attempt(1, A, B, broken_in="elsewhere.py"), EMPTY) == {"AAA101", "BBB101"}


def test_the_best_attempt_is_the_accepted_one_with_the_highest_score() -> None:
    first = attempt(1, A, accepted=True, score=(1, 0, -2))
    second = attempt(2, A, B, accepted=True, score=(1, 0, -1))
    rejected = attempt(3, A, B, C, score=(9,))
    assert best([first, second, rejected]) is second
    assert best([rejected]) is None


def test_the_same_repairs_are_not_tried_twice() -> None:
    attempts = [attempt(1, A), attempt(2, A, B)]
    good = Patch(diff="x", repairs=(A,))
    assert tried(attempts, good, Plan(repairs=(B,)))
    assert tried(attempts, EMPTY, Plan(repairs=(A, B)))
    assert not tried(attempts, good, Plan(repairs=(C,)))
