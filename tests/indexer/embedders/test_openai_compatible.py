"""An endpoint by its wire: what is sent, what is retried, what is refused. The server is real, on loopback."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator

import numpy as np
import pytest

import embeddings_server
from embeddings_server import Answer, Endpoint
from indexer.embedders.openai_compatible import KEY, OpenAICompatibleEmbedder
from indexer.errors import MissingError, UsageError

SECRET = "sk-very-secret"


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    with embeddings_server.serving() as served:
        yield served


def embedder(endpoint: Endpoint, key: str = "", **options: int) -> OpenAICompatibleEmbedder:
    return OpenAICompatibleEmbedder("tiny", endpoint.url, key=key, pause=0.001, **options)


def body(*rows: object) -> bytes:
    return json.dumps({"data": [{"index": place, "embedding": row} for place, row in enumerate(rows)]}).encode()


def test_sends_openais_shape_and_the_key(endpoint: Endpoint) -> None:
    embedder(endpoint, SECRET).documents(["a", "b"])
    assert endpoint.paths == ["/v1/embeddings"]
    assert endpoint.requests == [{"model": "tiny", "input": ["a", "b"], "encoding_format": "float"}]
    assert endpoint.headers[0]["authorization"] == f"Bearer {SECRET}"


def test_without_a_key_sends_none(endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(KEY, raising=False)
    OpenAICompatibleEmbedder("tiny", endpoint.url).query("a")
    assert "authorization" not in endpoint.headers[0]


def test_the_key_comes_from_the_environment(endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY, SECRET)
    OpenAICompatibleEmbedder("tiny", endpoint.url).query("a")
    assert endpoint.headers[0]["authorization"] == f"Bearer {SECRET}"


def test_puts_vectors_back_in_order_and_to_length_one(endpoint: Endpoint) -> None:
    texts = ["first", "second", "third"]
    expected = np.array([embeddings_server.vector(text) for text in texts])
    expected /= np.linalg.norm(expected, axis=1, keepdims=True)
    np.testing.assert_allclose(embedder(endpoint).documents(texts), expected, atol=1e-6)


def test_sends_batches(endpoint: Endpoint) -> None:
    found = embedder(endpoint, batch=4).documents([str(number) for number in range(10)])
    assert [len(request["input"]) for request in endpoint.requests] == [4, 4, 2]
    assert found.shape == (10, embeddings_server.DIMENSIONS)


def test_blank_texts_are_zero(endpoint: Endpoint) -> None:
    found = embedder(endpoint).documents(["", "a"])
    assert not found[0].any()
    assert found[1].any()
    assert all(text for text in endpoint.requests[0]["input"])


@pytest.mark.parametrize("status", [429, 500, 503])
def test_tries_again(endpoint: Endpoint, status: int) -> None:
    endpoint.answers += [Answer(status), Answer(status)]
    assert embedder(endpoint).query("a").any()
    assert len(endpoint.requests) == 3


def test_tries_again_when_the_connection_breaks(endpoint: Endpoint) -> None:
    endpoint.answers.append(Answer(200, None))
    assert embedder(endpoint).query("a").any()


def test_waits_as_long_as_it_is_asked_to(endpoint: Endpoint) -> None:
    endpoint.answers.append(Answer(429, b"", {"retry-after": "1"}))
    begin = time.monotonic()
    embedder(endpoint).query("a")
    assert time.monotonic() - begin >= 1


def test_does_not_wait_an_hour(endpoint: Endpoint) -> None:
    endpoint.answers.append(Answer(429, b"", {"retry-after": "3600"}))
    with pytest.raises(MissingError, match="429"):
        embedder(endpoint).query("a")
    assert len(endpoint.requests) == 1


def test_gives_up_in_the_end(endpoint: Endpoint) -> None:
    endpoint.answers += [Answer(503, b'{"error": {"message": "overloaded"}}')] * 9
    with pytest.raises(MissingError, match="503: overloaded") as caught:
        embedder(endpoint).query("a")
    assert len(endpoint.requests) == 5
    assert "static" in caught.value.cure


@pytest.mark.parametrize(
    ("status", "cure"), [(401, KEY), (403, KEY), (404, "model's name"), (400, "model's name"), (307, "model's name")]
)
def test_a_refusal_is_final_and_says_what_to_do(endpoint: Endpoint, status: int, cure: str) -> None:
    elsewhere = {"location": f"{endpoint.url}/elsewhere"}
    endpoint.answers.append(Answer(status, b'{"error": {"message": "no\\nsuch\\u001b[31m thing"}}', elsewhere))
    with pytest.raises(MissingError, match="no such") as caught:
        embedder(endpoint, SECRET).query("a")
    assert len(endpoint.requests) == 1
    assert cure in caught.value.cure
    assert "\x1b" not in str(caught.value)
    assert SECRET not in f"{caught.value} {caught.value.cure}"


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"<html>hello</html>",
        b"[]",
        b'{"data": null}',
        body(),
        body([1.0], [2.0]),
        body([]),
        body(["x"]),
        body([None]),
        body([[1.0]]),
        body([0.0] * 20_000),
        b'{"data": [{"index": "x", "embedding": [1]}]}',
        b"[" * 100_000,
    ],
)
def test_nonsense_is_refused(endpoint: Endpoint, answer: bytes) -> None:
    endpoint.answers.append(Answer(200, answer))
    with pytest.raises(MissingError, match="makes no sense"):
        embedder(endpoint).query("a")


def test_no_number_is_no_vector(endpoint: Endpoint) -> None:
    endpoint.answers.append(Answer(200, b'{"data": [{"index": 0, "embedding": [NaN, 1.0]}]}'))
    assert not embedder(endpoint).query("a").any()


def test_another_length_than_before_is_refused(endpoint: Endpoint) -> None:
    one = embedder(endpoint)
    one.query("a")
    endpoint.answers.append(Answer(200, body([1.0, 2.0])))
    with pytest.raises(MissingError, match="2 numbers, where there were 24"):
        one.query("b")


def test_nobody_there() -> None:
    with embeddings_server.serving() as served:
        url = served.url
    with pytest.raises(MissingError, match=r"127\.0\.0\.1 does not answer") as caught:
        OpenAICompatibleEmbedder("tiny", url, key="", pause=0.001).query("a")
    assert "address" in caught.value.cure


@pytest.mark.parametrize(
    "url", ["", "example.org/v1", "ftp://example.org", "http://", "http://x:notaport/v1", "https://me:pw@example.org"]
)
def test_refuses_what_is_no_address(url: str) -> None:
    with pytest.raises(UsageError, match="not the address") as caught:
        OpenAICompatibleEmbedder("tiny", url)
    assert "openai:MODEL@BASE_URL" in caught.value.cure
    assert "pw" not in str(caught.value)


def test_never_sends_a_key_unencrypted_through_a_network() -> None:
    with pytest.raises(UsageError, match="unencrypted"):
        OpenAICompatibleEmbedder("tiny", "http://example.org/v1", key=SECRET)
    OpenAICompatibleEmbedder("tiny", "http://example.org/v1", key="")
    OpenAICompatibleEmbedder("tiny", "https://example.org/v1", key=SECRET)


@pytest.mark.parametrize("tail", ["", "/", "/embeddings", "?key=1"])
def test_name_is_model_and_place_without_secrets(tail: str) -> None:
    one = OpenAICompatibleEmbedder("m", f"https://example.org/v1{tail}", key=SECRET)
    assert one.name == "openai-m@example.org/v1"
