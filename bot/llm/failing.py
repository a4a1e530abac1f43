"""What became of a call that raised: every error of the client and of the network, as a failure with a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.llm import refusals
from bot.llm.endpoint import Endpoint
from bot.llm.hearing import Nonsense
from bot.llm.line import Flood, Line
from bot.models.exchange import Failure, FailureKind

if TYPE_CHECKING:
    import openai

TIMED_OUT = "{name} gave no whole answer in {seconds:.0f} seconds."
SILENT = "{name} at {host} did not answer in time."
UNREACHABLE = "{name} at {host} cannot be reached. Is it running?"
CUT = "The answer of {name} broke off."
MALFORMED = "{name} at {host} answered with something that is no chat completion{how}."
FLOOD = "The answer of {name} is longer than is read."

_BY_CODE = {
    "insufficient_quota": 429,
    "rate_limit_exceeded": 429,
    "rate_limit_error": 429,
    "content_filter": 400,
    "context_length_exceeded": 400,
    "invalid_request_error": 400,
}
"""The status an error would have had, had it not come in the midst of a stream."""


def read(endpoint: Endpoint, error: Exception, line: Line, seconds: float, model: str, key: str) -> Failure:
    """What an error means. Of its own words nothing is shown but what a server said, without the key."""
    import httpx2
    import openai

    cause = error.__cause__
    if line.late:
        return _failure(endpoint, FailureKind.TIMED_OUT, TIMED_OUT, seconds=seconds)
    if line.flooded or isinstance(error, Flood):
        return _failure(endpoint, FailureKind.MALFORMED, FLOOD)
    if isinstance(error, openai.APIStatusError):
        return refusals.read(endpoint, model, error.status_code, words(error), error.response.headers, (key,))
    if isinstance(error, openai.APITimeoutError):
        return _failure(endpoint, FailureKind.TIMED_OUT, SILENT)
    if isinstance(error, openai.APIConnectionError | httpx2.RequestError):
        return _broken(endpoint, cause if isinstance(cause, httpx2.RequestError) else error)
    if isinstance(error, openai.APIError) and error.body is not None:
        return refusals.read(endpoint, model, _status(error), words(error), {}, (key,))
    # The type alone: what an error says of a request may hold a header.
    how = "" if isinstance(error, Nonsense) else f" ({type(error).__name__})"
    return _failure(endpoint, FailureKind.MALFORMED, MALFORMED, how=how)


def words(error: openai.APIError) -> str:
    """All a server said of an error: code, type, parameter and message."""
    said = error.body.get("message") if isinstance(error.body, dict) else error.body
    parts = (error.code, error.type, error.param, said if isinstance(said, str) else error.message)
    return " ".join(str(part) for part in parts if part)


def _broken(endpoint: Endpoint, error: BaseException) -> Failure:
    """A connection that was not made, or did not last."""
    import httpx2

    if isinstance(error, httpx2.TimeoutException):
        return _failure(endpoint, FailureKind.TIMED_OUT, SILENT)
    if isinstance(error, httpx2.ConnectError | httpx2.ProxyError | httpx2.UnsupportedProtocol):
        return _failure(endpoint, FailureKind.UNREACHABLE, UNREACHABLE)
    hung_up = "peer closed" in str(error) or "disconnected" in str(error)
    if isinstance(error, httpx2.NetworkError) or hung_up:
        return _failure(endpoint, FailureKind.CUT, CUT)
    return _failure(endpoint, FailureKind.MALFORMED, MALFORMED, how="")


def _status(error: openai.APIError) -> int:
    code = error.code or ""
    if code.isdigit() and 400 <= int(code) < 600:
        return int(code)
    return _BY_CODE.get(code) or _BY_CODE.get(error.type or "") or 500


def _failure(endpoint: Endpoint, kind: FailureKind, sentence: str, **values: object) -> Failure:
    text = sentence.format(name=endpoint.name, host=endpoint.host, **values)
    return Failure(kind=kind, provider=endpoint.name, message=text)
