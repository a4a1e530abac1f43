"""A crash of Blender's own is held against the add-on only where an older release shows that it need not be."""

from __future__ import annotations

import pytest

from bot.models.fault import Fault, FaultKind, FaultSource, Proof
from bot.models.release import Release
from bot.models.validation import Check, Observation, Outcome
from bot.validators.crashes import without_blenders_own

OPERATOR = "operator:mesh.twist"


def crash(signal: int, release: str, owner: str | None = "bpy.ops") -> Check:
    message = f"Blender crashed (signal {signal}) while running {OPERATOR}"
    fault = Fault(
        kind=FaultKind.CRASH, path="", line=0, end_line=0, message=message, source=FaultSource.RUNTIME,
        proof=Proof.REPRODUCED, release=Release.parse(release), exception="Crash", owner=owner,
    )  # fmt: skip
    return Check(id=OPERATOR, outcome=Outcome.FAIL, fault=fault)


def seen(release: str, check: Check) -> Observation:
    return Observation(validator="exercise", release=Release.parse(release), checks=(check,))


def outcomes(*looks: Observation) -> list[Outcome]:
    return [look.checks[0].outcome for look in without_blenders_own(looks)]


@pytest.mark.parametrize("older", [Outcome.REFUSED, Outcome.SKIPPED, Outcome.FAIL])
def test_a_crash_no_older_release_gets_past_is_not_counted_and_said(older: Outcome) -> None:
    looks = without_blenders_own([seen("3.4", Check(id=OPERATOR, outcome=older)), seen("4.5", crash(11, "4.5"))])
    (check,) = looks[1].checks
    assert (check.outcome, check.fault) == (Outcome.SKIPPED, None)
    assert "Blender crashed (signal 11)" in check.detail


def test_a_crash_everywhere_is_not_counted_anywhere() -> None:
    assert outcomes(seen("3.4", crash(11, "3.4")), seen("4.5", crash(11, "4.5"))) == [Outcome.SKIPPED] * 2


def test_a_crash_that_came_with_a_newer_release_is_a_fault() -> None:
    passed = Check(id=OPERATOR, outcome=Outcome.PASS)
    assert outcomes(seen("3.4", passed), seen("4.5", crash(11, "4.5"))) == [Outcome.PASS, Outcome.FAIL]


def test_a_newer_release_that_passes_excuses_the_older_one() -> None:
    passed = Check(id=OPERATOR, outcome=Outcome.PASS)
    assert outcomes(seen("3.4", crash(11, "3.4")), seen("4.5", passed)) == [Outcome.SKIPPED, Outcome.PASS]


@pytest.mark.parametrize("signal", [6, 9, 15])
def test_an_addon_that_aborts_or_kills_blender_is_at_fault(signal: int) -> None:
    older = Check(id=OPERATOR, outcome=Outcome.REFUSED)
    assert outcomes(seen("3.4", older), seen("4.5", crash(signal, "4.5")))[1] is Outcome.FAIL


def test_an_addon_that_dies_in_its_own_code_is_at_fault_whatever_older_releases_do() -> None:
    older = Check(id=OPERATOR, outcome=Outcome.REFUSED)
    assert outcomes(seen("3.4", older), seen("4.5", crash(11, "4.5", owner=None)))[1] is Outcome.FAIL


def test_one_release_alone_is_no_evidence_and_its_crash_is_told() -> None:
    assert outcomes(seen("4.5", crash(11, "4.5"))) == [Outcome.FAIL]
