from __future__ import annotations

import io
import json

import pytest
import typer
from rich.console import Console
from typer.testing import CliRunner

from bot.commands.rulebook import answering, show
from bot.commands.rules import rules
from bot.errors import ExitStatus, UsageError
from bot.rules.registry import all_rules

OVERRIDE = "ValueError: 1-2 args execution context is supported"


def test_the_command_prints_the_same_and_ends_well() -> None:
    app = typer.Typer()
    app.command()(rules)
    done = CliRunner().invoke(app, ["--for", OVERRIDE, "--json"])
    assert done.exit_code == 0
    assert [rule["code"] for rule in json.loads(done.stdout)] == ["OPS101"]


def said(code: str | None = None, message: str | None = None, *, as_json: bool = False) -> str:
    stream = io.StringIO()
    show(code, message, as_json, Console(file=stream, width=120))
    return stream.getvalue()


def test_every_rule_is_listed_with_the_keys_of_the_contract() -> None:
    listed = json.loads(said(as_json=True))
    assert [rule["code"] for rule in listed] == [rule.code for rule in all_rules()]
    assert listed
    for rule in listed:
        assert list(rule) == ["code", "name", "family", "since", "until", "safety", "mode"]
        assert rule["mode"] in ("repair", "explain")
        assert rule["safety"] in ("safe", "unsafe")


def test_the_list_is_a_table_of_all() -> None:
    text = said()
    for rule in all_rules():
        assert rule.code in text and rule.name in text


@pytest.mark.parametrize("spelling", ["OPS101", "ops101", "context-override"])
def test_one_rule_tells_its_documentation_with_examples(spelling: str) -> None:
    text = said(spelling)
    for expected in ("OPS101", "## Why it breaks", "Use instead:", "temp_override", "## Fix safety: ", "https://"):
        assert expected in text
    assert [rule["code"] for rule in json.loads(said(spelling, as_json=True))] == ["OPS101"]


def test_an_unknown_rule_names_the_nearest() -> None:
    with pytest.raises(UsageError, match="OPS1010") as raised:
        show("OPS1010")
    assert "OPS101" in raised.value.cure


@pytest.mark.parametrize("message", [OVERRIDE, OVERRIDE.partition(": ")[2], f"Traceback:\n  File x\n{OVERRIDE}\n"])
def test_a_message_finds_the_rule_that_answers_it(message: str) -> None:
    assert [rule["code"] for rule in json.loads(said(message=message, as_json=True))] == ["OPS101"]


def test_a_message_no_rule_answers_says_so() -> None:
    assert answering("ValueError: not enough bricks", all_rules()) == ()
    assert "No rule answers" in said(message="ValueError: not enough bricks")
    assert json.loads(said(message="ValueError: not enough bricks", as_json=True)) == []


def test_both_questions_at_once_are_refused() -> None:
    with pytest.raises(UsageError) as raised:
        show("OPS101", OVERRIDE)
    assert raised.value.exit_status is ExitStatus.USAGE
