"""What the tests' own runner makes of GitHub's expressions and environment files: if it erred, so would its tests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from actions import Runner, load, parse
from expressions import ExpressionError, Scope, condition, evaluate, interpolate

EVENT = {"label": {"name": "Bug"}, "labels": [{"name": "a"}, {"name": "b"}]}
CONTEXTS = {
    "github": {"event_name": "push", "token": "t", "event": EVENT},
    "inputs": {"one": "", "two": "2"},
    "needs": {"a-b": {"result": "success"}},
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 == '1'", True),
        ("'a' == 'A'", True),
        ("null == ''", True),
        ("true == 1", True),
        ("'x' == 0", False),
        ("0x10 > 15 && 'yes' || 'no'", "yes"),
        ("inputs.one || 'default'", "default"),
        ("!inputs.one", True),
        ("inputs.two != github.token && inputs.two || ''", "2"),
        ("github.event.nothing.at.all", None),
        ("needs.a-b.result", "success"),
        ("needs['A-B'].result == 'success'", True),
        ("github.event.labels[1].name", "b"),
        ("contains(github.event.labels.*.name, 'b')", True),
        ("contains('Hello', 'ELL')", True),
        ("startsWith(github.event.label.name, 'bu')", True),
        ("endsWith('a.yml', '.YML')", True),
        ("format('{0} and {{{1}}}', 'a', 2)", "a and {2}"),
        ("join(github.event.labels.*.name, '+')", "a+b"),
        ("fromJSON('[1, 2]')[1]", 2),
        ("toJSON(inputs.two)", '"2"'),
        ("'it''s'", "it's"),
        ("(1 < 2) == true", True),
        ("hashFiles('**/nothing')", ""),
        ("failure() || always()", True),
    ],
)
def test_an_expression_has_githubs_value(text: str, value: Any) -> None:
    assert evaluate(text, Scope(CONTEXTS)) == value


@pytest.mark.parametrize("text", ["secrets.KEY", "nope()", "1 +", "'a", "a b", "${{ 1 }}", ""])
def test_what_github_refuses_is_refused(text: str) -> None:
    with pytest.raises(ExpressionError):
        evaluate(text, Scope(CONTEXTS))


def test_text_around_an_expression_makes_it_text() -> None:
    scope = Scope(CONTEXTS)
    assert interpolate("${{ 1 == 1 }}", scope) is True
    assert interpolate("it is ${{ 1 == 1 }}", scope) == "it is true"
    assert interpolate({"a": ["${{ '}}' }}-${{ null }}"]}, scope) == {"a": ["}}-"]}


@pytest.mark.parametrize(
    ("said", "status", "runs"),
    [
        (None, "success", True),
        (None, "failure", False),
        ("1 == 1", "failure", False),
        ("always() && 1 == 1", "failure", True),
        ("always()", "cancelled", True),
        ("${{ failure() }}", "failure", True),
        ("success() || 1 == 1", "failure", True),
        ("cancelled()", "failure", False),
        ("github.event_name == 'push'", "success", True),
    ],
)
def test_a_condition_asks_for_success_unless_it_asks_otherwise(said: str | None, status: str, runs: bool) -> None:
    assert condition(said, Scope(CONTEXTS, status)) is runs


def test_environment_files_are_read(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("a=1=2\nb<<END\nx=1\n\ny<<z\nEND\nc=\n")
    assert parse(file) == {"a": "1=2", "b": "x=1\n\ny<<z", "c": ""}
    file.write_text("a<<END\nnever closed")
    with pytest.raises(ValueError, match="END is missing"):
        parse(file)


def test_on_is_a_word_and_not_true(tmp_path: Path) -> None:
    file = tmp_path / "a.yml"
    file.write_text("on: push\nyes: no\nt: true\n")
    assert load(file) == {"on": "push", "yes": "no", "t": True}


WORKFLOW = """
on: push
env: {A: workflow, B: workflow}
jobs:
  first:
    runs-on: ubuntu-latest
    env: {B: job}
    outputs: {x: "${{ steps.one.outputs.x }}", two: "${{ steps.two.outcome }}-${{ steps.two.conclusion }}"}
    steps:
      - id: one
        run: |
          echo "x=$A $B $C" >> "$GITHUB_OUTPUT"
          echo "LATER=yes" >> "$GITHUB_ENV"
          echo "# said" >> "$GITHUB_STEP_SUMMARY"
          echo "::add-mask::hidden" && echo "hidden and secret-value"
          echo "::warning file=a.py,line=1::look"
        env: {C: step}
      - id: two
        continue-on-error: true
        run: test "$LATER" = no
      - if: env.LATER == 'yes' && steps.two.outcome == 'failure'
        run: echo "goes on"
      - run: false | true
      - run: false
      - run: echo never
      - if: failure()
        run: echo "because it failed"
  second:
    needs: first
    runs-on: ubuntu-latest
    steps: [{run: "true"}]
  third:
    needs: [first, second]
    if: always() && needs.first.result == 'failure'
    runs-on: ubuntu-latest
    steps: [{run: "test '${{ needs.first.outputs.x }}' = 'workflow job step'"}]
"""


def test_a_run_goes_as_it_would_on_github(tmp_path: Path) -> None:
    file = tmp_path / "w.yml"
    file.write_text(WORKFLOW)
    jobs = Runner(file, "push", {}, {"S": "secret-value"}).run()
    assert {name: job.result for name, job in jobs.items()} == {
        "first": "failure",
        "second": "skipped",
        "third": "success",
    }
    first = jobs["first"]
    assert first.outputs == {"x": "workflow job step", "two": "failure-success"}
    assert [step.outcome for step in first.steps] == [
        "success", "failure", "success", "success", "failure", "skipped", "success"
    ]  # fmt: skip
    assert first.summary == "# said\n"
    assert "*** and ***" in first.log
    assert first.annotations == ["::warning file=a.py,line=1::look"]
    assert Runner(file, "issues", {}).run() == {}
