"""Answers that are kept: found again for the very same question, never for another, never damaged."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.llm.replies import FOLDER, Replies, key
from bot.models.exchange import Call, Message, Reply, Role
from calls import call

REPLY = Reply(text="kept", provider="openai", model="m", input_tokens=9, output_tokens=2, usd=0.5, seconds=3)
WORDS = st.text(st.characters(codec="utf-8"), max_size=20)
CALLS = st.builds(
    Call,
    role=st.sampled_from(Role),
    prompt=WORDS,
    messages=st.lists(
        st.builds(Message, speaker=st.sampled_from(["system", "user", "assistant"]), text=WORDS), max_size=3
    ).map(tuple),
    schema=st.none() | st.dictionaries(WORDS, st.integers() | WORDS, max_size=3),
    model=WORDS,
    max_output_tokens=st.integers(1, 9),
    temperature=st.none() | st.sampled_from([0.0, 0.5]),
    effort=st.sampled_from([None, "low", "high"]),
    sample=st.integers(0, 3),
)


def files(root: Path) -> list[Path]:
    return sorted((root / FOLDER).glob("*.json"))


def test_an_answer_is_found_again_and_costs_nothing(tmp_path: Path) -> None:
    Replies(tmp_path).keep(call(), "openai", REPLY)
    found = Replies(tmp_path).find(call(), "openai")
    assert found == REPLY.model_copy(update={"cached": True, "usd": 0.0, "seconds": 0.0})


@given(CALLS, CALLS, WORDS, WORDS)
def test_questions_share_an_answer_only_if_they_are_the_same(one: Call, other: Call, here: str, there: str) -> None:
    assert (key(one, here) == key(other, there)) == ((one, here) == (other, there))
    assert key(one, here) == key(Call.model_validate_json(one.model_dump_json(by_alias=True)), here)


@pytest.mark.parametrize(
    "changes",
    [
        {"role": Role.CRITIC}, {"prompt": "patch/2"}, {"schema": {}}, {"model": "other"}, {"max_output_tokens": 1},
        {"temperature": 0.0}, {"effort": "low"}, {"sample": 1}, {"shape": "x"}, {"messages": ()},
    ],
)  # fmt: skip
def test_whatever_differs_is_another_question(tmp_path: Path, changes: dict[str, Any]) -> None:
    Replies(tmp_path).keep(call(), "openai", REPLY)
    assert Replies(tmp_path).find(call(**changes), "openai") is None
    assert Replies(tmp_path).find(call(), "openrouter") is None


@pytest.mark.parametrize("damage", ["", "{", "null", "[]", '{"format": 1}', "\x00" * 100])
def test_a_damaged_file_is_no_answer(tmp_path: Path, damage: str) -> None:
    Replies(tmp_path).keep(call(), "openai", REPLY)
    (file,) = files(tmp_path)
    file.write_text(damage)
    assert Replies(tmp_path).find(call(), "openai") is None
    Replies(tmp_path).keep(call(), "openai", REPLY)
    assert Replies(tmp_path).find(call(), "openai") is not None


def test_a_file_under_another_name_is_no_answer(tmp_path: Path) -> None:
    Replies(tmp_path).keep(call(), "openai", REPLY)
    (file,) = files(tmp_path)
    file.rename(file.with_name(f"{key(call('other'), 'openai')}.json"))
    assert Replies(tmp_path).find(call("other"), "openai") is None


@pytest.mark.parametrize("change", ['"format":1', '"text":"kept"', '"input_tokens":9'])
def test_what_does_not_hold_is_no_answer(tmp_path: Path, change: str) -> None:
    Replies(tmp_path).keep(call(), "openai", REPLY)
    (file,) = files(tmp_path)
    wrong = {'"format":1': '"format":2', '"text":"kept"': '"text":" "', '"input_tokens":9': '"input_tokens":"x"'}
    file.write_text(file.read_text().replace(change, wrong[change]))
    assert Replies(tmp_path).find(call(), "openai") is None


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    Replies(tmp_path).keep(call(), "openai", REPLY)
    (file,) = files(tmp_path)
    file.rename(tmp_path / "elsewhere")
    file.symlink_to(tmp_path / "elsewhere")
    assert Replies(tmp_path).find(call(), "openai") is None


def test_the_oldest_goes_first_and_what_is_used_stays(tmp_path: Path) -> None:
    replies = Replies(tmp_path, max_files=3)
    for number in range(3):
        replies.keep(call(str(number)), "openai", REPLY)
    assert replies.find(call("0"), "openai")
    replies.keep(call("3"), "openai", REPLY)
    assert replies.find(call("1"), "openai") is None
    assert all(replies.find(call(text), "openai") for text in "023")


def test_the_size_is_bounded(tmp_path: Path) -> None:
    replies = Replies(tmp_path, max_bytes=5000)
    for number in range(20):
        replies.keep(call(str(number)), "openai", REPLY.model_copy(update={"text": "x" * 1000}))
    assert sum(file.stat().st_size for file in files(tmp_path)) <= 5000
    assert replies.find(call("19"), "openai")


def test_only_the_user_can_read_them(tmp_path: Path) -> None:
    Replies(tmp_path).keep(call(), "openai", REPLY)
    (file,) = files(tmp_path)
    assert file.stat().st_mode & 0o077 == 0


def test_a_cache_that_cannot_be_written_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    replies = Replies(tmp_path / "file")
    replies.keep(call(), "openai", REPLY)
    assert replies.find(call(), "openai") is None
