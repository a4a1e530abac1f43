"""A model behind the broker: the provider a run really uses."""

from __future__ import annotations

import contextlib
import itertools
import os
import queue
import socket
import struct
import subprocess
import threading
import time
from collections.abc import Mapping

from bot.llm import keys, wire
from bot.llm.base import Say
from bot.llm.endpoint import Endpoint
from bot.llm.starting import Access, start_broker
from bot.llm.wording import sendable
from bot.models.exchange import Call, Failure, FailureKind, Reply

GONE = "The process that talks to models has ended."
NOT_STARTED = "The process that talks to models cannot be started: {why}."
TIMED_OUT = "{name} gave no whole answer in {seconds:.0f} seconds."

GRACE = 2.0
"""Seconds the broker has to say by itself that time is up; after them it is not waited for."""

SEND_SECONDS = 20
"""Seconds the broker may take to read what it is sent; it reads at once."""

START_SECONDS = 10.0
"""Seconds a broker that has just been started may take besides: Python and the client are slow to load."""


class Connection:
    """The way to the broker, opened when it is first needed. Safe to use from several threads.

    With a broker that was inherited its keys can be used; otherwise one is started that holds none.
    """

    def __init__(self, access: Access, environment: Mapping[str, str]) -> None:
        self._access = access
        self._environment = keys.of_keyless_broker(environment)
        self._lock = threading.Lock()
        self._numbers = itertools.count(1)
        self._waiting: dict[int, queue.SimpleQueue[wire.Event | None]] = {}
        self._socket: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._gone = False
        self._fresh = True

    def ask(self, request: wire.Request, seconds: float, say: Say) -> wire.Event:
        """The event that settles a request, after at most `seconds` and a little; its number is given here."""
        events: queue.SimpleQueue[wire.Event | None] = queue.SimpleQueue()
        with self._lock:
            number = next(self._numbers)
            self._waiting[number] = events
        asked = request.model_copy(update={"id": number, "seconds": seconds})
        settled = False
        try:
            if why := self._send(asked):
                settled = True
                return _failed(asked, FailureKind.UNREACHABLE, why)
            deadline = time.monotonic() + seconds + GRACE + (START_SECONDS if self._fresh else 0)
            while True:
                try:
                    event = events.get(timeout=max(0.0, deadline - time.monotonic()))
                except queue.Empty:
                    name = asked.endpoint.name if asked.endpoint else ""
                    return _failed(asked, FailureKind.TIMED_OUT, TIMED_OUT.format(name=name, seconds=seconds))
                self._fresh = False
                if event is None:
                    settled = True
                    return _failed(asked, FailureKind.UNREACHABLE, GONE)
                if event.say is None:
                    settled = True
                    return event
                say(event.say)
        finally:
            with self._lock:
                self._waiting.pop(number, None)
            if not settled:
                # Out of time, or Ctrl-C: nothing goes on that nobody waits for.
                self._send(wire.Request(id=number, want="cancel"))

    def close(self) -> None:
        """Let the broker end, and see that one of our own has."""
        with self._lock:
            self._gone = True
            connection, self._socket = self._socket, None
            process, self._process = self._process, None
            handle, self._access = self._access.handle, Access()
        if connection is not None:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        elif handle is not None:
            os.close(handle)
        if process is not None:
            try:
                process.wait(GRACE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _send(self, request: wire.Request) -> str:
        """Send a request; why it cannot be sent, or nothing."""
        data = wire.line(request)
        with self._lock:
            if self._gone:
                return GONE
            if self._socket is None:
                try:
                    self._socket = self._opened()
                except OSError as error:
                    return NOT_STARTED.format(why=error.strerror or error)
                threading.Thread(target=self._listen, args=(self._socket,), daemon=True).start()
            try:
                self._socket.sendall(data)
            except OSError:
                # Half a line may be on its way: nothing that follows it would be understood.
                self._gone = True
                return GONE
        return ""

    def _opened(self) -> socket.socket:
        if self._access.handle is not None:
            return _bounded(self._access.handle)
        started = start_broker(self._environment)
        self._process = started.process
        return _bounded(started.handle)

    def _listen(self, connection: socket.socket) -> None:
        for text in wire.lines(connection):
            event = wire.event(text)
            if event is None:
                break
            with self._lock:
                events = self._waiting.get(event.id)
            if events is not None:
                events.put(event)
        with self._lock:
            self._gone = True
            waiting = tuple(self._waiting.values())
        for events in waiting:
            events.put(None)
        connection.close()


class Brokered:
    """A `Provider` at an endpoint, through the broker."""

    def __init__(self, endpoint: Endpoint, connection: Connection) -> None:
        self._endpoint = endpoint
        self._connection = connection

    @property
    def name(self) -> str:
        """The endpoint's."""
        return self._endpoint.name

    def complete(self, call: Call, seconds: float, say: Say) -> Reply | Failure:
        """See `Provider`."""
        asked = wire.Request(id=0, want="reply", endpoint=self._endpoint, call=sendable(call))
        event = self._connection.ask(asked, seconds, say)
        return event.reply or event.failure or _nothing(self.name)

    def models(self, seconds: float) -> tuple[str, ...] | Failure:
        """What the server lists."""
        asked = wire.Request(id=0, want="models", endpoint=self._endpoint)
        event = self._connection.ask(asked, seconds, lambda _: None)
        return event.failure or event.models or ()


def _bounded(handle: int) -> socket.socket:
    """The socket; a broker that no longer reads does not hold up who writes to it."""
    opened = socket.socket(fileno=handle)
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", SEND_SECONDS, 0))
    return opened


def _failed(request: wire.Request, kind: FailureKind, message: str) -> wire.Event:
    name = request.endpoint.name if request.endpoint else ""
    return wire.Event(id=request.id, failure=Failure(kind=kind, provider=name, message=message))


def _nothing(name: str) -> Failure:
    return Failure(kind=FailureKind.MALFORMED, provider=name, message=GONE)
