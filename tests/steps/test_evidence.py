"""What a log tells of, and whether it is what was seen."""

from __future__ import annotations

import pytest

from bot.models.fault import Fault, FaultKind, FaultSource, Proof
from bot.models.release import Release
from bot.steps.evidence import covered, same_place, told_apart

TOLD = Fault(
    kind=FaultKind.LOG, path="a.py", line=5, end_line=5, message="boom", exception="ValueError",
    source=FaultSource.LOG, proof=Proof.STATIC,
)  # fmt: skip
SEEN = TOLD.model_copy(
    update={
        "kind": FaultKind.OPERATOR,
        "source": FaultSource.RUNTIME,
        "proof": Proof.REPRODUCED,
        "release": Release(4, 5),
    }
)
MISUSE = SEEN.model_copy(
    update={
        "source": FaultSource.API,
        "proof": Proof.API,
        "exception": None,
        "line": 4,
        "end_line": 6,
        "rule": "OPS101",
    }
)


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        (SEEN, True),
        (MISUSE, True),
        (SEEN.model_copy(update={"line": 6, "end_line": 6}), False),
        (SEEN.model_copy(update={"path": "b.py"}), False),
        (SEEN.model_copy(update={"exception": "KeyError"}), False),
        (SEEN.model_copy(update={"exception": "KeyError", "rule": "OPS101"}), False),
    ],
)
def test_the_same_line_raising_the_same_or_misusing_the_api(seen: Fault, expected: bool) -> None:
    assert same_place(TOLD, seen) is expected
    assert covered(TOLD, [seen]) is expected


def test_what_was_seen_lends_its_proof_to_what_was_told() -> None:
    (told,) = told_apart([TOLD], [SEEN])
    assert (told.proof, told.release) == (Proof.REPRODUCED, Release(4, 5))
    assert told_apart([TOLD], []) == (TOLD,)
