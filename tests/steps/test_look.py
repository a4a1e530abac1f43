"""What a run contradicts is no fault, whatever the API alone says; what a rule knows is not said twice."""

from __future__ import annotations

import pytest

from bot.models.fault import Fault, FaultKind, FaultSource, Proof
from bot.models.patch import Repair
from bot.models.question import Question, QuestionKind
from bot.models.release import Release
from bot.models.validation import Check, Observation, Outcome
from bot.steps.look import cleared, known_to_a_rule

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


TYPED = Fault(
    kind=FaultKind.API, owner="bpy.types.Mesh", member="calc_normals", path="a.py", line=4, end_line=5,
    message="Mesh has no calc_normals in Blender 4.5", source=FaultSource.TYPES, proof=Proof.API, release=Release(4, 5),
)  # fmt: skip
ASKED = Question(kind=QuestionKind.MEMBER, owner="bpy.types.Mesh", name="calc_normals")


@pytest.mark.parametrize(
    ("update", "known"),
    [
        ({"line": 3, "end_line": 4, "question": ASKED}, True),
        ({"line": 5, "end_line": 9, "member": "calc_normals", "question": ASKED}, True),
        ({"line": 4, "end_line": 4, "member": "calc_normals"}, False),  # nothing that could make it a fault
        ({"line": 6, "end_line": 9, "question": ASKED}, False),
        ({"line": 4, "end_line": 4, "path": "b.py", "question": ASKED}, False),
        ({"line": 4, "end_line": 4, "question": ASKED.model_copy(update={"name": "loops"})}, False),
    ],
)
def test_a_rule_that_knows_the_name_at_the_place_takes_it_over(update: dict[str, object], known: bool) -> None:
    repair = REPAIR.model_copy(update={"cleared_by": None, **update})
    assert known_to_a_rule(TYPED, [repair]) is known
