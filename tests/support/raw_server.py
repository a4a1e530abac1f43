"""A server that sends exactly the bytes a test wants: for what no well-made server does."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

Part = bytes | float | None
"""Bytes to send, seconds to do nothing, or null: cut the connection without a goodbye."""

HOLD = 3600.0


@dataclass
class Raw:
    """`requests` is what came in: headers and body, one text a request. `open` counts connections that are held."""

    url: str
    requests: list[str] = field(default_factory=list)
    open: int = 0


def head(status: int = 200, kind: str = "text/event-stream", **headers: str) -> bytes:
    """A status line and headers; the body ends where the connection does."""
    lines = [f"HTTP/1.1 {status} X", f"content-type: {kind}", "connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def event(content: str | None = None, finish: str | None = None, **more: Any) -> bytes:
    """One chunk of a streamed answer."""
    delta = {} if content is None else {"content": content}
    chunk = {"id": "x", "object": "chat.completion.chunk", "created": 1, "model": "m"}
    chunk["choices"] = [{"index": 0, "delta": delta, "finish_reason": finish}]  # type: ignore[assignment]
    return b"data: " + json.dumps({**chunk, **more}).encode() + b"\n\n"


DONE = b"data: [DONE]\n\n"


def answer(text: str) -> list[Part]:
    """A good answer."""
    return [head(), event(text), event(finish="stop"), DONE]


def error(status: int, message: str = "", code: str | int | None = None, **headers: str) -> list[Part]:
    """An error in OpenAI's shape."""
    body = {"error": {"message": message, "type": "some_error", "code": code, "param": None}}
    return [head(status, "application/json", **headers), json.dumps(body).encode()]


@contextmanager
def serving(*answers: Sequence[Part]) -> Iterator[Raw]:
    """One answer a request, the last one again and again."""
    listener = socket.create_server(("127.0.0.1", 0))
    ended = threading.Event()
    raw = Raw(f"http://127.0.0.1:{listener.getsockname()[1]}/v1")
    left = list(answers)

    def talk(connection: socket.socket) -> None:
        with connection, suppress(OSError):
            raw.requests.append(_request(connection))
            parts = left.pop(0) if len(left) > 1 else left[0]
            raw.open += 1
            try:
                for part in parts:
                    if part is None:
                        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
                        return
                    if isinstance(part, bytes):
                        connection.sendall(part)
                    elif _gone(connection, part, ended):
                        return
            finally:
                raw.open -= 1

    def accept() -> None:
        with suppress(OSError):
            while True:
                threading.Thread(target=talk, args=(listener.accept()[0],), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield raw
    finally:
        ended.set()
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()


def _request(connection: socket.socket) -> str:
    data = b""
    while b"\r\n\r\n" not in data:
        data += _some(connection)
    before, _, body = data.partition(b"\r\n\r\n")
    sizes = [line.split(b":")[1] for line in before.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    while sizes and len(body) < int(sizes[0]):
        body += _some(connection)
    return (before + b"\r\n\r\n" + body).decode()


def _some(connection: socket.socket) -> bytes:
    block = connection.recv(65536)
    if not block:
        raise ConnectionResetError
    return block


def _gone(connection: socket.socket, seconds: float, ended: threading.Event) -> bool:
    """Do nothing for a while; whether the client left meanwhile."""
    connection.settimeout(0.05)
    for _ in range(max(1, int(seconds / 0.05))):
        if ended.is_set():
            return True
        try:
            if not connection.recv(1):
                return True
        except TimeoutError:
            continue
    connection.settimeout(None)
    return False
