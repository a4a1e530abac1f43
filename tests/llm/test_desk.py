"""What steps ask: roles, answers that are kept, limits and the bill, behind one call."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.llm.base import Say
from bot.llm.budget import Purse
from bot.llm.desk import Models
from bot.llm.endpoint import Endpoint
from bot.llm.members import Member
from bot.llm.prices import Prices
from bot.llm.replies import Replies
from bot.llm.resilience import Persistence
from bot.llm.scripted import Entry, Scripted
from bot.models.exchange import Call, Exchange, Failure, FailureKind, Reply, Role
from bot.settings import Price, RoleSettings
from calls import call, quiet

PAID = Endpoint(name="openai", base_url="https://api.openai.com/v1", model="dear")


class Recorded:
    """A script that remembers what it was asked."""

    name = "recorded"

    def __init__(self, *entries: Entry) -> None:
        self.calls: list[Call] = []
        self._script = Scripted(entries or [Entry(reply="an answer", repeat=True)])

    def complete(self, asked: Call, seconds: float, say: Say) -> Reply | Failure:
        self.calls.append(asked)
        return self._script.complete(asked, seconds, say)


def models(*members: Member, root: Path | None = None, max_cost: float | None = None, **more: object) -> Models:
    prices = Prices({"dear": Price(input=1000, output=2000)})
    return Models(
        members,
        Purse(prices, max_cost),
        replies=Replies(root) if root else None,
        persistence=Persistence(sleep=lambda _: None),
        **more,  # type: ignore[arg-type]
    )


def test_an_answer_goes_on_the_bill() -> None:
    desk = models(Member(Recorded(), 5))
    assert desk.available and desk.serves(Role.CRITIC)
    reply = desk.ask(call(), "patch")
    assert isinstance(reply, Reply) and reply.text == "an answer"
    (line,) = desk.taken()
    assert (line.step, line.role, line.provider, line.usd) == ("patch", Role.PATCHER, "recorded", 0)
    assert desk.taken() == ()


def test_nothing_of_the_prompt_or_the_answer_is_on_the_bill() -> None:
    desk = models(Member(Recorded(), 5))
    desk.ask(call("the secret plan"), "patch")
    assert not any(word in repr(desk.taken()) for word in ("secret", "an answer"))


def test_every_try_is_a_line() -> None:
    desk = models(Member(Recorded(Entry(failure=FailureKind.OVERLOADED), Entry(reply="ok")), 5))
    assert isinstance(desk.ask(call(), "patch"), Reply)
    assert [line.failure for line in desk.taken()] == [FailureKind.OVERLOADED, None]


def test_the_same_question_is_asked_once(tmp_path: Path) -> None:
    first, again = Recorded(), Recorded()
    assert isinstance(models(Member(first, 5), root=tmp_path).ask(call(), "patch"), Reply)
    desk = models(Member(again, 5), root=tmp_path)
    reply = desk.ask(call(), "patch")
    assert isinstance(reply, Reply) and reply.cached and not again.calls
    (line,) = desk.taken()
    assert line.cached and line.usd == 0 and line.output_tokens == reply.output_tokens


def test_an_answer_that_is_kept_is_given_even_without_money(tmp_path: Path) -> None:
    models(Member(Recorded(), 5, PAID), root=tmp_path).ask(call(), "patch")
    assert isinstance(models(Member(Recorded(), 5, PAID), root=tmp_path, max_cost=0).ask(call(), "patch"), Reply)


def test_what_is_not_to_be_kept_is_asked_again(tmp_path: Path) -> None:
    provider = Recorded()
    desk = models(Member(provider, 5, kept=False), root=tmp_path)
    desk.ask(call(), "patch")
    desk.ask(call(), "patch")
    assert len(provider.calls) == 2


def test_failures_are_not_kept(tmp_path: Path) -> None:
    desk = models(Member(Recorded(Entry(failure=FailureKind.FILTERED), Entry(reply="ok")), 5), root=tmp_path)
    assert isinstance(desk.ask(call(), "patch"), Failure)
    assert isinstance(desk.ask(call(), "patch"), Reply)


def test_a_role_has_settings_and_a_model_of_its_own() -> None:
    general, own = Recorded(), Recorded()
    settings = RoleSettings(effort="high", temperature=0.5, max_output_tokens=99)
    desk = models(Member(general, 5), of_role={Role.CRITIC: (Member(own, 5),)}, roles={"critic": settings})
    desk.ask(call(), "patch")
    desk.ask(call(role=Role.CRITIC, temperature=0.1), "critique")
    (usual,), (special,) = general.calls, own.calls
    assert (usual.effort, usual.temperature, usual.max_output_tokens) == (None, None, 4000)
    assert (special.effort, special.temperature, special.max_output_tokens) == ("high", 0.5, 99)


def test_a_role_can_do_without_a_model() -> None:
    desk = models(Member(Recorded(), 5), of_role={Role.CRITIC: ()})
    assert desk.available and not desk.serves(Role.CRITIC)
    assert isinstance(desk.ask(call(role=Role.CRITIC), "critique"), Failure)


def test_no_model_at_all_says_why() -> None:
    desk = models(why="Models are switched off (llm = none).")
    failure = desk.ask(call(), "patch")
    assert not desk.available
    assert isinstance(failure, Failure) and failure.kind == FailureKind.ENDED and "switched off" in failure.message
    assert desk.taken() == ()


def test_the_limit_counts_what_an_interrupted_run_spent() -> None:
    provider = Recorded()
    desk = models(Member(provider, 5, PAID), max_cost=20.0)
    assert isinstance(desk.ask(call(), "patch"), Reply)
    desk.preload([Exchange(step="patch", role=Role.PATCHER, prompt="p/1", provider="openai", usd=15.0)])
    failure = desk.ask(call(), "patch")
    assert isinstance(failure, Failure) and failure.kind == FailureKind.OUT_OF_MONEY and len(provider.calls) == 1
    assert desk.spent > 15


def test_without_money_for_one_a_free_one_is_asked() -> None:
    paid, free = Recorded(), Recorded()
    desk = models(Member(paid, 5, PAID), Member(free, 5), max_cost=0.0)
    assert isinstance(desk.ask(call(), "patch"), Reply)
    assert not paid.calls and len(free.calls) == 1


def test_ctrl_c_passes_through_and_is_billed() -> None:
    class Interrupted(Recorded):
        def complete(self, asked: Call, seconds: float, say: Say) -> Reply | Failure:
            raise KeyboardInterrupt

    desk = models(Member(Interrupted(), 5, PAID), max_cost=20.0)
    with pytest.raises(KeyboardInterrupt):
        desk.ask(call(), "patch", quiet)
    (line,) = desk.taken()
    assert line.failure == FailureKind.CUT and line.usd == desk.spent > 0
