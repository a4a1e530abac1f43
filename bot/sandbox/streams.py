"""What goes into a command and comes out of it: all three streams served at once, bounded, never waited for."""

from __future__ import annotations

import contextlib
import os
import select
import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import IO, Protocol

from bot.sandbox.base import Command

CUT = "[the answer was cut: it has more than {limit:,} bytes]\n"

_CHUNK = 65_536
_TICK = 0.1
"""Seconds between two looks at whether to stop."""
_DRAIN = 1.0
"""Seconds given to what is still in the pipes when the command has ended."""


class _Sink(Protocol):
    def add(self, chunk: bytes) -> None: ...


@dataclass
class _Tail:
    """The end of a stream, never more than `limit` bytes of it."""

    limit: int
    chunks: deque[bytes] = field(default_factory=deque)
    size: int = 0

    def add(self, chunk: bytes) -> None:
        self.chunks.append(chunk)
        self.size += len(chunk)
        while self.chunks and self.size - len(self.chunks[0]) >= self.limit:
            self.size -= len(self.chunks.popleft())

    def text(self) -> str:
        return b"".join(self.chunks)[-self.limit :].decode("utf-8", "replace") if self.limit else ""


@dataclass
class _Head:
    """The beginning of a stream, never more than `limit` bytes of it; what follows is read and dropped."""

    limit: int
    data: bytearray = field(default_factory=bytearray)
    cut: bool = False

    def add(self, chunk: bytes) -> None:
        room = self.limit - len(self.data)
        self.data += chunk[:room]
        self.cut = self.cut or len(chunk) > room


class Streams:
    """The three streams of one process, served by a thread of their own until `close`."""

    def __init__(self, process: subprocess.Popen[bytes], command: Command) -> None:
        self._tail = _Tail(command.limits.output_bytes)
        self._head = _Head(command.limits.answer_bytes)
        self._streams = [stream for stream in (process.stdin, process.stdout, process.stderr) if stream is not None]
        self._ended = threading.Event()
        self._poll = select.poll()
        self._serving: dict[int, Callable[[int], bool]] = {}
        self._serve(process.stdin, select.POLLOUT, _feeder(command.input))
        self._serve(process.stdout, select.POLLIN, _reader(self._head if command.answers else self._tail))
        self._serve(process.stderr, select.POLLIN, _reader(self._tail))
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Take what is still there and let go of the streams; to be called once the command has ended."""
        self._ended.set()
        self._thread.join()
        for stream in self._streams:
            with contextlib.suppress(OSError):  # a pipe whose reader is gone
                stream.close()

    @property
    def output(self) -> str:
        """What it said; a cut answer is told here."""
        return self._tail.text() + (CUT.format(limit=self._head.limit) if self._head.cut else "")

    @property
    def answer(self) -> bytes:
        """What it answered, from the beginning."""
        return bytes(self._head.data)

    def _serve(self, stream: IO[bytes] | None, event: int, work: Callable[[int], bool]) -> None:
        if stream is not None:
            os.set_blocking(stream.fileno(), False)
            self._poll.register(stream.fileno(), event)
            self._serving[stream.fileno()] = work

    def _work(self) -> None:
        last = None
        while self._serving:
            if self._ended.is_set() and last is None:
                last = time.monotonic() + _DRAIN
            ready = self._poll.poll(0 if last else int(_TICK * 1000))
            if last is not None and (not ready or time.monotonic() > last):
                return
            for descriptor, _ in ready:
                if not self._serving[descriptor](descriptor):
                    self._drop(descriptor)

    def _drop(self, descriptor: int) -> None:
        self._poll.unregister(descriptor)
        del self._serving[descriptor]
        for stream in self._streams:
            if not stream.closed and stream.fileno() == descriptor:
                with contextlib.suppress(OSError):
                    stream.close()  # the other side is waiting for the end of what it is handed


def _feeder(data: bytes) -> Callable[[int], bool]:
    """Hands `data` over, as much at a time as the pipe takes; done when false comes back."""
    left = memoryview(data)

    def feed(descriptor: int) -> bool:
        nonlocal left
        try:
            left = left[os.write(descriptor, left[:_CHUNK]) :]
        except BlockingIOError:
            return True
        except OSError:  # it does not listen any more
            return False
        return len(left) > 0

    return feed


def _reader(sink: _Sink) -> Callable[[int], bool]:
    """Reads into `sink` until the end of the stream."""

    def read(descriptor: int) -> bool:
        try:
            chunk = os.read(descriptor, _CHUNK)
        except BlockingIOError:
            return True
        except OSError:
            return False
        sink.add(chunk)
        return bool(chunk)

    return read
