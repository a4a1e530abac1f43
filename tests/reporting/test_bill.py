from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.models.exchange import Exchange, FailureKind, Role
from bot.models.report import Cost, Report
from bot.reporting import bill, html, markdown
from pages import Page


def call(usd: float | None = 0.01, **more: object) -> Exchange:
    known = {"step": "patch", "role": Role.PATCHER, "prompt": "patch/1", "provider": "openai", "model": "gpt-5"}
    return Exchange(**{**known, "input_tokens": 1000, "output_tokens": 10, "usd": usd, **more})


def test_the_lines_add_up_to_what_is_to_be_paid(models: Mapping[str, Report]) -> None:
    cost = models["everything"].cost
    paid = [one for one in bill.entries(cost) if not one.cached]
    assert sum(one.input_tokens for one in paid) == cost.input_tokens
    assert sum(one.output_tokens for one in paid) == cost.output_tokens
    assert sum(one.usd or 0.0 for one in paid) == pytest.approx(cost.usd)
    assert sum(one.calls for one in bill.entries(cost)) == len(cost.calls)


def test_so_do_the_figures_that_are_shown(models: Mapping[str, Report], bundle: Path) -> None:
    made = models["everything"]
    text = markdown.render(made, "")
    prices = [float(row.split("$")[1].split(" ")[0]) for row in re.findall(r"^\| \w.*\|$", text, re.M) if "$" in row]
    assert sum(prices) == pytest.approx(made.cost.usd, abs=0.0003)
    assert "| **To be paid** |  |  |  | **27,386** | **2,104** | **at most $0.1011** |" in text
    assert "To be paid27,3862,104at most $0.1011" in Page(html.render(made, "", bundle)).words


def test_the_bill_in_one_line() -> None:
    calls = (call(0.015), call(0.015, input_tokens=8812, output_tokens=630))
    assert bill.total(Cost.of(calls)) == "2 calls, 9,812 tokens in, 640 out, $0.03"
    assert bill.total(Cost()) == bill.NOBODY


def test_what_a_memory_answered_is_not_paid_again() -> None:
    cost = Cost.of((call(), call(0.0, cached=True)))
    assert bill.total(cost).endswith(
        "1 call, 1,000 tokens in, 10 out, $0.01; 1 more call answered from memory, not paid again"
    )
    assert [one.price for one in bill.entries(cost)] == ["$0.0100", "not paid again"]


def test_a_price_nobody_knows_is_not_called_nothing() -> None:
    assert bill.owed(Cost.of((call(None),))) == "price not known"
    assert bill.owed(Cost.of((call(None), call(0.5)))) == "$0.50 and what has no known price"
    assert [one.price for one in bill.entries(Cost.of((call(None),)))] == ["price not known"]


def test_a_failure_that_may_have_been_billed_is_counted_at_its_most() -> None:
    cost = Cost.of((call(0.2, failure=FailureKind.TIMED_OUT), call(0.0, failure=FailureKind.RATE_LIMITED)))
    (one,) = bill.entries(cost)
    assert (one.price, one.went) == ("at most $0.2000", "2 failed: timed out and rate limited")
    assert bill.owed(cost) == "at most $0.20"


@pytest.mark.parametrize(
    ("usd", "said"), [(0.0, "$0.00"), (0.0042, "$0.0042"), (1e-7, "$0.0001"), (1234.5, "$1,234.50")]
)
def test_money(usd: float, said: str) -> None:
    assert bill.money(usd) == said
