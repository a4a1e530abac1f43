"""Reading a repository's history without a work tree: commits, trees, blobs, changed lines.

Nothing the repository configures is run: no hooks, filters, drivers or lazy fetching.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from indexer.errors import MissingError, UsageError

MAX_COMMITS = 50_000
MAX_BLOB = 4 * 1024**2
_SECONDS = 120
_SAFE = (
    "-c",
    "core.fsmonitor=false",
    "-c",
    "core.hooksPath=/dev/null",
    "-c",
    "diff.external=",
    "-c",
    "log.showSignature=false",
)
_HUNK = re.compile(rb"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")
_ID = re.compile(r"[0-9a-f]{40,64}")


@dataclass(frozen=True)
class Commit:
    """A commit with one parent."""

    id: str
    parent: str
    message: str


@dataclass(frozen=True)
class Change:
    """A file that a commit changed: `status` is git's letter (A, D, M, R, T), paths and blobs of both sides."""

    status: str
    old_path: str
    new_path: str
    old_blob: str
    new_blob: str


@dataclass(frozen=True)
class Hunk:
    """Lines `start` to `start + len(old) - 1` of the old file became others; with no old lines, the new
    ones were put behind line `start`."""

    start: int
    old: tuple[str, ...]
    new: tuple[str, ...]


class History:
    """A repository's objects; close it, or use it as a context."""

    def __init__(self, root: Path) -> None:
        """`root` is a checkout or a git directory.

        Raises:
            UsageError: it is neither.
            MissingError: git is not installed.
        """
        self.root = root
        self._process: subprocess.Popen[bytes] | None = None
        if not root.is_dir():
            raise UsageError(f"{root} is no folder.", "Name a git repository.")
        if not self.run("rev-parse", "--git-dir", check=False).strip():
            raise UsageError(f"{root} is no git repository.", "Name a repository with commits in it.")

    def __enter__(self) -> History:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the process that reads objects."""
        if self._process is not None:
            with suppress(OSError):
                cast(IO[bytes], self._process.stdin).close()
            cast(IO[bytes], self._process.stdout).close()
            self._process.wait(timeout=10)
            self._process = None

    def resolve(self, revision: str = "HEAD") -> str:
        """The commit a revision names.

        Raises:
            UsageError: there is none.
        """
        found = self.run("rev-parse", "--verify", "--quiet", "--end-of-options", revision + "^{commit}", check=False)
        if not _ID.fullmatch(name := found.decode("ascii", "replace").strip()):
            raise UsageError(
                f"{self.root} has no commit {revision!r}.", "Make a first commit, or name another revision."
            )
        return name

    def commits(self, head: str) -> Iterator[Commit]:
        """The commits with exactly one parent that lead to `head`, newest first, at most MAX_COMMITS."""
        layout = "--format=%H%x1f%P%x1f%B"
        raw = self.run("log", "--no-merges", "-z", f"--max-count={MAX_COMMITS}", layout, head, "--")
        for row in raw.split(b"\0"):
            fields = row.split(b"\x1f", 2)
            if len(fields) == 3 and len(parents := fields[1].split()) == 1:
                message = fields[2][:20_000].decode("utf-8", "replace")
                yield Commit(fields[0].decode().strip(), parents[0].decode(), message)

    def tree(self, commit: str) -> dict[str, str]:
        """The blob of every file of a commit; links and submodules are left out."""
        files = {}
        for row in self.run("ls-tree", "-r", "-z", "--full-tree", commit).split(b"\0"):
            head, _, path = row.partition(b"\t")
            mode, _, rest = head.partition(b" ")
            if mode.startswith(b"100"):
                files[path.decode("utf-8", "surrogateescape")] = rest.split(b" ")[1].decode()
        return files

    def changes(self, commit: Commit) -> list[Change]:
        """The files a commit changed against its parent, renames found."""
        arguments = ("diff-tree", "-r", "-z", "-M", "--raw", "--no-commit-id", "--full-index", commit.parent, commit.id)
        fields = iter(self.run(*arguments).split(b"\0"))
        found = []
        for head in fields:
            if not head.startswith(b":"):
                continue
            old_mode, new_mode, old_blob, new_blob, status = head[1:].split(b" ")
            old = new = next(fields).decode("utf-8", "surrogateescape")
            if status[:1] in b"RC":
                new = next(fields).decode("utf-8", "surrogateescape")
            if old_mode.startswith(b"100") or new_mode.startswith(b"100"):
                found.append(Change(status[:1].decode(), old, new, old_blob.decode(), new_blob.decode()))
        return found

    def hunks(self, change: Change) -> list[Hunk]:
        """Which lines of a file became which, white space aside."""
        quiet = ("--no-ext-diff", "--no-textconv", "--no-color", "-U0", "-w", "--ignore-blank-lines")
        raw = self.run("diff", *quiet, change.old_blob, change.new_blob)
        starts: list[int] = []
        sides: list[tuple[list[str], list[str]]] = []
        for line in raw.split(b"\n"):
            if match := _HUNK.match(line):
                starts.append(int(match[1]))
                sides.append(([], []))
            elif sides and line[:1] in {b"-", b"+"}:
                sides[-1][line[:1] == b"+"].append(line[1:].decode("utf-8", "replace"))
        return [Hunk(start, tuple(old), tuple(new)) for start, (old, new) in zip(starts, sides, strict=True)]

    def read(self, blob: str) -> bytes:
        """A blob's bytes; empty for one that is not there, or is larger than MAX_BLOB."""
        if not _ID.fullmatch(blob):
            return b""
        if self._process is None:
            self._process = subprocess.Popen(
                self._command("cat-file", "--batch"), stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=_environment()
            )
        out, into = cast(IO[bytes], self._process.stdout), cast(IO[bytes], self._process.stdin)
        into.write(blob.encode() + b"\n")
        into.flush()
        head = out.readline().split()
        if len(head) != 3:
            return b""
        data = out.read(int(head[2]))
        out.read(1)
        return data if len(data) <= MAX_BLOB else b""

    def run(self, *arguments: str, check: bool = True) -> bytes:
        """What a git command prints.

        Raises:
            UsageError: it fails, unless `check` is off.
            MissingError: git is not installed.
        """
        try:
            done = subprocess.run(self._command(*arguments), capture_output=True, timeout=_SECONDS, env=_environment())
        except FileNotFoundError as error:
            raise MissingError("git is not installed.", "Install git and try again.") from error
        except subprocess.TimeoutExpired as error:
            raise UsageError(f"git took more than {_SECONDS} s on {self.root}.", "Try a smaller repository.") from error
        if done.returncode and check:
            told = done.stderr.decode("utf-8", "replace").strip().splitlines()
            raise UsageError(
                f"git cannot read {self.root}: {told[-1] if told else 'no reason given'}", "Try `git fsck`."
            )
        return done.stdout if not done.returncode else b""

    def _command(self, *arguments: str) -> list[str]:
        return ["git", *_SAFE, "-C", str(self.root), *arguments]


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return kept | {"GIT_NO_LAZY_FETCH": "1", "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
