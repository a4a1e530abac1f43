"""What the broker and whoever asks it say to each other: one JSON object a line."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Literal

from pydantic import ValidationError

from bot.llm.endpoint import Endpoint
from bot.models.base import Frozen
from bot.models.exchange import Call, Failure, Reply

MAX_LINE = 16_000_000
"""Bytes of a line; the longest prompt or answer has a few million."""


class Request(Frozen):
    """What is wanted of the broker: an answer to a `call`, the list of models where there is none, or no more answer.

    `id` is the asker's, and stands in every event that belongs to it.
    """

    id: int
    want: Literal["reply", "models", "cancel"]
    endpoint: Endpoint | None = None
    call: Call | None = None
    seconds: float = 0.0


class Event(Frozen):
    """One of: a word on how it goes, the answer, the models, or why there is none of either."""

    id: int
    say: str | None = None
    reply: Reply | None = None
    models: tuple[str, ...] | None = None
    failure: Failure | None = None


def line(value: Frozen) -> bytes:
    """A value as a line."""
    return value.model_dump_json(by_alias=True).encode() + b"\n"


def lines(source: socket.socket) -> Iterator[bytes]:
    """The lines that come in, until the other side is gone or sends one that is too long."""
    rest = b""
    while len(rest) <= MAX_LINE:
        try:
            block = source.recv(1 << 20)
        except OSError:
            return
        if not block:
            return
        *whole, rest = (rest + block).split(b"\n")
        yield from whole


def request(text: bytes) -> Request | None:
    """A line as a request; null for what is none."""
    try:
        return Request.model_validate_json(text)
    except ValidationError:
        return None


def event(text: bytes) -> Event | None:
    """A line as an event; null for what is none."""
    try:
        return Event.model_validate_json(text)
    except ValidationError:
        return None
