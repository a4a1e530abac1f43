"""A script of answers: which one is given, and what a bad script says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.errors import ConfigurationError
from bot.llm.scripted import Entry, Scripted
from bot.models.exchange import Call, Failure, FailureKind, Reply, Role
from calls import SCHEMA, call, quiet


def said(script: Scripted, asked: Call) -> str:
    result = script.complete(asked, 1, quiet)
    return result.text if isinstance(result, Reply) else result.kind


def test_the_first_unused_entry_that_matches_answers() -> None:
    script = Scripted(
        [
            Entry(role=Role.CRITIC, reply="to the critic"),
            Entry(contains=("red", "blue"), reply="both"),
            Entry(contains="red", reply="red"),
            Entry(reply="anything"),
        ]
    )
    assert [said(script, call(text)) for text in ("red", "red and blue", "red", "red")] == [
        "red", "both", "anything", FailureKind.ENDED,
    ]  # fmt: skip
    assert said(script, call(role=Role.CRITIC)) == "to the critic"


def test_an_entry_may_answer_for_ever() -> None:
    script = Scripted([Entry(contains="once", reply="first"), Entry(reply="again", repeat=True)])
    assert [said(script, call("once")) for _ in range(4)] == ["first", "again", "again", "again"]


def test_every_message_is_looked_at() -> None:
    assert said(Scripted([Entry(contains="terse", reply="ok")]), call()) == "ok"


def test_failures_can_be_scripted() -> None:
    failure = Scripted([Entry(failure=FailureKind.RATE_LIMITED, retry_after=3)]).complete(call(), 1, quiet)
    assert isinstance(failure, Failure)
    assert (failure.kind, failure.retry_after, failure.provider) == (FailureKind.RATE_LIMITED, 3, "scripted")


def test_a_spent_script_says_whom_it_had_nothing_for() -> None:
    failure = Scripted([]).complete(call(role=Role.HEALER, prompt="heal/2"), 1, quiet)
    assert isinstance(failure, Failure) and failure.kind == FailureKind.ENDED
    assert "healer" in failure.message and "heal/2" in failure.message


def test_a_file_is_read(tmp_path: Path) -> None:
    file = tmp_path / "script.json"
    file.write_text(
        json.dumps([{"role": "patcher", "contains": ["hello"], "reply": {"answer": "ü"}}, {"failure": "overloaded"}])
    )
    script = Scripted.read(file)
    reply = script.complete(call(schema=SCHEMA), 1, quiet)
    assert isinstance(reply, Reply) and json.loads(reply.text) == {"answer": "ü"}
    assert reply.input_tokens > 0 and reply.output_tokens > 0 and reply.usd == 0
    assert said(script, call()) == FailureKind.OVERLOADED


@pytest.mark.parametrize(
    ("content", "word"),
    [
        ("", "JSON"),
        ("{}", "array"),
        ("[1]", "0"),
        ('[{"reply": "a", "failure": "overloaded"}]', "either"),
        ("[{}]", "either"),
        ('[{"reply": "a", "rolle": "patcher"}]', "rolle"),
        ('[{"reply": "a", "role": "cook"}]', "role"),
        ('[{"failure": "tired"}]', "failure"),
        ("\x00", "JSON"),
        ("[" * 100_000, "JSON"),
    ],
)
def test_a_bad_script_is_explained(tmp_path: Path, content: str, word: str) -> None:
    file = tmp_path / "script.json"
    file.write_text(content)
    with pytest.raises(ConfigurationError, match=word) as error:
        Scripted.read(file)
    assert "script.json" in str(error.value) and "`reply` or `failure`" in error.value.cure


@pytest.mark.parametrize("place", ["missing.json", "."])
def test_a_script_that_is_not_there_is_explained(tmp_path: Path, place: str) -> None:
    with pytest.raises(ConfigurationError, match="cannot be used"):
        Scripted.read(tmp_path / place)
