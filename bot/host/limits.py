"""What a refusal means: no right to it, not there, no time for it now; and until when."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime

from bot.host.errors import Clash, HostError, NotAllowed, NotThere, RateLimited, Unreachable

SECONDARY_WAIT = 60.0
"""Seconds GitHub wants to be left alone where it does not say for how long."""
LONGEST_LIMIT = 86_400.0
"""A limit that is said to hold longer is not believed."""

_ALLOWED = frozenset({401, 403})
_THERE = frozenset({404, 410, 451})
_LIMITED_WORDS = ("rate limit", "abuse detection")


def refusal(status: int, headers: Mapping[str, str], body: bytes, asked: str, now: float) -> HostError:
    """The error an answer stands for."""
    said = reason(body) or f"status {status}"
    if status in (403, 429) and (seconds := limited(status, headers, said, now)) is not None:
        return RateLimited(datetime.fromtimestamp(now + seconds, UTC), asked, said)
    if status in _ALLOWED:
        return NotAllowed(asked, said)
    if status in _THERE:
        return NotThere(asked, said)
    if 400 <= status < 500:
        return Clash(asked, said)
    return Unreachable(asked, f"status {status}: {said}")


def limited(status: int, headers: Mapping[str, str], said: str, now: float) -> float | None:
    """For how many seconds there is nothing more; null where a refusal has nothing to do with limits."""
    asked = _number(headers.get("retry-after"))
    if asked is not None:
        return min(asked, LONGEST_LIMIT)
    if _number(headers.get("x-ratelimit-remaining")) == 0:
        reset = _number(headers.get("x-ratelimit-reset"))
        # One second more: their clock and ours need not agree.
        return SECONDARY_WAIT if reset is None else min(max(reset - now, 0.0) + 1.0, LONGEST_LIMIT)
    spoken = any(words in said.lower() for words in _LIMITED_WORDS)
    return SECONDARY_WAIT if spoken or status == 429 else None


def reason(body: bytes) -> str:
    """What GitHub says in an error: its message, and those of each thing that is wrong."""
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    if not isinstance(answer, dict):
        return ""
    errors = answer.get("errors")
    each = [_detail(error) for error in errors] if isinstance(errors, list) else [_detail(errors)]
    parts = [str(answer.get("message") or ""), *each[:5]]
    return "; ".join(part for part in parts if part)


def _detail(error: object) -> str:
    if isinstance(error, str):
        return error
    if not isinstance(error, dict):
        return ""
    if isinstance(error.get("message"), str):
        return str(error["message"])
    return " ".join(str(error[name]) for name in ("resource", "field", "code") if isinstance(error.get(name), str))


def _number(text: str | None) -> float | None:
    return float(text) if text and len(text) < 16 and text.strip().isascii() and text.strip().isdecimal() else None
