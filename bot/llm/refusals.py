"""What a server's error means: status, code and words to a kind of failure, and a sentence."""

from __future__ import annotations

import email.utils
import time
from collections.abc import Iterable, Mapping

from bot.llm.endpoint import Endpoint
from bot.llm.wording import quoted
from bot.models.exchange import Failure, FailureKind

KEY_REFUSED = "{name} does not accept the key in {key}, or the key may not use the model {model}."
KEY_WANTED = "{name} at {host} wants a key, and takes none from the environment here."
NO_MODEL = "{name} has no model {model}."
QUOTA = "The account at {name} has no money left, or has reached its limit."
BUSY = "{name} takes no more requests at the moment."
TOO_LONG = "The prompt is too long for {model} at {name}."
FILTERED = "The content filter of {name} refused to answer."
DOWN = "{name} fails or is overloaded (status {status})."
MOVED = "{name} at {host} sends requests elsewhere; give the address it really is at."
REFUSED = "{name} does not take the request (status {status}). It says: {quote}."

_QUOTA = (
    "insufficient_quota",
    "billing",
    "insufficient_credits",
    "insufficient credits",
    "exceeded your current quota",
)
_LONG = (
    *("context_length", "context length", "context window", "maximum context", "prompt is too long", "too many tokens"),
    *("context size", "input is too long", "exceeds the available context"),
)
_FILTER = ("content_filter", "content_policy", "content management policy", "moderation")
_MODEL = ("model_not_found", "does not exist", "model not found", "no such model", "not a valid model", "unknown model")


def read(
    endpoint: Endpoint, model: str, status: int, words: str, headers: Mapping[str, str], secrets: Iterable[str]
) -> Failure:
    """What an answer with an error is. `words` is all the server said of it: code, type and message."""
    kind, sentence = _meaning(endpoint, status, words.lower())
    return Failure(
        kind=kind,
        provider=endpoint.name,
        message=sentence.format(
            name=endpoint.name,
            host=endpoint.host,
            key=endpoint.key,
            model=model or "(none named)",
            status=status,
            quote=quoted(words, secrets).rstrip(".") or "nothing",
        ),
        retry_after=retry_after(headers) if kind in (FailureKind.RATE_LIMITED, FailureKind.OVERLOADED) else None,
    )


def _meaning(endpoint: Endpoint, status: int, words: str) -> tuple[FailureKind, str]:
    def says(any_of: tuple[str, ...]) -> bool:
        return any(word in words for word in any_of)

    if status in (400, 413, 422) and says(_LONG):
        return FailureKind.TOO_LONG, TOO_LONG
    if status in (400, 403, 422) and says(_FILTER):
        return FailureKind.FILTERED, FILTERED
    if status == 402 or (status in (403, 429) and says(_QUOTA)):
        return FailureKind.OUT_OF_MONEY, QUOTA
    if status in (401, 403):
        return FailureKind.UNAUTHORISED, KEY_REFUSED if endpoint.key else KEY_WANTED
    if status == 404 or (status == 400 and says(_MODEL)):
        return FailureKind.NO_MODEL, NO_MODEL
    if status == 429:
        return FailureKind.RATE_LIMITED, BUSY
    if status in (408, 409) or status >= 500:
        return FailureKind.OVERLOADED, DOWN
    if 300 <= status < 400:
        return FailureKind.REFUSED, MOVED
    return FailureKind.REFUSED, REFUSED


def is_settled(words: str) -> bool:
    """Whether a refusal is about the prompt itself, whatever fields it mentions beside that."""
    words = words.lower()
    return any(word in words for word in (*_LONG, *_FILTER))


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds a server asks to wait, given as milliseconds, seconds or a date; null where it says nothing usable."""
    found = {name.lower(): value.strip() for name, value in headers.items()}
    for name, unit in (("retry-after-ms", 1000.0), ("retry-after", 1.0)):
        try:
            seconds = float(found[name]) / unit
        except (KeyError, ValueError):
            continue
        # Neither a negative one nor `nan` or `inf` can be waited for.
        return seconds if 0 <= seconds < 1e9 else None
    try:
        return max(0.0, email.utils.parsedate_to_datetime(found["retry-after"]).timestamp() - time.time())
    except (KeyError, ValueError, TypeError, OverflowError):
        return None
