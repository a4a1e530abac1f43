"""A script shows a fault only where it fails for the reason it states."""

from __future__ import annotations

from typing import Any

import pytest

from bot.models.fault import Fault, FaultKind, FaultSource, Proof
from bot.models.release import Release
from bot.models.reproduction import Reproduction, Script
from bot.models.validation import Check, Observation, Outcome
from bot.validators.reproduction import agree, judge, scripts_of

R42, R45 = Release(4, 2), Release(4, 5)
SCRIPT = Script(name="reproduction-1", text="addon.measure()\n")
OWN = 'Traceback (most recent call last):\n  File "<script:reproduction-1>", line 4, in <module>\n'


def stated(expects: str, path: str = "") -> Reproduction:
    return Reproduction(script=SCRIPT, expects=expects, path=path)


def failing(exception: str, path: str = "", line: int = 0, *, reached: int = 5, **more: Any) -> Check:
    fault = Fault.model_validate(
        {
            "kind": FaultKind.SCENARIO,
            "path": path,
            "line": line,
            "message": "it\n says no",
            "exception": exception,
            "source": FaultSource.TEST,
            "proof": Proof.REPRODUCED,
            "release": R45,
            "subject": "reproduction-1",
            "traceback": OWN,
            **more,
        }
    )
    return Check(id="script:reproduction-1", outcome=Outcome.FAIL, fault=fault, reached=reached)


PASSING = Check(id="script:reproduction-1", outcome=Outcome.PASS, reached=5)
UNTRIED = Check(id="script:reproduction-1", outcome=Outcome.SKIPPED, detail="the add-on could not be enabled")


@pytest.mark.parametrize(
    ("one", "check", "said"),
    [
        (stated("KeyError"), failing("KeyError", "a/x.py", 10), "It raised KeyError in a/x.py:10, as stated."),
        (stated("KeyError", "a/x.py"), failing("KeyError", "a/x.py", 10), "as stated"),
        (stated("a.errors.LimitError"), failing("LimitError", "a/x.py", 10), "as stated"),
        (stated("AssertionError", "a/x.py"), failing("AssertionError", "a/x.py", 3), "as stated"),
        (stated("AssertionError"), failing("AssertionError"), "at line 4 after 5 lines of the add-on ran: it says no"),
        (stated("AssertionError"), failing("AssertionError", reached=1), "after 1 line of the add-on ran"),
        (stated("TimeoutError"), failing("TimeoutError", "a/x.py", 10), "as stated"),
    ],
)
def test_what_fails_for_its_reason_counts(one: Reproduction, check: Check, said: str) -> None:
    judged = judge(one, check)
    assert (judged.counts, judged.release) == (True, R45)
    assert said in judged.said


@pytest.mark.parametrize(
    ("one", "check", "said"),
    [
        (stated("KeyError"), PASSING, "It passed: the fault did not show."),
        (stated("KeyError"), UNTRIED, "It was not run: the add-on could not be enabled."),
        (stated("KeyError"), failing("NameError"), "NameError at line 4 of the script itself: it says no"),
        (stated("KeyError"), failing("KeyError"), "KeyError at line 4 of the script itself"),
        (stated("AssertionError"), failing("TypeError"), "TypeError at line 4 of the script itself"),
        (stated("ValueError"), failing("KeyError", "x.py", 10), "It raised KeyError in x.py:10, not ValueError"),
        (stated("KeyError", "y.py"), failing("KeyError", "x.py", 10), "It raised KeyError in x.py:10, not in y.py"),
        (stated("AssertionError"), failing("KeyError", "x.py", 10), "It raised KeyError in x.py:10, not Assert"),
        (stated("AssertionError"), failing("AssertionError", "x.py", 1), "not by an assertion of its own"),
        (stated("AssertionError", "x.py"), failing("AssertionError"), "no exception came from x.py"),
        (stated("AssertionError"), failing("AssertionError", reached=0), "no code of the add-on ran"),
        (stated("Crash"), failing("Crash", kind=FaultKind.CRASH), "Blender did not survive it"),
        (stated("Exit"), failing("Exit", traceback=None), "Blender did not survive it"),
    ],
)
def test_what_fails_otherwise_does_not_and_says_why(one: Reproduction, check: Check, said: str) -> None:
    judged = judge(one, check)
    assert not judged.counts
    assert said in judged.said, judged.said


@pytest.mark.parametrize(
    ("second", "alike"),
    [
        (failing("KeyError", "x.py", 10), True),
        (failing("KeyError", "x.py", 10, message="it says 7"), True),  # what is said may hold a time or a number
        (failing("KeyError", "x.py", 11), False),
        (failing("ValueError", "x.py", 10), False),
        (failing("KeyError", "x.py", 10, traceback=OWN.replace("line 4", "line 5")), False),
        (PASSING, False),
    ],
)
def test_two_runs_agree_or_not(second: Check, alike: bool) -> None:
    assert agree(failing("KeyError", "x.py", 10), second) is alike


def test_passing_twice_is_agreement() -> None:
    assert agree(PASSING, PASSING.model_copy(update={"detail": "printed something else"}))


def test_what_counts_is_run_where_the_baseline_knows_it() -> None:
    other = Script(name="reproduction-2", text="pass\n")
    counting = stated("KeyError").model_copy(update={"counts": True})
    baseline = (
        Observation(validator="exercise", release=R42, checks=(Check(id="enable", outcome=Outcome.PASS),)),
        Observation(validator="exercise", release=R45, checks=(failing("KeyError", "x.py", 10),)),
    )
    reproductions = (counting, Reproduction(script=other, expects="KeyError"))
    (script,) = scripts_of(reproductions, baseline)
    assert (script.name, script.releases) == ("reproduction-1", (R45,))
    assert scripts_of((counting,), baseline[:1]) == ()
