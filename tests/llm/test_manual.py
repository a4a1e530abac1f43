"""A person as the model: files that are written, waited for and read with care."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.llm import manual
from bot.llm.manual import Manual, rendered
from bot.models.exchange import Call, Failure, FailureKind, Message, Reply
from calls import SCHEMA, call, quiet

POLL = 0.03


def answered(
    folder: Path, act: Callable[[Path], object], asked: Call | None = None, seconds: float = 5, number: int = 1
) -> Reply | Failure:
    """What comes of a call while somebody does something with the reply file, as soon as the prompt is there."""

    def person() -> None:
        while not (folder / f"{number:03}.md").exists():
            time.sleep(0.01)
        act(folder / f"{number:03}.reply.md")

    thread = threading.Thread(target=person, daemon=True)
    thread.start()
    result = Manual(folder, poll=POLL).complete(asked or call(), seconds, quiet)
    thread.join(5)
    return result


def text(result: Reply | Failure) -> str:
    assert isinstance(result, Reply), result
    return result.text


def test_the_prompt_says_first_what_is_wanted_and_where(tmp_path: Path) -> None:
    asked = call("Mend this.", schema=SCHEMA, shape="One JSON object.")
    answered(tmp_path / "prompts", lambda path: path.write_text("{}"), asked)
    prompt = (tmp_path / "prompts" / "001.md").read_text()
    assert prompt == rendered(asked, "001.reply.md")
    top, _, conversation = prompt.partition("<!-- ========")
    assert "001.reply.md" in top and "One JSON object." in top and '"additionalProperties": false' in top
    assert "patcher" in top and "patch/1" in top
    assert conversation.index("You are terse.") < conversation.index("Mend this.")
    assert "# Instructions" in conversation and "# Question" in conversation


def test_an_answer_may_come_by_rename(tmp_path: Path) -> None:
    def act(path: Path) -> None:
        temporary = path.with_suffix(".part")
        temporary.write_text("the answer")
        temporary.rename(path)

    assert text(answered(tmp_path, act)) == "the answer"


def test_an_answer_that_still_grows_is_waited_for(tmp_path: Path) -> None:
    def act(path: Path) -> None:
        with path.open("w") as file:
            for word in ["one ", "two ", "three ", "four"]:
                file.write(word)
                file.flush()
                time.sleep(POLL / 2)

    assert text(answered(tmp_path, act)) == "one two three four"


def test_an_empty_file_is_no_answer_yet(tmp_path: Path) -> None:
    def act(path: Path) -> None:
        path.touch()
        time.sleep(POLL * 6)
        path.write_text("now")

    assert text(answered(tmp_path, act)) == "now"


@pytest.mark.parametrize(
    ("data", "wanted"),
    [
        (b"\xef\xbb\xbfmarked", "marked"),
        (b"one\r\ntwo\rthree\n", "one\ntwo\nthree"),
        (b"bad \xff byte", "bad \N{REPLACEMENT CHARACTER} byte"),
        ("Größe 🙂".encode(), "Größe 🙂"),
    ],
)
def test_any_editor_will_do(tmp_path: Path, data: bytes, wanted: str) -> None:
    assert text(answered(tmp_path, lambda path: path.write_bytes(data))) == wanted


def test_blanks_alone_are_an_empty_answer(tmp_path: Path) -> None:
    failure = answered(tmp_path, lambda path: path.write_text(" \n\n"))
    assert isinstance(failure, Failure) and failure.kind == FailureKind.EMPTY


@pytest.mark.parametrize("kind", ["link", "dangling", "folder", "pipe"])
def test_what_is_no_regular_file_is_refused(tmp_path: Path, kind: str) -> None:
    secret = tmp_path / "secret"
    secret.write_text("not yours")
    acts: dict[str, Callable[[Path], object]] = {
        "link": lambda path: path.symlink_to(secret),
        "dangling": lambda path: path.symlink_to("nowhere"),
        "folder": lambda path: path.mkdir(),
        "pipe": lambda path: os.mkfifo(path),
    }
    failure = answered(tmp_path / "prompts", acts[kind])
    assert isinstance(failure, Failure) and failure.kind == FailureKind.REFUSED
    assert "not yours" not in failure.message


def test_a_reply_longer_than_is_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(manual, "MAX_BYTES", 100)
    failure = answered(tmp_path, lambda path: path.write_bytes(b"x" * 101))
    assert isinstance(failure, Failure) and failure.kind == FailureKind.MALFORMED
    (tmp_path / "001.reply.md").unlink()
    assert text(answered(tmp_path, lambda path: path.write_bytes(b"x" * 100))) == "x" * 100


def test_nobody_answers(tmp_path: Path) -> None:
    said: list[str] = []
    failure = Manual(tmp_path, poll=POLL).complete(call(), 0.2, said.append)
    assert isinstance(failure, Failure) and failure.kind == FailureKind.TIMED_OUT
    assert said == [f"waiting for {tmp_path / '001.reply.md'}"]
    assert "001.reply.md" in failure.message


def test_prompts_are_numbered_on(tmp_path: Path) -> None:
    (tmp_path / "007.md").write_text("older")
    (tmp_path / "note.md").write_text("mine")
    answered(tmp_path, lambda path: path.write_text("a"), number=8)
    answered(tmp_path, lambda path: path.write_text("b"), call("other"), number=9)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "007.md", "008.md", "008.reply.md", "009.md", "009.reply.md", "note.md",
    ]  # fmt: skip
    assert (tmp_path / "007.md").read_text() == "older"


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_prompt_an_interrupted_run_left_is_taken_up(tmp_path: Path, when: str) -> None:
    assert isinstance(Manual(tmp_path, poll=POLL).complete(call(), 0, quiet), Failure)
    if when == "before":
        (tmp_path / "001.reply.md").write_text("late")
    assert text(answered(tmp_path, lambda path: path.write_text("late"))) == "late"
    assert not (tmp_path / "002.md").exists()


def test_a_bad_answer_is_not_read_twice(tmp_path: Path) -> None:
    person = Manual(tmp_path, poll=POLL)
    (tmp_path / "001.reply.md").write_text("no object")
    first, second = (person.complete(call(schema=SCHEMA), 0.2, quiet) for _ in range(2))
    assert isinstance(first, Failure) and first.kind == FailureKind.MALFORMED
    assert isinstance(second, Failure) and second.kind == FailureKind.TIMED_OUT
    assert (tmp_path / "002.md").exists()


def test_many_at_once_have_a_number_each(tmp_path: Path) -> None:
    def ask(number: int) -> None:
        Manual(tmp_path, poll=POLL).complete(call(f"question {number}"), 0.1, quiet)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    prompts = sorted(path.name for path in tmp_path.iterdir())
    assert prompts == [f"{number:03}.md" for number in range(1, 13)]
    assert len({path.read_text().rpartition("question ")[2] for path in tmp_path.iterdir()}) == 12


def test_a_folder_that_cannot_be_written_is_a_failure(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    failure = Manual(tmp_path / "file" / "prompts").complete(call(), 1, quiet)
    assert isinstance(failure, Failure) and failure.kind == FailureKind.REFUSED
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "link").symlink_to("elsewhere")
    assert isinstance(Manual(tmp_path / "link").complete(call(), 1, quiet), Failure)
    assert not list((tmp_path / "elsewhere").iterdir())


def test_text_of_a_conversation_stays_as_it_is(tmp_path: Path) -> None:
    messages = (Message(speaker="user", text="{braces} \udcff"), Message(speaker="assistant", text="```\nx\n```"))
    prompt = rendered(call(messages=messages, sample=2), "001.reply.md")
    assert "{braces} ?" in prompt and "```\nx\n```" in prompt and "answer 3 of several" in prompt
