"""What travels: the dictionaries of a probe and of an exception, every text in them bounded."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]


def bounded(text: str, limit: int) -> str:
    """The text, or its two ends where it is longer."""
    if len(text) <= limit:
        return text
    half = (limit - 7) // 2
    return text[:half] + "\n[...]\n" + text[-half:]


def raised(
    kind: str,
    message: str,
    path: str,
    line: int,
    owner: str | None = None,
    member: str | None = None,
    frames: list[Json] | None = None,
    text: str = "",
) -> Json:
    """A `Raised`, every part of it bounded."""
    return {
        "type": bounded(kind, 300),
        "message": bounded(message, 4000),
        "path": bounded(path, 1000),
        "line": line,
        "owner": bounded(owner, 300) if owner else None,
        "member": bounded(member, 300) if member else None,
        "frames": frames or [],
        "traceback": bounded(text, 18_000),
    }


PASS, FAIL, REFUSED, SKIPPED = "pass", "fail", "refused", "skipped"
POLL_SAYS_NO = "its poll says no"


def probe(
    kind: str,
    subject: str,
    outcome: str,
    detail: str = "",
    situation: str = "",
    fault: Json | None = None,
    recipe: Json | None = None,
) -> Json:
    """A `Probe`; one that fails says by its recipe how that comes about again (`recipes`)."""
    return {
        "id": bounded(f"{kind}:{subject}" if subject else kind, 400),
        "kind": kind,
        "subject": bounded(subject, 300),
        "outcome": outcome,
        "detail": bounded(detail, 2000),
        "situation": situation,
        "raised": fault,
        "recipe": recipe,
        "seconds": 0.0,
    }
