"""The purse: no sequence of calls overspends, and what cannot be priced is not bought."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.llm import tokens
from bot.llm.budget import Held, Purse
from bot.llm.endpoint import Endpoint
from bot.llm.members import Member
from bot.llm.prices import Prices
from bot.llm.scripted import Scripted
from bot.models.exchange import Exchange, Failure, FailureKind, Reply, Role
from bot.settings import Price
from calls import call

PAID = Endpoint(name="openai", base_url="https://api.openai.com/v1", model="dear")
OWN = Prices({"dear": Price(input=1000, output=2000)})


def member(endpoint: Endpoint | None = PAID, **changes: bool) -> Member:
    return Member(Scripted([]), 10, endpoint, **changes)


def reply(sent: int, received: int) -> Reply:
    return Reply(text="x", provider="openai", model="dear-2026-01-01", input_tokens=sent, output_tokens=received)


@given(
    limit=st.floats(0, 100),
    earlier=st.floats(0, 20),
    asked=st.lists(
        st.tuples(
            st.integers(64, 20_000),
            st.floats(0, 1),
            st.floats(0, 1),
            st.sampled_from([None, *FailureKind]),
            st.booleans(),
        ),
        max_size=12,
    ),
)
def test_no_sequence_overspends(
    limit: float, earlier: float, asked: list[tuple[int, float, float, FailureKind | None, bool]]
) -> None:
    purse = Purse(OWN, limit)
    purse.preload([Exchange(step="s", role=Role.PATCHER, prompt="p/1", provider="openai", usd=min(earlier, limit))])
    open_ones: list[tuple[Held, int, float, float, FailureKind | None]] = []

    def settle() -> None:
        for held, most, part_in, part_out, kind in open_ones:
            one = call(model="dear", max_output_tokens=most)
            sent = int(tokens.conversation(one.messages) * 1.25 * part_in)
            failure = Failure(kind=kind, provider="openai", message="m") if kind else None
            purse.settle(held, member(), one, "patch", failure or reply(sent, int(most * part_out)), 1.0)
        open_ones.clear()

    for most, part_in, part_out, kind, wait in asked:
        held = purse.reserve(member(), call(model="dear", max_output_tokens=most))
        if isinstance(held, Held):
            open_ones.append((held, most, part_in, part_out, kind))
        else:
            assert held.kind == FailureKind.OUT_OF_MONEY
        if not wait:
            settle()
        assert purse.spent <= limit + 1e-9
    settle()
    assert purse.spent <= limit + 1e-9


def test_a_call_that_fits_is_made_and_priced() -> None:
    purse = Purse(OWN, 10.0)
    one = call(model="dear", max_output_tokens=1000)
    held = purse.reserve(member(), one)
    assert isinstance(held, Held) and held.most is not None and 2 < held.most < 3
    priced = purse.settle(held, member(), one, "patch", reply(100, 50), 1.5)
    assert isinstance(priced, Reply) and priced.usd == pytest.approx(0.2)
    (line,) = purse.taken()
    assert (line.step, line.role, line.prompt) == ("patch", Role.PATCHER, "patch/1")
    assert (line.model, line.input_tokens, line.output_tokens) == ("dear-2026-01-01", 100, 50)
    assert line.usd == pytest.approx(purse.spent) and line.seconds == 1.5 and line.failure is None


def test_lines_are_taken_once() -> None:
    purse = Purse(OWN)
    one = call(model="dear")
    held = purse.reserve(member(), one)
    assert isinstance(held, Held)
    purse.settle(held, member(), one, "patch", reply(1, 1), 0)
    assert len(purse.taken()) == 1 and purse.taken() == ()


def test_a_call_that_could_cost_too_much_is_not_made() -> None:
    purse = Purse(OWN, 1.0)
    failure = purse.reserve(member(), call(model="dear", max_output_tokens=1000))
    assert isinstance(failure, Failure) and failure.kind == FailureKind.OUT_OF_MONEY
    assert "$1.00" in failure.message and purse.taken() == ()
    assert isinstance(purse.reserve(member(), call(model="dear", max_output_tokens=64)), Held)


def test_money_of_a_run_that_is_taken_up_counts() -> None:
    purse = Purse(OWN, 3.0)
    one = call(model="dear", max_output_tokens=1000)
    assert isinstance(purse.reserve(member(), one), Held)
    other = Purse(OWN, 3.0)
    other.preload([Exchange(step="s", role=Role.PATCHER, prompt="p/1", provider="openai", usd=1.0)])
    assert isinstance(other.reserve(member(), one), Failure)
    assert other.taken() == ()


def test_without_a_price_nothing_is_bought_under_a_limit() -> None:
    one = call(model="nobody-knows-it")
    failure = Purse(Prices(), 5.0).reserve(member(), one)
    assert isinstance(failure, Failure) and failure.kind == FailureKind.OUT_OF_MONEY
    assert '[prices."nobody-knows-it"]' in failure.message
    unlimited = Purse(Prices())
    held = unlimited.reserve(member(), one)
    assert isinstance(held, Held) and held.most is None
    settled = unlimited.settle(held, member(), one, "patch", reply(5, 5), 1)
    assert isinstance(settled, Reply) and settled.usd is None


@pytest.mark.parametrize("endpoint", [None, PAID.model_copy(update={"local": True, "model": "own"})])
def test_what_costs_nothing_is_free_under_any_limit(endpoint: Endpoint | None) -> None:
    purse = Purse(Prices(), 0.0)
    held = purse.reserve(member(endpoint), call(model="own"))
    assert isinstance(held, Held)
    settled = purse.settle(held, member(endpoint), call(model="own"), "patch", reply(5, 5), 1)
    assert isinstance(settled, Reply) and settled.usd == 0


@pytest.mark.parametrize(("kind", "billed"), [(FailureKind.CUT, True), (FailureKind.RATE_LIMITED, False)])
def test_what_was_begun_counts_at_its_most(kind: FailureKind, billed: bool) -> None:
    purse = Purse(OWN, 10.0)
    held = purse.reserve(member(), call(model="dear"))
    assert isinstance(held, Held)
    purse.settle(held, member(), call(model="dear"), "patch", Failure(kind=kind, provider="o", message="m"), 1)
    (line,) = purse.taken()
    assert line.failure == kind and line.usd == (held.most if billed else 0) and bool(line.note) == billed


def test_after_its_time_no_call_is_begun() -> None:
    now = [0.0]
    purse = Purse(OWN, None, 60, clock=lambda: now[0])
    assert isinstance(purse.reserve(member(), call()), Held)
    now[0] = 60.0
    failure = purse.reserve(member(), call())
    assert isinstance(failure, Failure) and failure.kind == FailureKind.ENDED and "run_seconds" in failure.message


def test_the_time_of_a_person_is_not_the_runs() -> None:
    now = [0.0]
    purse = Purse(OWN, None, 60, clock=lambda: now[0])
    person = member(None, patient=True)
    held = purse.reserve(person, call())
    assert isinstance(held, Held)
    now[0] = 5000.0
    purse.settle(held, person, call(), "patch", reply(1, 1), 5000.0)
    assert purse.left == 60


def test_the_table_knows_prices_and_the_users_own_win() -> None:
    known = Endpoint(name="openai", base_url="https://api.openai.com/v1")
    cost = Prices().cost(known, "gpt-4o-mini", 1_000_000, 0)
    assert cost is not None and 0 < cost < 10
    assert Prices({"gpt-4o-mini": Price(input=7, output=0)}).cost(known, "gpt-4o-mini", 1_000_000, 0) == 7
    assert Prices().cost(known, "no such model", 1, 1) is None
    assert Prices().cost(known, "", 1, 1) is None
    elsewhere = Endpoint(name="endpoint", base_url="https://example.org/v1")
    assert Prices().cost(elsewhere, "gpt-4o-mini", 1, 1) is None


def test_every_preset_that_costs_has_a_price() -> None:
    from bot.llm.presets import PRESETS

    for preset in PRESETS.values():
        if preset.model and not preset.local:
            assert Prices().cost(preset, preset.model, 1000, 1000), preset.name


def test_no_limit_is_no_limit() -> None:
    assert Purse(OWN).left == math.inf
