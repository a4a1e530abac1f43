"""What a run contradicts is no fault, whatever the API alone says."""

from __future__ import annotations

import pytest

from bot.models.patch import Repair
from bot.models.release import Release
from bot.models.validation import Check, Observation, Outcome
from bot.steps.look import cleared

REPAIR = Repair(
    rule="PRP101", path="a.py", line=3, end_line=3, message="assigned", title="annotate", cleared_by="class:Grow"
)


def run(*checks: tuple[str, Outcome], reached: bool = True) -> Observation:
    made = tuple(Check(id=name, outcome=outcome) for name, outcome in checks)
    return Observation(validator="exercise", release=Release(4, 5), reached=reached, checks=made)


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        ([run(("enable", Outcome.PASS), ("class:Grow", Outcome.PASS))], True),
        ([run(("enable", Outcome.PASS))], True),
        ([run(("enable", Outcome.PASS), ("class:Grow", Outcome.FAIL))], False),
        ([run(("enable", Outcome.FAIL))], False),
        ([run(("enable", Outcome.PASS)), run(("enable", Outcome.FAIL))], False),
        ([run(reached=False)], False),
        ([], False),
    ],
)
def test_a_class_that_has_its_properties_when_it_runs_is_left_alone(seen: list[Observation], expected: bool) -> None:
    assert cleared(REPAIR, seen) is expected


def test_a_repair_nothing_can_clear_stays() -> None:
    plain = REPAIR.model_copy(update={"cleared_by": None})
    assert not cleared(plain, [run(("enable", Outcome.PASS))])
