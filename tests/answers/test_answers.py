"""Answers of models, read: in their form, nearly in it, and not at all."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answers import judgements
from bot.answers.reproduction import read
from bot.answers.sections import block, json_object, sections
from bot.models.opinion import Opinion
from bot.models.proposal import Malformed
from bot.models.reproduction import Reproduction

GOOD = """\
Sure, here it is.

## Expects
`AttributeError`

## Where
`spread/measure.py`, in `step_of`

## Claim
It fails.

## Script
```python
# ## Expects
bpy.ops.object.spread()
```
"""


def test_a_reproduction_is_read_with_what_stands_around_it() -> None:
    made = read(GOOD, "reproduction-1")
    assert isinstance(made, Reproduction)
    assert (made.expects, made.path, made.claim) == ("AttributeError", "spread/measure.py", "It fails.")
    assert made.script.text == "# ## Expects\nbpy.ops.object.spread()\n"


@pytest.mark.parametrize("where", ["-", "`-`", "none", "The script", ""])
def test_nowhere_is_an_assertion_of_the_script(where: str) -> None:
    text = GOOD.replace("`spread/measure.py`, in `step_of`", where).replace("`AttributeError`", "AssertionError")
    made = read(text.replace("bpy.ops", "assert bpy.ops"), "reproduction-1")
    assert isinstance(made, Reproduction) and made.path == ""


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "no script"),
        (GOOD.replace("`AttributeError`", "?"), "Expects"),
        (GOOD.replace("bpy.ops.object.spread()", "bpy.ops.object.spread("), "no Python"),
        (
            GOOD.replace("`AttributeError`", "AssertionError").replace("`spread/measure.py`, in `step_of`", "-"),
            "no `assert`",
        ),
        (GOOD.replace("bpy.ops.object.spread()", "x = 1\n" * 30_000), "too long"),
    ],
)
def test_what_is_wrong_is_named(text: str, reason: str) -> None:
    made = read(text, "reproduction-1")
    assert isinstance(made, Malformed) and reason in made.reason


@given(st.text(max_size=400))
def test_no_text_is_too_odd(text: str) -> None:
    read(text, "reproduction-1")
    sections(text)
    block(text)
    json_object(text)
    for reader in (judgements.opinion, judgements.tasks, judgements.route):
        reader(text)


def test_marks_are_an_opinion_whose_worst_counts() -> None:
    made = judgements.opinion('Here:\n```json\n{"api": 1, "context": 0.4, "idempotence": 1, "side_effects": 1}\n```')
    assert isinstance(made, Opinion) and made.mark == 0.4


@pytest.mark.parametrize("mark", [1.5, -1, "high", None])
def test_marks_outside_their_range_are_none(mark: object) -> None:
    text = json.dumps({"api": mark, "context": 1, "idempotence": 1, "side_effects": 1})
    made = judgements.opinion(text)
    assert isinstance(made, Malformed) and "api" in made.reason


def task(identity: str, *needs: str) -> dict[str, object]:
    return {"id": identity, "title": f"Do {identity}.", "needs": list(needs)}


@given(st.permutations(["a", "b", "c", "d"]))
def test_tasks_come_after_those_they_need(order: list[str]) -> None:
    needs = {"a": (), "b": ("a",), "c": ("b",), "d": ("a", "c")}
    made = judgements.tasks(json.dumps({"tasks": [task(name, *needs[name]) for name in order]}))
    assert not isinstance(made, Malformed)
    places = [one.id for one in made]
    assert all(places.index(need) < places.index(name) for name in order for need in needs[name])


@pytest.mark.parametrize(
    ("tasks", "reason"),
    [
        ([task("a", "b"), task("b", "a")], "circle"),
        ([task("a", "z")], "no task"),
        ([], "tasks"),
        ([task(f"t{number}") for number in range(7)], "tasks"),
    ],
)
def test_a_plan_that_cannot_be_followed_is_sent_back(tasks: list[object], reason: str) -> None:
    made = judgements.tasks(json.dumps({"tasks": tasks}))
    assert isinstance(made, Malformed) and reason in made.reason
