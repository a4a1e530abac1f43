"""The broker: the one process that holds the key, and makes model calls and nothing else.

`python -I -m bot.llm.broker FD` speaks lines of JSON (`bot.llm.wire`) on a socket it inherited. A key it reads from its
own environment alone, and sends to the first server it was asked to reach with it, never to another. Other programs of
the same user cannot look into it; it cannot write a file, and ends when the other side is gone.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import socket
import sys
import threading
from collections.abc import Mapping
from urllib.parse import urlsplit

from bot.llm import wire
from bot.llm.endpoint import Endpoint
from bot.llm.line import Line
from bot.llm.openai_compatible import OpenAICompatible
from bot.llm.presets import KEY_VARIABLES
from bot.models.exchange import Failure, FailureKind, Reply

AT_ONCE = 16
"""Calls at a time."""

BUSY = "Too many calls at once."
ELSEWHERE = "The key in {key} was used for {first}, and is sent to no other server: {host}."

_MEMORY = 4 << 30
_FILES = 256
_SET_DUMPABLE = 4
_SET_NO_NEW_PRIVILEGES = 38


class Broker:
    """Answers what comes in on a socket, each call in a thread of its own."""

    def __init__(self, connection: socket.socket, environment: Mapping[str, str]) -> None:
        self._connection = connection
        self._keys = {name: environment[name] for name in KEY_VARIABLES if environment.get(name)}
        self._places: dict[str, str] = {}
        self._lines: dict[int, Line] = {}
        self._sending = threading.Lock()

    def serve(self) -> None:
        """Until the other side is gone."""
        for text in wire.lines(self._connection):
            asked = wire.request(text)
            if asked is None:
                return
            if asked.want == "cancel":
                if line := self._lines.get(asked.id):
                    line.cut()
            elif len(self._lines) >= AT_ONCE:
                self._fail(asked, FailureKind.OVERLOADED, BUSY)
            else:
                self._lines[asked.id] = line = Line()
                threading.Thread(target=self._answer, args=(asked, line), daemon=True).start()

    def _answer(self, asked: wire.Request, line: Line) -> None:
        try:
            if asked.endpoint is None:
                return
            key = self._key(asked.endpoint)
            if key is None:
                sentence = ELSEWHERE.format(
                    key=asked.endpoint.key, first=self._places[asked.endpoint.key or ""], host=asked.endpoint.host
                )
                self._fail(asked, FailureKind.REFUSED, sentence)
                return
            provider = OpenAICompatible(asked.endpoint, key)
            result: Reply | tuple[str, ...] | Failure
            if asked.call is not None:
                result = provider.talk(asked.call, asked.seconds, lambda text: self._say(asked.id, text), line)
            else:
                result = provider.models(asked.seconds, line)
            self._send(_settled(asked.id, result))
        finally:
            self._lines.pop(asked.id, None)

    def _key(self, endpoint: Endpoint) -> str | None:
        """The key for an endpoint, empty for none; null where it belongs to another place."""
        key = self._keys.get(endpoint.key or "", "")
        if not key or endpoint.key is None:
            return ""
        parts = urlsplit(endpoint.base_url)
        place = f"{parts.scheme}://{parts.netloc}"
        return key if self._places.setdefault(endpoint.key, place) == place else None

    def _say(self, number: int, text: str) -> None:
        self._send(wire.Event(id=number, say=text))

    def _fail(self, asked: wire.Request, kind: FailureKind, message: str) -> None:
        name = asked.endpoint.name if asked.endpoint else ""
        self._send(wire.Event(id=asked.id, failure=Failure(kind=kind, provider=name, message=message)))

    def _send(self, event: wire.Event) -> None:
        data = wire.line(event)
        with self._sending:
            try:
                self._connection.sendall(data)
            except OSError:
                os._exit(0)  # nobody listens any more: a call that goes on would be paid for in vain


def _settled(number: int, result: Reply | tuple[str, ...] | Failure) -> wire.Event:
    if isinstance(result, Failure):
        return wire.Event(id=number, failure=result)
    if isinstance(result, Reply):
        return wire.Event(id=number, reply=result)
    return wire.Event(id=number, models=result)


def harden() -> None:
    """Shut this process off: from other programs' eyes, and from everything it does not need."""
    system = ctypes.CDLL(None, use_errno=True)
    system.prctl(_SET_DUMPABLE, 0, 0, 0, 0)
    system.prctl(_SET_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    # Ctrl-C reaches every process of a terminal; what becomes of a call is for whoever asked to say.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for what, limit in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, _FILES),
        (resource.RLIMIT_AS, _MEMORY),
    ):
        _, hard = resource.getrlimit(what)
        lowered = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
        resource.setrlimit(what, (lowered, lowered))


def main() -> None:
    """Serve the socket whose number is the one argument."""
    sys.dont_write_bytecode = True
    harden()
    connection = socket.socket(fileno=int(sys.argv[1]))
    connection.set_inheritable(False)
    Broker(connection, os.environ).serve()
    os._exit(0)  # at once: threads may still be waiting for servers


if __name__ == "__main__":
    main()
