"""What a model is told of the way to work is counted in words."""

from __future__ import annotations

import pytest

from bot.models.fault import Fault, FaultKind, FaultSource, Proof
from bot.steps.route import counted


def fault(path: str) -> Fault:
    return Fault(
        kind=FaultKind.SCENARIO, path=path, line=0, message="height 2.0", exception="AssertionError",
        source=FaultSource.RUNTIME, proof=Proof.REPRODUCED,
    )  # fmt: skip


@pytest.mark.parametrize(
    "paths,said",
    [
        ([""], "1 fault"), (["", ""], "2 faults"), (["a.py"], "1 fault in 1 file"),
        (["a.py", "a.py"], "2 faults in 1 file"), (["a.py", "b.py", ""], "3 faults in 2 files"),
    ],
)  # fmt: skip
def test_files_are_counted_where_there_are_any(paths: list[str], said: str) -> None:
    assert counted([fault(path) for path in paths]) == said
