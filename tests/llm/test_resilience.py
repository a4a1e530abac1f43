"""Trying again, waiting, resting and going on: all of it without a second gone by."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.llm import resilience
from bot.llm.base import Say
from bot.llm.endpoint import Endpoint
from bot.llm.members import Member
from bot.llm.resilience import LONGEST_WAIT, MAX_TRIES, RETRIES, Breakers, Persistence, pause
from bot.llm.scripted import Entry, Scripted
from bot.models.exchange import Call, Failure, FailureKind, Reply
from calls import call, quiet


class Bench:
    """Scripted members, a clock that only sleeping moves, and a record of the waits."""

    def __init__(self, *scripts: list[Entry], seconds: float = math.inf, patient: bool = False) -> None:
        self.waits: list[float] = []
        self.tries: list[str] = []
        self.said: list[str] = []
        self._left = seconds
        self.members = [
            Member(
                Scripted(entries),
                10,
                Endpoint(name=f"m{n}", base_url=f"http://{n}/v1", model=f"model{n}"),
                True,
                patient,
            )
            for n, entries in enumerate(scripts)
        ]
        self.persistence = Persistence(Breakers(failures=5, rest=0.2), self._sleep, lambda: 0.5)

    def ask(self) -> Reply | Failure:
        return self.persistence.ask(self.members, call(), self._attempt, lambda: self._left, self.said.append)

    def _attempt(self, member: Member, asked: Call, say: Say) -> Reply | Failure:
        self.tries.append(asked.model)
        return member.provider.complete(asked, member.seconds, say)

    def _sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self._left -= seconds


def failing(kind: FailureKind, times: int = 1, retry_after: float | None = None) -> list[Entry]:
    return [Entry(failure=kind, retry_after=retry_after)] * times


ANSWER = Entry(reply="an answer", repeat=True)


@pytest.mark.parametrize("kind", RETRIES)
def test_what_may_pass_is_tried_again(kind: FailureKind) -> None:
    bench = Bench([*failing(kind), ANSWER])
    assert isinstance(bench.ask(), Reply)
    assert len(bench.tries) == 2 and len(bench.waits) == 1 and str(kind) in bench.said[0]


@pytest.mark.parametrize("kind", FailureKind)
def test_every_kind_is_tried_a_bounded_number_of_times(kind: FailureKind) -> None:
    bench = Bench([Entry(failure=kind, repeat=True)])
    failure = bench.ask()
    assert isinstance(failure, Failure) and failure.kind == kind
    assert len(bench.tries) == 1 + RETRIES.get(kind, 0) <= MAX_TRIES
    assert (f"tried {len(bench.tries)} times" in failure.message) == (len(bench.tries) > 1)


def test_a_mixture_is_bounded_too() -> None:
    kinds = [*RETRIES, *RETRIES]
    bench = Bench([entry for kind in kinds for entry in failing(kind)])
    assert isinstance(bench.ask(), Failure) and len(bench.tries) <= MAX_TRIES


def test_waits_grow() -> None:
    bench = Bench([*failing(FailureKind.RATE_LIMITED, 3), ANSWER])
    bench.ask()
    assert bench.waits == sorted(bench.waits) and bench.waits[0] < bench.waits[-1]


@given(st.integers(1, 50), st.none() | st.floats(0, 1e9), st.floats(0, 1))
def test_no_wait_is_out_of_bounds(tries: int, asked: float | None, jitter: float) -> None:
    wait = pause(tries, asked, jitter)
    assert 0 <= wait <= LONGEST_WAIT + 1
    if asked is not None and asked <= LONGEST_WAIT:
        assert wait >= asked


def test_the_server_says_how_long() -> None:
    bench = Bench([*failing(FailureKind.RATE_LIMITED, retry_after=17), ANSWER])
    assert isinstance(bench.ask(), Reply)
    assert 17 <= bench.waits[0] <= 18


@pytest.mark.parametrize(("wait", "left"), [(LONGEST_WAIT + 1, math.inf), (50, 20)])
def test_a_wait_there_is_no_time_for_is_not_begun(wait: float, left: float) -> None:
    bench = Bench(failing(FailureKind.RATE_LIMITED, retry_after=wait), [ANSWER], seconds=left)
    reply = bench.ask()
    assert isinstance(reply, Reply) and bench.waits == [] and bench.tries == ["model0", "model1"]
    alone = Bench(failing(FailureKind.RATE_LIMITED, retry_after=wait), seconds=left)
    failure = alone.ask()
    assert isinstance(failure, Failure) and f"wait {wait:.0f} seconds" in failure.message


def test_the_run_is_not_outslept() -> None:
    bench = Bench([Entry(failure=FailureKind.RATE_LIMITED, repeat=True)], seconds=2.5)
    assert isinstance(bench.ask(), Failure)
    assert sum(bench.waits) < 2.5


def test_the_next_is_asked_for_its_own_model_and_the_sum_is_told() -> None:
    bench = Bench(failing(FailureKind.UNAUTHORISED), failing(FailureKind.TOO_LONG), failing(FailureKind.NO_MODEL))
    failure = bench.ask()
    assert bench.tries == ["model0", "model1", "model2"]
    assert isinstance(failure, Failure) and failure.kind == FailureKind.NO_MODEL
    for kind in (FailureKind.UNAUTHORISED, FailureKind.TOO_LONG, FailureKind.NO_MODEL):
        assert f"The script says: {kind}." in failure.message
    assert failure.message.startswith("No model answered.")


def test_a_server_that_is_down_is_left_alone_for_a_while() -> None:
    bench = Bench([Entry(failure=FailureKind.UNREACHABLE, repeat=True)], [ANSWER])
    for _ in range(3):
        assert isinstance(bench.ask(), Reply)
    assert bench.tries.count("model0") == 5
    time.sleep(0.3)
    assert isinstance(bench.ask(), Reply)
    assert bench.tries.count("model0") == 6


def test_a_rest_is_told() -> None:
    bench = Bench([Entry(failure=FailureKind.UNREACHABLE, repeat=True)])
    failures = [bench.ask() for _ in range(3)]
    assert isinstance(failures[-1], Failure) and "left alone" in failures[-1].message


def test_a_bad_answer_does_not_make_a_server_rest() -> None:
    bench = Bench([Entry(failure=FailureKind.MALFORMED, repeat=True)])
    for _ in range(5):
        bench.ask()
    assert len(bench.tries) == 5 * 3


def test_a_person_is_asked_for_patience_once() -> None:
    bench = Bench([Entry(failure=FailureKind.TIMED_OUT, repeat=True)], patient=True)
    assert isinstance(bench.ask(), Failure) and len(bench.tries) == 1


@pytest.mark.parametrize("where", ["call", "wait"])
def test_ctrl_c_passes_through(where: str) -> None:
    def interrupt(*_: object) -> Reply:
        raise KeyboardInterrupt

    def fail(*_: object) -> Failure:
        return Failure(kind=FailureKind.OVERLOADED, provider="m", message="busy.")

    attempt: Callable[..., Reply | Failure] = interrupt if where == "call" else fail
    persistence = Persistence(sleep=interrupt)
    for _ in range(3):
        with pytest.raises(KeyboardInterrupt):
            persistence.ask(Bench([]).members, call(), attempt, lambda: math.inf, quiet)


def test_kinds_that_are_answers_are_not_retried() -> None:
    assert {FailureKind.UNAUTHORISED, FailureKind.OUT_OF_MONEY, FailureKind.TOO_LONG}.isdisjoint(resilience.RETRIES)
