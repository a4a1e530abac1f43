"""A small, real embeddings endpoint on loopback, in the shape of OpenAI's."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

DIMENSIONS = 24


@dataclass
class Answer:
    """What the endpoint says next instead of vectors; None for the body: the connection is cut."""

    status: int
    body: bytes | None = b""
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Endpoint:
    """`answers` are given first, one a request; `requests` and `headers` is what came in."""

    url: str
    answers: list[Answer] = field(default_factory=list)
    requests: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)


def vector(text: str) -> list[float]:
    """The same text, the same numbers; not of length 1."""
    digest = hashlib.sha256(text.encode()).digest()
    return [(byte - 127.5) / 16 for byte in digest[:DIMENSIONS]]


def shaped(texts: list[str]) -> bytes:
    """OpenAI's shape, in no particular order."""
    data = [{"object": "embedding", "index": index, "embedding": vector(text)} for index, text in enumerate(texts)]
    return json.dumps({"object": "list", "data": data[::-1], "usage": {"total_tokens": 1}}).encode()


@contextmanager
def serving() -> Iterator[Endpoint]:
    """Start it, and stop it at the end."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            endpoint.requests.append(body)
            endpoint.headers.append({name.lower(): value for name, value in self.headers.items()})
            endpoint.paths.append(self.path)
            answer = endpoint.answers.pop(0) if endpoint.answers else Answer(200, shaped(body["input"]))
            if answer.body is None:
                self.close_connection = True
                return
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    endpoint = Endpoint(f"http://127.0.0.1:{server.server_port}/v1")
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield endpoint
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
