"""GitHub's own description of its API, and payloads it sends, as `@octokit` publishes them; installed on first use.

They are looked for in BCRAG_TEST_OCTOKIT (a `node_modules` that has both), else in the cache.
"""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Any

import npm

VARIABLE = "BCRAG_TEST_OCTOKIT"
OPENAPI = ("@octokit/openapi", "23.0.2")
WEBHOOKS = ("@octokit/webhooks-examples", "7.6.1")
_API = "api.github.com.json"


@functools.cache
def description() -> dict[str, Any]:
    """The description of api.github.com: a sixth of a second to read, and nothing smaller has all of it."""
    folder = npm.package(*OPENAPI, VARIABLE, tidy=_smaller) / "generated"
    found: dict[str, Any] = json.loads((folder / _API).read_bytes())
    return found


@functools.cache
def payloads() -> dict[str, tuple[dict[str, Any], ...]]:
    """What GitHub sent, by the event's name."""
    file = npm.package(*WEBHOOKS, VARIABLE) / "api.github.com" / "index.json"
    return {each["name"]: tuple(each["examples"]) for each in json.loads(file.read_bytes())}


def payload(event: str, action: str | None = None) -> dict[str, Any]:
    """One of them, a copy."""
    found = next(each for each in payloads()[event] if action is None or each.get("action") == action)
    copy: dict[str, Any] = json.loads(json.dumps(found))
    return copy


def example(name: str) -> Any:
    """An answer as the description shows it, a copy."""
    return json.loads(json.dumps(description()["components"]["examples"][name]["value"]))


def _smaller(folder: Path) -> None:
    """The package has four hundred megabytes, thirteen of which are used."""
    for file in (folder / "generated").glob("*.json"):
        if file.name != _API:
            file.unlink()
