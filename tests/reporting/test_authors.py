from __future__ import annotations

from collections.abc import Mapping

import pytest

from bot.models.patch import Patch
from bot.models.plan import Path, Route
from bot.models.report import Report
from bot.reporting import asked, authors, prose


def test_a_run_of_rules_alone_has_no_such_section(report: Report) -> None:
    assert authors.told(report) is None
    assert asked.unanswered(report) is None


def test_everything_a_model_did_is_told(models: Mapping[str, Report]) -> None:
    told = authors.told(models["everything"])
    assert told is not None
    assert told.wrote == authors.BY_MODEL and told.models == ("openrouter qwen3-coder",)
    assert told.routed == authors.Routed(
        "A model, step by step", True, "The operator and the layout disagree on what one object means; both have to be "
        "looked at.",
    )  # fmt: skip
    assert [task.id for task in told.tasks] == ["t1", "t2"]
    assert prose.plain(told.summary).startswith("positions() divided by len(things) - 1, which is zero for one object.")
    assert [one.label for one in told.cites] == ["spread/layout.py:12-20@4be1f0c", "bpy.types.Object.location"]
    assert [(one.name, one.mark) for one in told.marks][:2] == [("Use of the API", 1.0), ("Works in any context", 0.8)]
    assert [(one.number, one.ending) for one in told.tried] == [
        (1, "asked to see more first"),
        (2, "refused before anything ran"),
        (3, "set aside"),
    ]


def test_rules_and_a_model_share_the_credit(report: Report, models: Mapping[str, Report]) -> None:
    made = models["everything"]
    best = made.attempts[-1]
    patch = best.patch.model_copy(update={"repairs": report.attempts[1].patch.repairs})
    both = made.model_copy(update={"attempts": (best.model_copy(update={"patch": patch}),)})
    told = authors.told(both)
    assert told is not None and told.wrote.startswith("Rules repaired 11 places; a language model wrote the rest")


def test_where_nobody_answers_for_what_rules_left_the_patch_is_the_rules(
    report: Report, models: Mapping[str, Report]
) -> None:
    (silent,) = models["silent"].attempts
    left = report.model_copy(update={"attempts": (*report.attempts, silent.model_copy(update={"number": 3}))})
    told = authors.told(left)
    assert told is not None and told.wrote == authors.BY_RULES_ALONE and told.models == ()
    assert asked.unanswered(left) == "openrouter: the key is missing or wrong (401)."


def test_why_nobody_could_be_asked_is_the_router_s_reason(models: Mapping[str, Report]) -> None:
    route = Route(path=Path.NOTHING, reason="No rule answers what is left, and there is no model.")
    made = models["silent"]
    alone = made.model_copy(update={"attempts": (), "plan": made.plan.model_copy(update={"route": route})})
    assert asked.unanswered(alone) == route.reason
    assert authors.told(alone) is None
    assert authors.routed(alone) == authors.Routed("No model could be asked", False, route.reason)


@pytest.mark.parametrize("path", list(Path))
def test_every_path_has_its_words(report: Report, path: Path) -> None:
    plan = report.plan.model_copy(update={"route": Route(path=path, reason="x")})
    assert authors.routed(report.model_copy(update={"plan": plan})) is not None


def test_a_critic_s_objection_is_why_an_accepted_patch_was_written_anew(models: Mapping[str, Report]) -> None:
    made = models["everything"]
    verdict = made.attempts[-1].verdict.model_copy(update={"objected": True})
    first = made.attempts[-1].model_copy(update={"number": 1, "verdict": verdict})
    again = made.model_copy(update={"attempts": (first, made.attempts[-1])})
    told = authors.told(again)
    assert told is not None
    (tried,) = told.tried
    assert tried.ending == authors.OBJECTED and tried.said.startswith("`copy()` is fine")


def test_a_patch_that_is_empty_and_good_for_nothing_is_no_patch(models: Mapping[str, Report]) -> None:
    made = models["silent"]
    refused = made.attempts[0].model_copy(update={"patch": Patch(diff="", by="model", refused=("it is no Python",))})
    told = authors.told(made.model_copy(update={"attempts": (refused,)}))
    assert told is not None and told.wrote == authors.BY_NOBODY and told.title == authors.TRIED_ALONE
