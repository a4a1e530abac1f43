"""Every provider of a model: answers or says why not, in time, and leaves nothing running."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

import raw_server
from bot.llm.base import Provider
from bot.llm.brokered import Brokered, Connection
from bot.llm.endpoint import Endpoint
from bot.llm.manual import Manual
from bot.llm.openai_compatible import OpenAICompatible
from bot.llm.scripted import Entry, Scripted
from bot.llm.starting import Access
from bot.models.exchange import Failure, FailureKind, Reply
from calls import SCHEMA, call, quiet
from raw_server import HOLD, Part, answer, error, event, head

OBJECT = {"answer": "yes"}
TEXTS = {"text": "An answer.", "object": json.dumps(OBJECT), "no object": "I would rather not."}
OVER_THE_WIRE: dict[str, list[Part]] = {
    **{name: answer(text) for name, text in TEXTS.items()},
    "failure": error(418, "I am a teapot"),
    "never": [head(), event("I begin, and"), HOLD],
}
SECONDS = 20.0

Play = Callable[[str, Path], AbstractContextManager[Provider]]
"""A provider that does one thing: one of `TEXTS`, `failure`, or `never` (it gives no answer)."""


@contextmanager
def direct(plays: str, _: Path) -> Iterator[Provider]:
    with raw_server.serving(OVER_THE_WIRE[plays]) as raw:
        yield OpenAICompatible(Endpoint(name="ollama", base_url=raw.url, model="m", local=True))
        assert settles(lambda: not raw.open), "a connection was left open"


@contextmanager
def brokered(plays: str, _: Path) -> Iterator[Provider]:
    with raw_server.serving(OVER_THE_WIRE[plays]) as raw:
        connection = Connection(Access(), os.environ)
        try:
            yield Brokered(Endpoint(name="ollama", base_url=raw.url, model="m", local=True), connection)
            assert settles(lambda: not raw.open), "the broker goes on"
        finally:
            connection.close()


@contextmanager
def manual(plays: str, folder: Path) -> Iterator[Provider]:
    prompts = folder / "prompts"
    ended = threading.Event()

    def person() -> None:
        prompt, reply = prompts / "001.md", prompts / "001.reply.md"
        while not prompt.exists():
            if ended.wait(0.02):
                return
        if plays == "failure":
            reply.symlink_to(prompt)
        elif plays != "never":
            reply.write_text(TEXTS[plays], encoding="utf-8")

    thread = threading.Thread(target=person)
    thread.start()
    try:
        yield Manual(prompts, poll=0.05)
    finally:
        ended.set()
        thread.join()


@contextmanager
def scripted(plays: str, _: Path) -> Iterator[Provider]:
    entries = {
        **{name: Entry(reply=text) for name, text in TEXTS.items()},
        "failure": Entry(failure=FailureKind.OVERLOADED),
        "never": Entry(reply="for somebody else", contains="what nobody asks"),
    }
    yield Scripted([entries[plays]])


PROVIDERS: tuple[tuple[str, Play], ...] = (
    ("openai_compatible", direct),
    ("brokered", brokered),
    ("manual", manual),
    ("scripted", scripted),
)


@pytest.fixture(params=[play for _, play in PROVIDERS], ids=[name for name, _ in PROVIDERS])
def play(request: pytest.FixtureRequest) -> Play:
    return request.param


def settles(reached: Callable[[], bool], seconds: float = 5.0) -> bool:
    """Whether something comes true soon."""
    deadline = time.monotonic() + seconds
    while not reached():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def test_an_answer(play: Play, tmp_path: Path) -> None:
    with play("text", tmp_path) as provider:
        reply = provider.complete(call("A question."), SECONDS, quiet)
    assert isinstance(reply, Reply)
    assert reply.text == "An answer." and reply.provider == provider.name
    assert reply.input_tokens > 5 and reply.output_tokens >= 2 and not reply.cached


def test_an_object(play: Play, tmp_path: Path) -> None:
    with play("object", tmp_path) as provider:
        reply = provider.complete(call("A question.", schema=SCHEMA), SECONDS, quiet)
    assert isinstance(reply, Reply) and json.loads(reply.text) == OBJECT


def test_an_answer_that_is_no_object_where_one_is_wanted(play: Play, tmp_path: Path) -> None:
    with play("no object", tmp_path) as provider:
        failure = provider.complete(call("A question.", schema=SCHEMA), SECONDS, quiet)
    assert isinstance(failure, Failure) and failure.kind == FailureKind.MALFORMED


def test_a_failure_is_a_value_with_a_sentence(play: Play, tmp_path: Path) -> None:
    with play("failure", tmp_path) as provider:
        failure = provider.complete(call(), SECONDS, quiet)
    assert isinstance(failure, Failure)
    assert failure.provider == provider.name
    assert failure.message.endswith(".") and failure.message.isprintable()


def test_the_deadline_is_kept(play: Play, tmp_path: Path) -> None:
    with play("never", tmp_path) as provider:
        began = time.monotonic()
        failure = provider.complete(call(), 1.0, quiet)
        took = time.monotonic() - began
    assert isinstance(failure, Failure) and failure.kind in (FailureKind.TIMED_OUT, FailureKind.ENDED)
    assert took < 5


def test_the_name_stays(play: Play, tmp_path: Path) -> None:
    with play("text", tmp_path) as provider:
        before = provider.name
        provider.complete(call(), SECONDS, quiet)
        assert provider.name == before and before.isprintable()


def test_the_call_is_not_changed(play: Play, tmp_path: Path) -> None:
    asked = call(schema=SCHEMA)
    before = asked.model_dump_json()
    with play("object", tmp_path) as provider:
        provider.complete(asked, SECONDS, quiet)
    assert asked.model_dump_json() == before


def test_ctrl_c_passes_through_and_leaves_nothing_running(play: Play, tmp_path: Path) -> None:
    if play is scripted:
        pytest.skip("a script answers at once: there is nothing to interrupt")
    threads = threading.active_count()
    with play("never", tmp_path) as provider:
        timer = threading.Timer(1.0, os.kill, (os.getpid(), signal.SIGINT))
        timer.start()
        began = time.monotonic()
        with pytest.raises(KeyboardInterrupt):
            provider.complete(call(), 60, quiet)
        assert time.monotonic() - began < 5
        timer.join()
    assert settles(lambda: threading.active_count() <= threads + 1)
