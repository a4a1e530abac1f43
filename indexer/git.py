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

_MAX_SAID = 2_000

_SAFE = {
    "advice.graftFileDeprecated": "false",
    "core.alternateRefsCommand": "true",
    "core.askPass": "true",
    "core.editor": "false",
    "core.gitProxy": "none",
    "core.hooksPath": os.devnull,
    "core.fsmonitor": "false",
    "core.untrackedCache": "false",
    "core.quotePath": "false",
    "core.attributesFile": os.devnull,
    "core.excludesFile": os.devnull,
    "core.pager": "cat",
    "core.sshCommand": "false",
    "color.ui": "false",
    "commit.gpgSign": "false",
    "credential.helper": "",
    "diff.external": "",
    "diff.ignoreSubmodules": "all",
    "fetch.recurseSubmodules": "false",
    "gc.auto": "0",
    "gpg.program": "false",
    "gpg.ssh.program": "false",
    "gpg.x509.program": "false",
    "log.showSignature": "false",
    "maintenance.auto": "false",
    "protocol.allow": "never",
    "protocol.ext.allow": "never",
    "submodule.recurse": "false",
    "safe.directory": "*",
}


class GitError(Exception):
    """A git command failed: `status` is null where it could not be started or took too long."""

    def __init__(self, status: int | None, said: str) -> None:
        super().__init__(said)
        self.status = status


def settings(more: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment that keeps git from obeying anybody: no configuration but the repository's own, and of that
    nothing that starts a program. `more` are further keys of the configuration.
    """
    configured = {**_SAFE, **(more or {})}
    found = {
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_SYSTEM": os.devnull,
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_ASKPASS": "true",
        "SSH_ASKPASS": "true",
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


def environment(more: Mapping[str, str] | None = None, variables: Mapping[str, str] | None = None) -> dict[str, str]:
    """All that git gets to see: `settings`, no fetches, no replaced objects, and nothing of our own environment.

    What a user or a hook has set for git (`GIT_DIR`, `GIT_INDEX_FILE`, …) would point it at another repository.
    `more` are further keys of the configuration, `variables` further variables.
    """
    return {
        **settings(more),
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": os.devnull,
        "GIT_ALLOW_PROTOCOL": "none",
        "GIT_GRAFT_FILE": os.devnull,
        "GIT_NO_REPLACE_OBJECTS": "1",
        **(variables or {}),
    }


def call(
    root: Path, *arguments: str, data: bytes = b"", seconds: float = SECONDS, env: Mapping[str, str] | None = None
) -> bytes:
    """What a git command prints, given `data` on its input; `env` in place of `environment()`.

    Raises:
        GitError: it fails, is not there or takes too long; its text is what git said.
    """
    try:
        finished = subprocess.run(
            ["git", "-C", str(root), *arguments],
            capture_output=True, timeout=seconds, env=environment() if env is None else env, input=data,
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise GitError(None, f"git {arguments[0]} took longer than {seconds:.0f} s") from error
    except (OSError, ValueError) as error:
        raise GitError(None, f"git cannot be started: {error}") from error
    if finished.returncode:
        raise GitError(finished.returncode, finished.stderr.decode("utf-8", "replace").strip()[:_MAX_SAID])
    return finished.stdout


def run(root: Path, *arguments: str, seconds: float = SECONDS) -> bytes | None:
    """What a git command prints; null when it fails, is not there or takes too long."""
    try:
        return call(root, *arguments, seconds=seconds)
    except GitError:
        return None


def toplevel(path: Path) -> Path | None:
    """The root of the working tree a folder lies in; null without one.

    Null too where the repository's configuration (`core.worktree`) claims a folder that is none of its own:
    the files of a stranger's choice would be taken for the checkout.
    """
    named = text(path, "rev-parse", "--show-toplevel")
    if not named:
        return None
    root = Path(named).resolve()
    return root if path.resolve().is_relative_to(root) and os.path.lexists(root / ".git") else None


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
