"""Servers that no library's mock plays: the bytes are written out."""

from __future__ import annotations

import email.utils
import json
import socket
import threading
import time

import pytest

import raw_server
from bot.llm import hearing, line
from bot.llm.endpoint import Endpoint
from bot.llm.openai_compatible import OpenAICompatible
from bot.models.exchange import Call, Failure, FailureKind, Reply
from calls import SCHEMA, call, quiet
from raw_server import DONE, HOLD, Part, Raw, answer, error, event, head

KEY = "sk-secret-of-the-tests-0123456789"
SOON = 3.0


def ask(raw: Raw, asks: Call | None = None, seconds: float = 10.0) -> Reply | Failure:
    end = Endpoint(name="openai", base_url=raw.url, key="OPENAI_API_KEY", model="m", local=True)
    return OpenAICompatible(end, KEY).complete(asks or call(), seconds, quiet)


@pytest.mark.parametrize(
    ("parts", "kind"),
    [
        ([head(), event("half")], FailureKind.CUT),
        ([head(), event("half"), None], FailureKind.CUT),
        ([head(), event("half"), DONE], FailureKind.CUT),
        ([head(), b""], FailureKind.CUT),
        ([b""], FailureKind.CUT),
        ([None], FailureKind.CUT),
        ([head(), event("", "length"), DONE], FailureKind.CUT),
        ([head(), b"data: {not json\n\n"], FailureKind.MALFORMED),
        ([head(), b"data: []\n\n"], FailureKind.MALFORMED),
        ([head(), b'data: "text"\n\n'], FailureKind.MALFORMED),
        ([head(), b"data: 12\n\n"], FailureKind.MALFORMED),
        ([head(), b'data: {"choices": {"a": 1}}\n\n'], FailureKind.MALFORMED),
        ([head(), b'data: {"choices": [{"delta": {"content": 3}}]}\n\n'], FailureKind.MALFORMED),
        ([head(), b"data: \xff\xfe\n\n"], FailureKind.MALFORMED),
        ([head(kind="application/json"), b"{"], FailureKind.MALFORMED),
        ([head(kind="application/json"), b"[]"], FailureKind.MALFORMED),
        ([head(kind="application/json"), b"[" * 100_000], FailureKind.MALFORMED),
        ([b"SSH-2.0-OpenSSH_9.2\r\n\r\n"], FailureKind.MALFORMED),
        ([head(content_encoding="gzip"), b"no gzip"], FailureKind.MALFORMED),
        ([head(), event(finish="stop"), DONE], FailureKind.EMPTY),
        ([head(), event(" \n"), event(finish="stop"), DONE], FailureKind.EMPTY),
        ([head(), b'data: {"choices": [{"delta": {"refusal": "I will not"}, "finish_reason": "stop"}]}\n\n'],
         FailureKind.FILTERED),
        ([head(), b'data: {"error": {"message": "upstream is down", "code": 502}}\n\n'], FailureKind.OVERLOADED),
        ([head(), b'data: {"error": {"message": "slow down", "code": "rate_limit_exceeded"}}\n\n'],
         FailureKind.RATE_LIMITED),
        (error(403, "not for you"), FailureKind.UNAUTHORISED),
        (error(404, "the model `m` does not exist", "model_not_found"), FailureKind.NO_MODEL),
        (error(402, "pay first"), FailureKind.OUT_OF_MONEY),
        (error(413, "maximum context length is 8192 tokens"), FailureKind.TOO_LONG),
        (error(400, "maximum context length is 8192 tokens; lower max_completion_tokens"), FailureKind.TOO_LONG),
        (error(418, "I am a teapot"), FailureKind.REFUSED),
        ([head(503, "text/html"), b"<html>busy</html>"], FailureKind.OVERLOADED),
        ([head(307, location="http://192.0.2.1/v1")], FailureKind.REFUSED),
    ],
)  # fmt: skip
def test_what_a_server_does_has_a_kind(parts: list[Part], kind: FailureKind) -> None:
    with raw_server.serving(parts) as raw:
        failure = ask(raw)
    assert isinstance(failure, Failure), failure
    assert failure.kind == kind, failure
    assert KEY not in failure.message


def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        free = server.getsockname()[1]
    failure = ask(Raw(f"http://127.0.0.1:{free}/v1"))
    assert isinstance(failure, Failure) and failure.kind == FailureKind.UNREACHABLE
    assert f"127.0.0.1:{free}" in failure.message


@pytest.mark.parametrize(
    "parts",
    [
        [HOLD],
        [head(), HOLD],
        [head(), event("a"), HOLD],
        [head(), *[b": still working\n\n", 0.2] * 50],
        [b"HTTP/1.1 200 OK\r\n", *[b"x-a: b\r\n", 0.2] * 50],
        [head(500, "application/json"), *[b" ", 0.2] * 50],
    ],
    ids=["silent", "nothing but a head", "stops", "keeps saying nothing", "endless head", "endless error"],
)
def test_the_deadline_is_kept_whatever_the_server_does(parts: list[Part]) -> None:
    with raw_server.serving(parts) as raw:
        began = time.monotonic()
        failure = ask(raw, seconds=1.0)
        took = time.monotonic() - began
        assert isinstance(failure, Failure) and failure.kind == FailureKind.TIMED_OUT
        assert took < SOON
        left_by = time.monotonic() + SOON
        while raw.open and time.monotonic() < left_by:
            time.sleep(0.05)
        assert not raw.open, "the connection was left open"


def test_time_to_wait_as_a_date() -> None:
    later = email.utils.formatdate(time.time() + 90, usegmt=True)
    with raw_server.serving(error(429, "slow down", retry_after=later)) as raw:
        failure = ask(raw)
    assert isinstance(failure, Failure) and failure.retry_after is not None
    assert 80 < failure.retry_after <= 90


@pytest.mark.parametrize("wait", ["nan", "inf", "-3", "soon", "", "1e400"])
def test_a_time_that_cannot_be_waited_is_none(wait: str) -> None:
    with raw_server.serving(error(429, "slow down", retry_after=wait)) as raw:
        failure = ask(raw)
    assert isinstance(failure, Failure) and failure.retry_after is None


def test_an_answer_longer_than_is_read_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line, "MAX_BYTES", 100_000)
    for flood in ([head(), b"data: ", *[b"x" * 50_000] * 20], [head(), *[event("y" * 1000)] * 500],
                  [head(500, "application/json"), *[b"x" * 50_000] * 20]):  # fmt: skip
        with raw_server.serving(flood) as raw:
            failure = ask(raw)
        assert isinstance(failure, Failure) and failure.kind == FailureKind.MALFORMED
        assert "longer" in failure.message


def test_a_text_longer_than_is_read_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hearing, "MAX_CHARACTERS", 5000)
    with raw_server.serving([head(), *[event("y" * 1000)] * 10, event(finish="stop"), DONE]) as raw:
        failure = ask(raw)
    assert isinstance(failure, Failure) and failure.kind == FailureKind.MALFORMED


def test_a_server_that_does_not_stream_is_understood() -> None:
    whole = {"model": "big", "choices": [{"message": {"content": "whole"}, "finish_reason": "stop"}]}
    whole["usage"] = {"prompt_tokens": 5, "completion_tokens": 2}  # type: ignore[assignment]
    with raw_server.serving([head(kind="application/json"), json.dumps(whole).encode()]) as raw:
        reply = ask(raw)
    assert isinstance(reply, Reply)
    assert (reply.text, reply.model, reply.input_tokens, reply.output_tokens) == ("whole", "big", 5, 2)


def test_tokens_are_counted_here_where_the_server_does_not() -> None:
    with raw_server.serving(answer("four words are here")) as raw:
        reply = ask(raw)
    assert isinstance(reply, Reply) and reply.input_tokens > 5 and reply.output_tokens == 4


def test_thoughts_before_an_answer_are_left_out() -> None:
    with raw_server.serving(answer("<think>\nhm {}\n</think>\n\nthe answer")) as raw:
        reply = ask(raw)
    assert isinstance(reply, Reply) and reply.text == "the answer"


def test_what_a_server_does_not_know_is_asked_for_otherwise() -> None:
    refused = [
        error(400, "Unsupported parameter: 'max_completion_tokens'", "unsupported_parameter"),
        error(400, "response_format of type json_schema is not supported"),
        error(422, "temperature must be 1"),
    ]
    with raw_server.serving(*refused, answer('{"answer": "yes"}')) as raw:
        reply = ask(raw, call(schema=SCHEMA, temperature=0.5))
        last = json.loads(raw.requests[-1].partition("\r\n\r\n")[2])
    assert isinstance(reply, Reply) and reply.text == '{"answer": "yes"}'
    assert last["max_tokens"] == 4000
    assert not {"max_completion_tokens", "response_format", "temperature"} & set(last)
    assert "JSON schema" in last["messages"][-1]["content"]


def test_a_server_that_refuses_everything_is_asked_a_few_times_only() -> None:
    with raw_server.serving(error(400, "temperature max_tokens max_completion_tokens response_format")) as raw:
        failure = ask(raw, call(schema=SCHEMA, temperature=0.5))
        assert isinstance(failure, Failure) and failure.kind == FailureKind.REFUSED
        assert len(raw.requests) <= 5


@pytest.mark.parametrize(
    "said",
    [
        f"your key {KEY} is bad",
        "header Authorization: Bearer abcdef0123",
        "see http://user:hunter2@proxy/ for more",
        "\x1b[2J\u202e\n" * 50 + "x" * 5000,
    ],
)
def test_no_secret_and_no_trick_of_a_server_is_shown(said: str) -> None:
    with raw_server.serving(error(418, said)) as raw:
        failure = ask(raw)
    assert isinstance(failure, Failure)
    assert not any(secret in failure.message for secret in (KEY, "hunter2", "abcdef0123"))
    assert failure.message.isprintable() and len(failure.message) < 400


def test_a_call_can_be_cut_from_another_thread() -> None:
    from bot.llm.line import Line

    with raw_server.serving([head(), event("a"), HOLD]) as raw:
        held = Line()
        end = Endpoint(name="openai", base_url=raw.url, model="m", local=True)
        threading.Timer(0.7, held.cut).start()
        began = time.monotonic()
        failure = OpenAICompatible(end).talk(call(), 60, quiet, held)
    assert isinstance(failure, Failure) and failure.kind == FailureKind.CUT
    assert time.monotonic() - began < SOON
