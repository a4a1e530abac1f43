"""Git, asked and never obeyed: a repository's configuration is a stranger's, and starts nothing here."""

from __future__ import annotations

import contextlib
import os
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO

SECONDS = 60
"""Listing a tree of 100,000 files takes one or two."""

_SAFE = {
    "core.hooksPath": os.devnull,
    "core.fsmonitor": "false",
    "core.untrackedCache": "false",
    "core.quotePath": "false",
    "core.attributesFile": os.devnull,
    "core.excludesFile": os.devnull,
    "core.pager": "cat",
    "diff.external": "",
    "gc.auto": "0",
    "maintenance.auto": "false",
    "protocol.ext.allow": "never",
    "submodule.recurse": "false",
    "log.showSignature": "false",
    "safe.directory": "*",
}


def settings(more: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment that keeps git from obeying anybody: no configuration but the repository's own, and of that
    nothing that starts a program. `more` are further keys of the configuration.
    """
    configured = {**_SAFE, **(more or {})}
    found = {
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_ATTR_NOSYSTEM": "1",
        "LC_ALL": "C.UTF-8",
        "GIT_CONFIG_COUNT": str(len(configured)),
    }
    for number, (key, value) in enumerate(configured.items()):
        found[f"GIT_CONFIG_KEY_{number}"] = key
        found[f"GIT_CONFIG_VALUE_{number}"] = value
    return found


def environment() -> dict[str, str]:
    """All that git gets to see when it only reads: `settings`, no fetches, and nothing else of ours."""
    return {
        **settings(),
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": os.devnull,
        "GIT_ALLOW_PROTOCOL": "none",
        "GIT_NO_REPLACE_OBJECTS": "1",
    }


def run(root: Path, *arguments: str, seconds: float = SECONDS) -> bytes | None:
    """What a git command prints; null when it fails, is not there or takes too long."""
    try:
        finished = subprocess.run(
            ["git", "-C", str(root), *arguments],
            capture_output=True, timeout=seconds, env=environment(), stdin=subprocess.DEVNULL,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        return None
    return finished.stdout if finished.returncode == 0 else None


def text(root: Path, *arguments: str) -> str:
    """The one line a git command prints; empty when it fails."""
    return (run(root, *arguments) or b"").decode("utf-8", "surrogateescape").rstrip("\n")


def blobs(root: Path, ids: Iterable[str]) -> Iterator[bytes | None]:
    """The contents of blobs, in the order asked for; null for those that are not there.

    One process serves them all.
    """
    with subprocess.Popen(
        ["git", "-C", str(root), "cat-file", "--batch"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment(),
    ) as process:  # fmt: skip
        asked, answered = process.stdin, process.stdout
        if asked is None or answered is None:  # both are pipes, as asked for above
            return
        try:
            for name in ids:
                # Asked one by one: a pipe filled at both ends would wait for ever.
                asked.write(name.encode() + b"\n")
                asked.flush()
                yield _answer(answered)
        finally:
            with contextlib.suppress(OSError):
                asked.close()
            process.kill()


def _answer(answered: IO[bytes]) -> bytes | None:
    head = answered.readline().split()
    if len(head) != 3:
        return None
    data = answered.read(int(head[2]))
    answered.read(1)  # the line's end behind it
    return data
