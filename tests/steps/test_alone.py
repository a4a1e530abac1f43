"""What only depends on what ran before it is not broken; what differs alone is."""

from __future__ import annotations

from bot.models.release import Release
from bot.models.validation import Check, Difference, Observation, Outcome
from bot.steps.alone import _doubtful, _settled

R45 = Release(4, 5)
P, F, R = Outcome.PASS, Outcome.FAIL, Outcome.REFUSED


def row(*broken: str) -> Difference:
    return Difference(validator="exercise", release=R45, baseline="3 pass", after="1 pass", broken=broken)


def after(**outcomes: Outcome) -> Observation:
    checks = (Check(id=name.replace("_", ":", 1), outcome=outcome) for name, outcome in outcomes.items())
    return Observation(validator="exercise", release=R45, checks=tuple(checks))


def test_only_what_did_not_fail_is_doubtful() -> None:
    seen = after(enable=P, operator_a=R, operator_b=F)
    assert _doubtful(row("operator:a", "operator:b", "operator:gone"), [seen]) == ("operator:a", "operator:gone")


def test_nothing_is_doubtful_where_the_add_on_does_not_load_any_more() -> None:
    assert _doubtful(row("operator:a"), [after(enable=F, operator_a=R)]) == ()


def test_the_same_alone_on_both_trees_is_not_broken() -> None:
    settled = _settled(row("operator:a"), {R45: {"operator:a": R}}, {R45: {"operator:a": R}})
    assert settled.broken == ()
    assert "1 tried again alone" in settled.note


def test_passing_alone_is_not_broken() -> None:
    assert _settled(row("operator:a"), {R45: {"operator:a": P}}, {R45: {"operator:a": P}}).broken == ()


def test_what_differs_alone_or_fails_is_broken() -> None:
    before = {R45: {"operator:a": P, "operator:b": F, "operator:c": P}}
    new = {R45: {"operator:a": R, "operator:b": F}}
    checks = ("operator:a", "operator:b", "operator:c")
    assert _settled(row(*checks), before, new).broken == checks
