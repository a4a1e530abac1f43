"""Text on its way in and out: nothing a server says is shown whole, nor with a secret in it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.models.exchange import Call

MAX_QUOTE = 200
"""Characters of a server's own words that are shown."""

HIDDEN = "…"

_SECRETS = re.compile(
    r"\bBearer\s+\S+|\b(?:sk|rk|gsk|xai)-[A-Za-z0-9_*.-]{4,}|(?<=://)[^\s/@]+@|\b[A-Za-z0-9_-]{40,}\b", re.I
)
"""What looks like a key, a header of one, or the user and password of an address."""


def plain(text: str) -> str:
    """Text that can be encoded: halves of surrogate pairs, as undecodable file names have them, are replaced."""
    return text.encode("utf-8", "replace").decode("utf-8")


def sendable(call: Call) -> Call:
    """A call whose messages are such text."""
    messages = tuple(message.model_copy(update={"text": plain(message.text)}) for message in call.messages)
    return call.model_copy(update={"messages": messages})


def quoted(text: str, secrets: Iterable[str] = ()) -> str:
    """What somebody else said, as one short printable line without secrets."""
    for secret in secrets:
        if secret:
            text = text.replace(secret, HIDDEN)
    line = " ".join("".join(char if char.isprintable() else " " for char in plain(text[:4000])).split())
    line = _SECRETS.sub(HIDDEN, line)
    return line if len(line) <= MAX_QUOTE else f"{line[: MAX_QUOTE - 1]}{HIDDEN}"
