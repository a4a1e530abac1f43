"""`emulate`, a third party's GitHub, as tests start it: stateful, and its commits have the ids git gives them.

It is looked for in BCRAG_TEST_EMULATE (a `node_modules` that has it), else installed into the cache.
"""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import npm
from listening import said_until

PACKAGE = ("emulate", "0.12.2")
VARIABLE = "BCRAG_TEST_EMULATE"
_START_SECONDS = 60.0
_READY = re.compile(rb"Ready\.")
_TRIES = 3


@contextmanager
def running(folder: Path, seed: dict[str, Any], shown_as: str) -> Iterator[str]:
    """Start it with a seed, and stop it at the end: its address. `shown_as` is the one its answers hold."""
    file = folder / "emulate.json"
    file.write_text(json.dumps(seed), encoding="utf-8")
    server, url = _started(folder, file, shown_as)
    try:
        yield url
    finally:
        server.terminate()
        server.wait(10)
        assert server.stdout is not None
        server.stdout.close()


def _started(folder: Path, seed: Path, shown_as: str) -> tuple[subprocess.Popen[bytes], str]:
    program = npm.package(*PACKAGE, VARIABLE) / "dist" / "index.js"
    said = b""
    for _ in range(_TRIES):
        port = _free_port()
        options = ["-s", "github", "-p", str(port), "--seed", str(seed), "--base-url", shown_as]
        server = subprocess.Popen(
            [npm.node()[0], str(program), "start", *options],
            cwd=folder,
            env={"PATH": os.environ.get("PATH", ""), "HOME": str(folder)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        said = said_until(server, _READY, _START_SECONDS)
        if _READY.search(said):
            return server, f"http://127.0.0.1:{port}"
        server.kill()
        server.wait()
        if b"EADDRINUSE" not in said:
            break
    raise AssertionError(f"emulate did not start: {said.decode(errors='replace')}")


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
