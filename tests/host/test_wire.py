"""The wire to GitHub against a server that sends exactly what a test wants."""

from __future__ import annotations

import json
import socket
import traceback
from collections.abc import Sequence
from typing import Any

import pytest
from pydantic import SecretStr

import raw_server
from bot.errors import ConfigurationError
from bot.host.errors import Clash, HostError, NotAllowed, NotThere, RateLimited, Unreachable
from bot.host.values import Token, TokenKind
from bot.host.wire import TRIES, Wire
from raw_server import Part, Raw, head

SECRET = "ghs_" + "Tq7" * 12
NOW = 1_800_000_000.0


class Time:
    """A clock that goes on only when somebody sleeps."""

    def __init__(self) -> None:
        self.now = NOW
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    def clock(self) -> float:
        return self.now


def wire(url: str, time: Time | None = None, **more: Any) -> Wire:
    time = time or Time()
    token = Token(kind=TokenKind.ACTIONS, value=SecretStr(SECRET))
    return Wire(url, token, **{"sleep": time.sleep, "clock": time.clock, "spacing": 0.0, **more})


def said(value: object, status: int = 200, **headers: str) -> list[Part]:
    """An answer in JSON."""
    return [head(status, "application/json", **headers), json.dumps(value).encode()]


CUT: Sequence[Part] = [None]
BROKEN_OFF: Sequence[Part] = [head(200, "application/json", content_length="100"), b'{"a":', None]


def asked(raw: Raw, place: int = -1) -> dict[str, str]:
    """The headers of a request, and its first line as `line`."""
    first, *rest = raw.requests[place].partition("\r\n\r\n")[0].split("\r\n")
    return {"line": first} | {line.partition(":")[0].lower(): line.partition(":")[2].strip() for line in rest}


def test_github_is_told_who_asks_and_which_version_is_meant() -> None:
    with raw_server.serving(said({"a": 1})) as raw:
        assert wire(raw.url).request("GET", "/repos/o/r", params={"q": "a b&c"}) == {"a": 1}
    headers = asked(raw)
    assert headers["line"] == "GET /v1/repos/o/r?q=a+b%26c HTTP/1.1"
    assert headers["user-agent"] == "bcrag"
    assert headers["accept"] == "application/vnd.github+json"
    assert headers["x-github-api-version"] == "2022-11-28"
    assert headers["authorization"] == f"Bearer {SECRET}"


def test_a_body_is_json_and_an_empty_answer_is_nothing() -> None:
    with raw_server.serving([head(204, "application/json")]) as raw:
        assert wire(raw.url).request("POST", "/x", json={"body": "ü\ud800"}) is None
    assert asked(raw)["content-type"] == "application/json"
    assert raw.requests[0].endswith('{"body":"\\u00fc\\ud800"}')


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, Clash),
        (401, NotAllowed),
        (403, NotAllowed),
        (404, NotThere),
        (409, Clash),
        (410, NotThere),
        (422, Clash),
        (451, NotThere),
        (302, Unreachable),
        (304, Unreachable),
    ],
)
def test_refusals_are_told_apart_and_asked_once(status: int, kind: type[HostError]) -> None:
    time = Time()
    with raw_server.serving(said({"message": "No, really"}, status)) as raw, pytest.raises(HostError) as caught:
        wire(raw.url, time).request("GET", "/repos/o/r")
    assert type(caught.value) is kind
    assert "GET /repos/o/r" in str(caught.value)
    assert len(raw.requests) == 1
    assert not time.slept
    if status >= 400:
        assert caught.value.said == "No, really"
        assert caught.value.cure


def test_what_is_wrong_with_a_request_is_passed_on_in_one_short_line() -> None:
    wrong = {
        "message": "Validation Failed",
        "errors": [
            {"message": "A pull request already exists"},
            {"resource": "Label", "code": "invalid"},
            "x\n" * 900,
        ],
    }
    with raw_server.serving(said(wrong, 422)) as raw, pytest.raises(Clash) as caught:
        wire(raw.url).request("POST", "/pulls", json={})
    assert caught.value.said.startswith("Validation Failed; A pull request already exists; Label invalid; x x")
    assert len(caught.value.said) <= 400
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("body", [b"<html>no</html>", b"[" * 100_000, b"\xff\xfe{}", b'{"a":'])
def test_an_answer_that_is_no_json_is_no_answer(body: bytes) -> None:
    with raw_server.serving([head(200, "application/json"), body]) as raw, pytest.raises(Unreachable):
        wire(raw.url).request("GET", "/x")


# Trying again


@pytest.mark.parametrize("fault", [said({}, 502), said({}, 500), CUT, BROKEN_OFF])
def test_what_reads_is_asked_again(fault: Sequence[Part]) -> None:
    time = Time()
    with raw_server.serving(fault, fault, said({"a": 1})) as raw:
        assert wire(raw.url, time).request("GET", "/x") == {"a": 1}
    assert len(raw.requests) == 3
    assert time.slept == [1.0, 2.0]


@pytest.mark.parametrize("fault", [said({}, 502), CUT, BROKEN_OFF])
def test_a_comment_that_may_have_been_made_is_not_made_twice(fault: Sequence[Part]) -> None:
    time = Time()
    with raw_server.serving(fault, said({"a": 1})) as raw, pytest.raises(Unreachable):
        wire(raw.url, time).request("POST", "/issues/1/comments", json={"body": "x"})
    assert len(raw.requests) == 1
    assert not time.slept


@pytest.mark.parametrize("method", ["PATCH", "PUT", "DELETE"])
def test_a_change_that_is_the_same_when_made_twice_is_asked_for_again(method: str) -> None:
    with raw_server.serving(CUT, said({"a": 1})) as raw:
        assert wire(raw.url).request(method, "/x", json={}) == {"a": 1}


def test_a_post_said_to_be_repeatable_is_and_a_patch_said_not_to_be_is_not() -> None:
    with raw_server.serving(CUT, said({"a": 1}), CUT, said({"a": 1})) as raw:
        assert wire(raw.url).request("POST", "/git/blobs", json={}, repeatable=True) == {"a": 1}
        with pytest.raises(Unreachable):
            wire(raw.url).request("PATCH", "/check-runs/1", json={}, repeatable=False)
    assert len(raw.requests) == 3


def test_a_post_that_reached_nobody_is_sent_again_and_given_up_in_the_end() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    time = Time()
    with pytest.raises(Unreachable) as caught:
        wire(f"http://127.0.0.1:{port}", time).request("POST", "/x", json={})
    assert time.slept == [1.0, 2.0, 4.0, 8.0]
    assert "POST /x" in str(caught.value)


def test_a_server_that_stays_down_is_given_up() -> None:
    time = Time()
    with raw_server.serving(said({"message": "We had issues"}, 503)) as raw, pytest.raises(Unreachable, match="503"):
        wire(raw.url, time).request("GET", "/x")
    assert len(raw.requests) == TRIES


# Limits


@pytest.mark.parametrize("status", [403, 429])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_short_limit_is_waited_out(status: int, method: str) -> None:
    time = Time()
    limit = said({"message": "You have exceeded a secondary rate limit"}, status, retry_after="7")
    with raw_server.serving(limit, limit, said({"a": 1})) as raw:
        assert wire(raw.url, time).request(method, "/x") == {"a": 1}
    assert time.slept == [7.0, 7.0]


def test_a_long_limit_is_an_answer() -> None:
    time = Time()
    limit = said({"message": "wait"}, 429, retry_after="600")
    with raw_server.serving(limit) as raw, pytest.raises(RateLimited) as caught:
        wire(raw.url, time).request("GET", "/x")
    assert caught.value.until.timestamp() == NOW + 600
    assert not time.slept
    assert "2027-01-15 08:10:00 UTC" in str(caught.value)


def test_the_hourly_limit_holds_until_it_is_reset() -> None:
    time = Time()
    spent = {"x_ratelimit_remaining": "0"}
    soon = said({"message": "API rate limit exceeded"}, 403, x_ratelimit_reset=f"{NOW + 20:.0f}", **spent)
    late = said({"message": "API rate limit exceeded"}, 403, x_ratelimit_reset=f"{NOW + 1800:.0f}", **spent)
    with raw_server.serving(soon, said({"a": 1}), late) as raw:
        assert wire(raw.url, time).request("GET", "/x") == {"a": 1}
        assert time.slept == [21.0]
        with pytest.raises(RateLimited) as caught:
            wire(raw.url, time).request("GET", "/x")
    assert caught.value.until.timestamp() == NOW + 1801


@pytest.mark.parametrize(
    "limit",
    [
        said({"message": "You have exceeded a secondary rate limit. Please wait a few minutes."}, 403),
        said({"message": "You have triggered an abuse detection mechanism."}, 403),
        [head(429, "text/html"), b"<html>slow down</html>"],
        said({"message": "x"}, 429, retry_after="soon"),
    ],
)
def test_a_limit_without_a_time_is_a_minute_waited_for_once(limit: Sequence[Part]) -> None:
    time = Time()
    with raw_server.serving(limit) as raw, pytest.raises(RateLimited):
        wire(raw.url, time).request("GET", "/x")
    assert time.slept == [60.0]
    assert len(raw.requests) == 2


def test_a_limit_that_lasts_for_ever_is_not_believed() -> None:
    with raw_server.serving(said({}, 429, retry_after="99999999999999")) as raw, pytest.raises(RateLimited) as caught:
        wire(raw.url).request("GET", "/x")
    assert caught.value.until.timestamp() == NOW + 86_400


def test_changes_are_a_second_apart_and_reading_waits_for_nothing() -> None:
    time = Time()
    with raw_server.serving(said({})) as raw:
        talk = wire(raw.url, time, spacing=1.0)
        talk.request("POST", "/x")
        talk.request("GET", "/x")
        talk.request("PATCH", "/x")
        time.now += 5
        talk.request("POST", "/x")
    assert time.slept == [1.0]


# What is known already


def test_what_has_not_changed_is_not_sent_again() -> None:
    not_modified = [head(304, "application/json", etag='"a"')]
    with raw_server.serving(said({"a": 1}, etag='"a"'), not_modified, said({"a": 2}, etag='"b"')) as raw:
        talk = wire(raw.url)
        assert [talk.request("GET", "/x") for _ in range(3)] == [{"a": 1}, {"a": 1}, {"a": 2}]
        talk.request("POST", "/x")
        talk.request("GET", "/y")
    assert [asked(raw, place).get("if-none-match") for place in range(5)] == [None, '"a"', '"a"', None, None]


# Lists


def test_a_list_is_read_to_its_end() -> None:
    link = '</v1/x?page=2>; rel="next", </v1/x?page=9>; rel="last"'
    with raw_server.serving(said([{"n": 1}, {"n": 2}], link=link), said([{"n": 3}, 4, None])) as raw:
        assert list(wire(raw.url).pages("/x", {"per_page": 2})) == [{"n": 1}, {"n": 2}, {"n": 3}]
    assert [asked(raw, place)["line"] for place in range(2)] == [
        "GET /v1/x?per_page=2 HTTP/1.1",
        "GET /v1/x?page=2 HTTP/1.1",
    ]


def test_a_list_inside_an_answer_is_found() -> None:
    with raw_server.serving(said({"total_count": 1, "jobs": [{"n": 1}]})) as raw:
        assert list(wire(raw.url).pages("/x", key="jobs")) == [{"n": 1}]
        with pytest.raises(Unreachable):
            list(wire(raw.url).pages("/x", key="runs"))
        with pytest.raises(Unreachable):
            list(wire(raw.url).pages("/x"))


def test_no_more_is_asked_for_than_is_read() -> None:
    with raw_server.serving(said([{"n": 1}], link='</v1/x?page=2>; rel="next"')) as raw:
        assert next(wire(raw.url).pages("/x")) == {"n": 1}
    assert len(raw.requests) == 1


@pytest.mark.parametrize(
    "link", ["https://elsewhere.example/x", "//elsewhere.example/x", "http://127.0.0.1:1/x", "http://[/", "/v1/x"]
)
def test_a_list_does_not_lead_elsewhere_or_round_in_circles(link: str) -> None:
    with raw_server.serving(said([], link=f'<{link}>; rel="next"')) as raw, pytest.raises(Unreachable):
        list(wire(raw.url).pages("/x"))
    assert len(raw.requests) == 1


def test_a_list_without_an_end_is_ended() -> None:
    two = (said([], link='</v1/x?page=1>; rel="next"'), said([], link='</v1/x?page=2>; rel="next"'))
    with raw_server.serving(*two * 51) as raw, pytest.raises(HostError, match="more than 100 pages"):
        list(wire(raw.url).pages("/x"))
    assert len(raw.requests) == 100


# Redirects


def test_a_repository_that_was_renamed_is_followed_with_the_token() -> None:
    moved = said({"message": "Moved Permanently"}, 301, location="/v1/repositories/7")
    with raw_server.serving(moved, said({"a": 1})) as raw:
        assert wire(raw.url).request("GET", "/repos/o/old") == {"a": 1}
    assert asked(raw)["authorization"]


def test_a_change_is_followed_only_as_it_is() -> None:
    body = {"body": "x"}
    with raw_server.serving(said({}, 307, location="/v1/y"), said({"a": 1})) as raw:
        assert wire(raw.url).request("POST", "/x", json=body) == {"a": 1}
    assert asked(raw)["line"].startswith("POST /v1/y")
    assert raw.requests[-1].endswith('{"body":"x"}')
    with raw_server.serving(said({}, 302, location="/v1/y"), said({"a": 1})) as raw, pytest.raises(Unreachable):
        wire(raw.url).request("POST", "/x", json=body)


def test_the_token_does_not_go_to_another_server() -> None:
    with raw_server.serving(said({"a": 1})) as other, raw_server.serving(said({}, 302, location=other.url)) as raw:
        with pytest.raises(Unreachable, match="another server"):
            wire(raw.url).request("GET", "/x")
        assert not other.requests
        assert wire(raw.url).raw("/artifacts/1/zip") == b'{"a": 1}'
    assert "authorization" not in asked(other)
    assert SECRET not in "".join(other.requests)


def test_what_lies_elsewhere_is_not_looked_for_further_and_its_address_is_not_told() -> None:
    time = Time()
    with raw_server.serving(said({}, 302, location="https://example.org")) as other:
        secret = f"{other.url}/file?sig=hidden"
        with raw_server.serving(said({}, 302, location=secret)) as raw, pytest.raises(Unreachable) as caught:
            wire(raw.url, time).raw("/artifacts/1/zip")
    assert "hidden" not in str(caught.value)
    assert "302" in str(caught.value)


def test_redirects_come_to_an_end() -> None:
    with raw_server.serving(said({}, 302, location="/v1/x")) as raw, pytest.raises(Unreachable, match="circles"):
        wire(raw.url).request("GET", "/x")


# Bounds


@pytest.mark.parametrize("declared", [{"content_length": "5000"}, {}])
def test_more_than_is_wanted_is_not_taken(declared: dict[str, str]) -> None:
    with raw_server.serving([head(200, "application/zip", **declared), b"x" * 5000]) as raw:
        assert wire(raw.url).raw("/x", limit=5000) == b"x" * 5000
        with pytest.raises(HostError, match="more than 4999 bytes"):
            wire(raw.url).raw("/x", limit=4999)
    assert len(raw.requests) == 2


def test_what_is_small_on_the_way_may_be_large() -> None:
    import gzip

    packed = gzip.compress(bytes(10 << 20))
    with (
        raw_server.serving([head(200, "application/json", content_encoding="gzip"), packed]) as raw,
        pytest.raises(HostError, match="more than 1048576 bytes"),
    ):
        wire(raw.url).raw("/x", limit=1 << 20)


# GraphQL


def test_graphql_is_not_a_part_of_version_three() -> None:
    with raw_server.serving(said({"data": {"a": 1}})) as raw:
        assert wire(raw.url).graphql("query { a }", {"n": 1}) == {"a": 1}
        assert asked(raw)["line"] == "POST /v1/graphql HTTP/1.1"
        wire(raw.url.removesuffix("/v1") + "/api/v3").graphql("query { a }")
        assert asked(raw)["line"] == "POST /api/graphql HTTP/1.1"
    assert raw.requests[0].endswith('{"query":"query { a }","variables":{"n":1}}')


@pytest.mark.parametrize(
    ("errors", "kind"),
    [
        ([{"type": "FORBIDDEN", "message": "no"}], NotAllowed),
        ([{"type": "NOT_FOUND", "message": "no"}], NotThere),
        ([{"type": "RATE_LIMITED", "message": "no"}], RateLimited),
        ([{"message": "no"}], Clash),
        (["no"], Clash),
        ("no", Clash),
        ({"message": "no"}, Clash),
    ],
)
def test_errors_of_graphql_are_errors(errors: object, kind: type[HostError]) -> None:
    with raw_server.serving(said({"data": None, "errors": errors})) as raw, pytest.raises(HostError) as caught:
        wire(raw.url).graphql("mutation { x }")
    assert type(caught.value) is kind
    assert caught.value.said == "no"


# The token


@pytest.mark.parametrize(
    "answer",
    [
        said({"message": f"Bad credentials: {SECRET}"}, 401),
        said({"message": "x", "errors": [{"message": f"token {SECRET} is wrong"}]}, 422),
        said({"message": f"{SECRET}"}, 500),
        said({"data": None, "errors": [{"message": SECRET}]}),
        said({}, 302, location=f"https://elsewhere.example/{SECRET}"),
        CUT,
    ],
)
def test_the_token_is_in_no_error(answer: Sequence[Part]) -> None:
    with raw_server.serving(answer) as raw:
        talk = wire(raw.url)
        with pytest.raises(HostError) as caught:
            talk.graphql("query { x }")
    error = caught.value
    shown = "".join(traceback.format_exception(error)) + repr(error) + repr(vars(error)) + error.cure
    assert SECRET not in shown
    assert SECRET not in repr(talk) + repr(talk.token) + str(talk.token) + talk.token.model_dump_json()
    assert error.__cause__ is None


def test_a_secret_of_somebody_else_is_in_no_error_either() -> None:
    other = "github_pat_" + "Ab1" * 20
    with raw_server.serving(said({"message": f"not {other}"}, 404)) as raw, pytest.raises(NotThere) as caught:
        wire(raw.url).request("GET", f"/x/{other}")
    assert other not in str(caught.value)
    assert "[removed: a GitHub token]" in str(caught.value)


@pytest.mark.parametrize("value", ["ghs_a\nb", "ghs_ü", "ghs a", "ghs\x00"])
def test_a_token_that_is_none_is_not_sent(value: str) -> None:
    with pytest.raises(NotAllowed) as caught:
        Wire("https://api.github.com", Token(kind=TokenKind.PERSONAL, value=SecretStr(value)))
    assert value not in str(caught.value)
    assert "line break" in caught.value.cure


@pytest.mark.parametrize(
    "url",
    [
        "http://github.example.com/api/v3",
        "https://somebody:secret@github.example.com",
        "ftp://github.example.com",
        "https://",
        "github.com",
        "https://github.example.com:99999",
        "https://github.example.com?x=secret",
    ],
)
def test_an_address_that_is_not_safe_is_not_taken(url: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        wire(url)
    assert "secret@" not in str(caught.value)
    assert caught.value.cure


@pytest.mark.parametrize("url", ["https://api.github.com", "https://github.example.com/api/v3/", "http://localhost:1"])
def test_an_address_that_is_safe_is(url: str) -> None:
    wire(url).close()


def test_connections_of_somebody_else_stay_open() -> None:
    import httpx

    with raw_server.serving(said({"a": 1})) as raw, httpx.Client(trust_env=False, follow_redirects=True) as client:
        with wire(raw.url, client=client) as talk:
            assert talk.request("GET", "/x") == {"a": 1}
        assert not client.is_closed
