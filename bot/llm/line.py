"""The connection of one call: it can be cut from outside, and carries only so much."""

from __future__ import annotations

import contextlib
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import httpx2

MAX_BYTES = 16 << 20
"""Bytes of an answer that are read, its envelope included: a chunk of one word takes about 300."""

CONNECT_SECONDS = 10.0


class Flood(Exception):  # noqa: N818  (an answer, not a fault)
    """The answer is longer than is read."""


class Line:
    """Cut at the deadline, or by whoever no longer wants the answer; that wakes the thread that waits for it.

    A read time-out alone would not do: a server that sends a byte a minute never runs into one.
    """

    def __init__(self) -> None:
        self.late = False
        """Whether it was the deadline that cut it."""
        self.flooded = False
        self.answered = False
        """Whether an answer had begun."""
        self._cut = False
        self._lock = threading.Lock()
        self._sockets: list[socket.socket] = []

    @contextmanager
    def until(self, seconds: float) -> Iterator[None]:
        """A block after which nothing is left open, and which is cut off after `seconds`."""
        timer = threading.Timer(max(seconds, 0.0), self._expire)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            self.cut()

    def cut(self) -> None:
        """End it, from any thread, as often as one likes."""
        with self._lock:
            self._cut = True
            sockets, self._sockets = self._sockets, []
        for each in sockets:
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def client(self, seconds: float, *, local: bool) -> httpx2.Client:
        """An HTTP client whose connections are this line's. It follows no redirect: a key must not go elsewhere."""
        import openai

        timeout = openai.Timeout(seconds, connect=min(CONNECT_SECONDS, seconds))
        client: httpx2.Client = openai.DefaultHttpxClient(
            timeout=timeout,
            follow_redirects=False,
            trust_env=not local,
            headers={"Accept-Encoding": "identity"},
            event_hooks={"request": [self._traced], "response": [self._bounded]},
        )
        return client

    def _expire(self) -> None:
        self.late = True
        self.cut()

    def _traced(self, request: httpx2.Request) -> None:
        request.extensions = {**request.extensions, "trace": self._follow}

    def _follow(self, event: str, info: dict[str, Any]) -> None:
        stream = info.get("return_value")
        if event == "connection.connect_tcp.complete" and stream is not None:
            found = stream.get_extra_info("socket")
            # A handle of our own: the client wraps and closes its own as it pleases.
            mine = socket.socket(fileno=os.dup(found.fileno()))
            with self._lock:
                self._sockets.append(mine)
                cut = self._cut
            if cut:
                self.cut()

    def _bounded(self, response: httpx2.Response) -> None:
        import httpx2

        self.answered = True
        line, inner = self, response.stream

        class Bounded(httpx2.SyncByteStream):
            def __iter__(self) -> Iterator[bytes]:
                total = 0
                for block in inner:  # type: ignore[union-attr]  # a synchronous client's streams are
                    total += len(block)
                    if total > MAX_BYTES:
                        line.flooded = True
                        raise Flood
                    yield block

            def close(self) -> None:
                inner.close()  # type: ignore[union-attr]

        response.stream = Bounded()
