"""A local git repository brought to the emulator through its API: commit by commit, with the ids git gave them."""

from __future__ import annotations

import base64
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

Ask = Callable[[str, str, Any], Any]
"""Method, path below the repository, body: the answer."""

_TYPES = {"160000": "commit", "040000": "tree"}
_PERSON = re.compile(r"(.*) <(.*)> (\d+) ([+-]\d{4})")


def push(folder: Path, revision: str, ask: Ask) -> str:
    """Bring everything that a revision needs; its commit."""
    blobs: set[str] = set()
    commits = _git(folder, "rev-list", "--reverse", "--topo-order", revision).split()
    for commit in commits:
        entries = []
        for line in filter(None, _git(folder, "ls-tree", "-rz", "--full-tree", commit).split("\0")):
            facts, _, path = line.partition("\t")
            mode, kind, sha = facts.split()
            if kind == "blob" and sha not in blobs:
                content = base64.b64encode(_bytes(folder, "cat-file", "blob", sha)).decode()
                assert ask("POST", "git/blobs", {"content": content, "encoding": "base64"})["sha"] == sha
                blobs.add(sha)
            entries.append({"path": path, "mode": mode, "type": _TYPES.get(mode, "blob"), "sha": sha})
        tree = ask("POST", "git/trees", {"tree": entries})["sha"]
        made = ask("POST", "git/commits", {**_commit(folder, commit), "tree": tree})["sha"]
        assert made == commit, f"{commit} is signed, or has something else in it that the emulator does not know"
    return commits[-1]


def _commit(folder: Path, commit: str) -> dict[str, Any]:
    head, _, message = _git(folder, "cat-file", "commit", commit).partition("\n\n")
    facts = [line.partition(" ")[::2] for line in head.splitlines()]
    parents = [value for name, value in facts if name == "parent"]
    made: dict[str, Any] = {"message": message.removesuffix("\n"), "parents": parents}
    for name, value in facts:
        if name in ("author", "committer") and (found := _PERSON.fullmatch(value)):
            made[name] = {"name": found[1], "email": found[2], "date": _moment(int(found[3]), found[4])}
    return made


def _moment(seconds: int, offset: str) -> str:
    from datetime import UTC, datetime, timedelta, timezone

    minutes = int(offset[1:3]) * 60 + int(offset[3:])
    zone = timezone(timedelta(minutes=minutes if offset[0] == "+" else -minutes))
    return datetime.fromtimestamp(seconds, UTC).astimezone(zone).isoformat()


def _git(folder: Path, *arguments: str) -> str:
    return _bytes(folder, *arguments).decode()


def _bytes(folder: Path, *arguments: str) -> bytes:
    return subprocess.run(["git", "-C", folder, *arguments], check=True, capture_output=True, timeout=60).stdout
