"""One call to a real server: every way of answering, and every way of not."""

from __future__ import annotations

import time

import pytest

from aimock import Mock
from bot.llm.endpoint import Endpoint
from bot.llm.line import Line
from bot.llm.openai_compatible import OpenAICompatible
from bot.models.exchange import Call, Failure, FailureKind, Reply
from calls import SCHEMA, call, quiet

KEY = "sk-secret-of-the-tests-0123456789"


def provider(mock: Mock, **changes: object) -> OpenAICompatible:
    known = {"name": "openai", "base_url": mock.url, "key": "OPENAI_API_KEY", "model": "gpt-5-mini"}
    return OpenAICompatible(Endpoint.model_validate({**known, **changes}), KEY)


def asked(mock: Mock, asks: Call, **changes: object) -> Reply | Failure:
    return provider(mock, **changes).complete(asks, 20, quiet)


def test_an_answer_comes_with_what_the_server_counted(mock: Mock) -> None:
    reply = asked(mock, call("hello"))
    assert isinstance(reply, Reply)
    assert reply.text.startswith("Hello!") and reply.text.endswith("pieces.")
    assert (reply.input_tokens, reply.output_tokens) == (11, 7)
    assert (reply.provider, reply.model) == ("openai", "gpt-5-mini")
    assert reply.seconds > 0 and reply.usd is None and not reply.cached


def test_what_is_sent_is_what_the_call_says(mock: Mock) -> None:
    asked(mock, call("hello sent", temperature=0.25, effort="low", max_output_tokens=321, model="other"))
    body = mock.requests()[-1]["body"]
    assert body["model"] == "other"
    assert [message["role"] for message in body["messages"]] == ["system", "user"]
    assert body["messages"][1]["content"] == "hello sent"
    assert (body["temperature"], body["reasoning_effort"], body["max_completion_tokens"]) == (0.25, "low", 321)
    assert body["stream"] is True and body["stream_options"] == {"include_usage": True}


def test_what_is_not_set_is_not_sent(mock: Mock) -> None:
    asked(mock, call("hello bare"), limit_name="max_tokens")
    body = mock.requests()[-1]["body"]
    assert not {"temperature", "reasoning_effort", "response_format", "max_completion_tokens"} & set(body)
    assert body["max_tokens"] == 4000


def test_a_schema_is_handed_to_the_server(mock: Mock) -> None:
    reply = asked(mock, call("object", schema=SCHEMA))
    assert isinstance(reply, Reply) and reply.text == '{"answer":"yes"}'
    sent = mock.requests()[-1]["body"]["response_format"]
    assert sent["type"] == "json_schema" and sent["json_schema"]["schema"] == SCHEMA


def test_a_server_that_knows_no_schemas_is_told_in_words(mock: Mock) -> None:
    reply = asked(mock, call("fenced", schema=SCHEMA), json_schema=False)
    assert isinstance(reply, Reply) and reply.text == '{"answer": "yes"}'
    body = mock.requests()[-1]["body"]
    assert "response_format" not in body and '"additionalProperties": false' in body["messages"][-1]["content"]


def test_progress_is_told(mock: Mock) -> None:
    said: list[str] = []
    provider(mock).complete(call("hello"), 20, said.append)
    assert said[0] == "openai is asked (gpt-5-mini)"
    assert any("characters" in line for line in said)


@pytest.mark.parametrize(
    ("prompt", "kind", "word"),
    [
        ("busy", FailureKind.RATE_LIMITED, "no more requests"),
        ("poor", FailureKind.OUT_OF_MONEY, "no money left"),
        ("broken", FailureKind.OVERLOADED, "500"),
        ("overloaded", FailureKind.OVERLOADED, "529"),
        ("stranger", FailureKind.UNAUTHORISED, "OPENAI_API_KEY"),
        ("long", FailureKind.TOO_LONG, "too long"),
        ("rude", FailureKind.FILTERED, "content filter"),
        ("censored", FailureKind.FILTERED, "content filter"),
        ("cut", FailureKind.CUT, "broke off"),
        ("gone", FailureKind.CUT, "broke off"),
        ("garbled", FailureKind.MALFORMED, "no chat completion"),
        ("empty", FailureKind.EMPTY, "empty"),
        ("exhausted", FailureKind.CUT, "limit of 4000 tokens"),
        ("nobody has an answer to this", FailureKind.NO_MODEL, "gpt-5-mini"),
    ],
)
def test_a_fault_is_a_value_with_a_sentence(mock: Mock, prompt: str, kind: FailureKind, word: str) -> None:
    failure = asked(mock, call(prompt))
    assert isinstance(failure, Failure) and failure.kind == kind
    assert word in failure.message and failure.message.endswith(".")
    assert KEY not in failure.message and "sk-" not in failure.message
    assert failure.provider == "openai"


def test_the_time_to_wait_is_kept(mock: Mock) -> None:
    failure = asked(mock, call("busy"))
    assert isinstance(failure, Failure) and failure.retry_after == 7.0


def test_an_answer_that_is_not_the_object_asked_for_is_malformed(mock: Mock) -> None:
    failure = asked(mock, call("no json", schema=SCHEMA))
    assert isinstance(failure, Failure) and failure.kind == FailureKind.MALFORMED


def test_a_slow_answer_ends_at_the_deadline(mock: Mock) -> None:
    began = time.monotonic()
    failure = provider(mock).complete(call("slow"), 1.0, quiet)
    assert isinstance(failure, Failure) and failure.kind == FailureKind.TIMED_OUT
    assert time.monotonic() - began < 2.0


def test_the_models_are_listed_and_the_first_is_asked_where_none_is_named(mock: Mock) -> None:
    listed = provider(mock).models(5, Line())
    assert isinstance(listed, tuple) and "gpt-4" in listed
    asked(mock, call("hello unnamed"), model="")
    assert mock.requests()[-1]["body"]["model"] == listed[0]


def test_half_a_surrogate_pair_does_no_harm(mock: Mock) -> None:
    assert isinstance(asked(mock, call("hello \udcff")), Reply)


def test_without_a_key_no_header_of_one_is_sent(mock: Mock) -> None:
    end = Endpoint(name="ollama", base_url=mock.url, model="m", local=True)
    assert isinstance(OpenAICompatible(end).complete(call("hello"), 20, quiet), Reply)
    assert "authorization" not in mock.requests()[-1]["headers"]


def test_a_missing_key_is_said_before_anything_is_sent(mock: Mock) -> None:
    end = Endpoint(name="openai", base_url=mock.url, key="OPENAI_API_KEY", key_required=True)
    before = len(mock.requests())
    failure = OpenAICompatible(end).complete(call("hello"), 20, quiet)
    assert isinstance(failure, Failure) and failure.kind == FailureKind.UNAUTHORISED
    assert "OPENAI_API_KEY" in failure.message and len(mock.requests()) == before


def test_a_key_is_not_sent_in_the_clear() -> None:
    end = Endpoint(name="endpoint", base_url="http://192.0.2.1/v1", key="BCRAG_LLM_KEY", model="m")
    failure = OpenAICompatible(end, KEY).complete(call("hello"), 5, quiet)
    assert isinstance(failure, Failure) and failure.kind == FailureKind.REFUSED
    assert "unencrypted" in failure.message and KEY not in failure.message
