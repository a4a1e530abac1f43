"""A script Blender did not survive in company is given a start of its own."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from bot.models.fault import Fault, FaultKind, FaultSource, Proof
from bot.models.release import Release
from bot.models.reproduction import Script
from bot.models.validation import Check, Observation, Outcome
from bot.steps import revive

R45 = Release(4, 5)
SCRIPTS = (Script(name="reproduction-1", text="pass"), Script(name="reproduction-2", text="pass"))


def check(number: int, kind: FaultKind | None) -> Check:
    fault = Fault(kind=kind, message="x", source=FaultSource.TEST, proof=Proof.REPRODUCED) if kind else None
    return Check(id=f"script:reproduction-{number}", outcome=Outcome.FAIL if kind else Outcome.PASS, fault=fault)


def seen(*checks: Check, **more: object) -> Observation:
    return Observation.model_validate({"validator": "exercise", "release": R45, "checks": checks, "starts": 1, **more})


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """The scripts each start of its own was given."""
    monkeypatch.setattr(revive, "tree", lambda *_: None)
    return []


def tools(asked: list[tuple[str, ...]], answer: Observation) -> SimpleNamespace:
    def scripts(_subject: object, _release: Release, wanted: tuple[Script, ...]) -> Observation:
        asked.append(tuple(script.name for script in wanted))
        return answer

    return SimpleNamespace(exercise=SimpleNamespace(name="exercise", scripts=scripts), work=Path())


@pytest.mark.parametrize("kind", [FaultKind.CRASH, FaultKind.TIMEOUT])
def test_what_died_is_run_alone_and_that_counts(asked: list[tuple[str, ...]], kind: FaultKind) -> None:
    before = seen(check(1, kind), check(2, FaultKind.SCENARIO), executed={"a.py": (1, 2)})
    alone = seen(check(1, None), executed={"a.py": (2, 3)})
    (after,) = revive.revive(None, (before,), SCRIPTS, "x", tools(asked, alone))  # type: ignore[arg-type]
    assert asked == [("reproduction-1",)]
    assert [one.outcome for one in after.checks] == [Outcome.PASS, Outcome.FAIL]
    assert after.executed == {"a.py": (1, 2, 3)} and after.starts == 2


def test_what_dies_alone_too_has_died(asked: list[tuple[str, ...]]) -> None:
    dead = seen(check(1, FaultKind.CRASH))
    (after,) = revive.revive(None, (dead,), SCRIPTS, "x", tools(asked, dead))  # type: ignore[arg-type]
    assert after.checks == dead.checks


def test_nothing_is_started_where_nothing_died(asked: list[tuple[str, ...]]) -> None:
    fine = seen(check(1, None), check(2, FaultKind.SCENARIO))
    assert revive.revive(None, (fine,), SCRIPTS, "x", tools(asked, fine)) == (fine,)  # type: ignore[arg-type]
    assert asked == []
