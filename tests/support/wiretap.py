"""A proxy before the emulator: it writes down every request, holds it against GitHub's own description of its API,
answers what the emulator lacks, and mends where the emulator answers otherwise than GitHub does."""

from __future__ import annotations

import hashlib
import http.client
import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import description

_PASSED_ON = ("content-type", "accept", "authorization", "user-agent", "host")
_NOT_BACK = frozenset({"connection", "keep-alive", "transfer-encoding", "content-length", "date", "server"})


@dataclass(frozen=True)
class Recorded:
    """A request and the status of its answer."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str] = field(repr=False)
    body: Any
    raw: bytes | None = field(default=None, repr=False)
    raw_query: str = field(default="", repr=False)
    status: int = 0

    @property
    def token(self) -> str:
        """Whose it was."""
        return self.headers.get("authorization", "").removeprefix("Bearer ")


@dataclass(frozen=True)
class Given:
    """An answer: JSON, or bytes; `headers` as well."""

    body: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


Answering = Callable[[Recorded, "re.Match[str]"], Given | None]
"""An answer, or nothing: then the next one, and in the end the emulator, is asked."""


class Wiretap:
    """What was said, and what is said. `answers` are asked from the newest to the oldest."""

    def __init__(self) -> None:
        self.url = ""
        self.behind = ""
        self.requests: list[Recorded] = []
        self.violations: list[str] = []
        self.delivered: list[tuple[str, dict[str, Any]]] = []
        """Webhooks the emulator sent: event and payload."""
        self._answers: list[tuple[str, re.Pattern[str], Answering]] = []
        self._lock = threading.Lock()

    def answer(self, method: str, pattern: str, answering: Answering) -> None:
        """Let a function answer requests of a method (`*`: any) whose path matches."""
        self._answers.insert(0, (method, re.compile(pattern), answering))

    def give(self, method: str, path: str, response: Any, *, status: int = 200, times: int | None = None) -> None:
        """Answer requests of a path with this, so many times, or from now on. A `Given` may have headers and bytes."""
        left = [times]
        given = response if isinstance(response, Given) else Given(response, status)

        def answering(request: Recorded, match: re.Match[str]) -> Given | None:
            if left[0] is not None:
                if not left[0]:
                    return None
                left[0] -= 1
            return given

        self.answer(method, re.escape(path), answering)

    def handle(self, request: Recorded) -> Given:
        """The answer to a request, which is written down."""
        if request.path == "/_hook":
            self.delivered.append((request.headers.get("x-github-event", ""), request.body))
            return Given(status=204)
        with self._lock:
            given = _news(request, self._given(request) or self.passed(request))
            self.requests.append(replace(request, status=given.status))
            for wrong in description.violations(
                request.method, request.path, request.raw_query, request.headers, request.body
            ):
                self.violations.append(f"{request.method} {request.path}: {wrong}")
        return given

    def passed(self, request: Recorded) -> Given:
        """What the emulator answers to a request."""
        return self.asked(request.method, request.path, request.raw_query, request.raw, request.headers)

    def asked(self, method: str, path: str, query: str, raw: bytes | None, headers: dict[str, str]) -> Given:
        """What the emulator answers."""
        parts = urlsplit(self.behind)
        connection = http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=60)
        try:
            passed = {name: headers[name] for name in _PASSED_ON if name in headers}
            connection.request(method, f"{path}?{query}" if query else path, body=raw, headers=passed)
            answer = connection.getresponse()
            back = {name.lower(): value for name, value in answer.getheaders() if name.lower() not in _NOT_BACK}
            return Given(answer.read(), answer.status, back)
        finally:
            connection.close()

    def _given(self, request: Recorded) -> Given | None:
        for method, pattern, answering in self._answers:
            match = pattern.fullmatch(request.path) if method in ("*", request.method) else None
            given = answering(request, match) if match else None
            if given is not None:
                return given
        return None


def _news(request: Recorded, given: Given) -> Given:
    """An answer with its tag, or that it is the one known already."""
    if request.method != "GET" or given.status != 200:
        return given
    body = given.body if isinstance(given.body, bytes) else json.dumps(given.body).encode()
    tag = f'W/"{hashlib.sha256(body).hexdigest()}"'
    headers = {**given.headers, "etag": tag}
    if request.headers.get("if-none-match") == tag:
        return Given(b"", 304, headers)
    return Given(body, 200, headers)


@contextmanager
def listening() -> Iterator[Wiretap]:
    """Listen; `behind`, where the emulator is, is set by whoever starts it."""
    tap = Wiretap()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_any(self) -> None:
            parts = urlsplit(self.path)
            size = int(self.headers.get("content-length") or 0)
            raw = self.rfile.read(size) if size else None
            headers = {name.lower(): value for name, value in self.headers.items()}
            query = dict(parse_qsl(parts.query, keep_blank_values=True))
            body = json.loads(raw) if raw else None
            request = Recorded(self.command, parts.path, query, headers, body, raw, parts.query)
            given = tap.handle(request)
            content = given.body if isinstance(given.body, bytes) else json.dumps(given.body).encode()
            self.send_response(given.status)
            for name, value in ({"content-type": "application/json"} | given.headers).items():
                self.send_header(name, value)
            if given.status not in (204, 304):
                self.send_header("content-length", str(len(content)))
            self.end_headers()
            if given.status not in (204, 304):
                self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:
            pass

    for method in ("GET", "POST", "PATCH", "PUT", "DELETE"):
        setattr(Handler, f"do_{method}", Handler.do_any)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    tap.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield tap
    finally:
        server.shutdown()
        server.server_close()
