"""A repository's history, read for evaluation: commits, trees, changed lines. No work tree is needed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from indexer import git
from indexer.errors import UsageError
from indexer.repository import committed

NO_REPOSITORY = "{path} is no git repository."
NO_REPOSITORY_CURE = "Name a folder with a git repository: indexer eval FOLDER"
NO_COMMIT = "{path} has no commit {name!r}."
NO_COMMIT_CURE = "Make a first commit, or name one that `git log` shows."

MAX_COMMITS = 50_000
MAX_MESSAGE = 20_000

_HUNK = re.compile(rb"@@ -(\d+)(?:,\d+)? \+\d+(?:,\d+)? @@")
_QUIET = ("--no-ext-diff", "--no-textconv", "--no-color", "-U0", "-w", "--ignore-blank-lines")


@dataclass(frozen=True)
class Commit:
    """A commit with exactly one parent."""

    id: str
    parent: str
    message: str


@dataclass(frozen=True)
class Change:
    """A file that a commit changed: `status` is git's letter (A, D, M, R, T); paths and blobs of both sides."""

    status: str
    old_path: str
    new_path: str
    old_blob: str
    new_blob: str


@dataclass(frozen=True)
class Hunk:
    """Lines `start` to `start + len(old) - 1` of the old file became others.

    Where there are no old lines, the new ones were put behind line `start`.
    """

    start: int
    old: tuple[str, ...]
    new: tuple[str, ...]


@dataclass(frozen=True)
class History:
    """The commits of a checkout or of a git directory."""

    root: Path

    @classmethod
    def open(cls, path: Path) -> History:
        """The history of the repository at `path`.

        Raises:
            UsageError: there is none.
        """
        if not path.is_dir() or not git.text(path, "rev-parse", "--git-dir"):
            raise UsageError(NO_REPOSITORY.format(path=path), NO_REPOSITORY_CURE)
        return cls(path)

    def resolve(self, name: str = "HEAD") -> str:
        """The full id of a commit.

        Raises:
            UsageError: there is none of that name.
        """
        found = git.text(self.root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
        if not found:
            raise UsageError(NO_COMMIT.format(path=self.root, name=name), NO_COMMIT_CURE)
        return found

    def commits(self, head: str) -> Iterator[Commit]:
        """The commits with one parent that lead to `head`, newest first, at most MAX_COMMITS."""
        layout = "--format=%H%x1f%P%x1f%B"
        raw = git.run(self.root, "log", "--no-merges", "-z", f"--max-count={MAX_COMMITS}", layout, head, "--") or b""
        for row in raw.split(b"\0"):
            fields = row.split(b"\x1f", 2)
            if len(fields) == 3 and len(parents := fields[1].split()) == 1:
                message = fields[2][:MAX_MESSAGE].decode("utf-8", "replace")
                yield Commit(fields[0].decode("ascii").strip(), parents[0].decode("ascii"), message)

    def oldest_first(self, commits: Iterable[str]) -> list[str]:
        """The same commits, parents before their children."""
        wanted = dict.fromkeys(commits)
        listing = git.run(self.root, "rev-list", "--topo-order", "--reverse", *wanted, "--") or b""
        ordered = [line for line in listing.decode("ascii").split() if line in wanted]
        return [*ordered, *(commit for commit in wanted if commit not in set(ordered))]

    def tree(self, commit: str) -> dict[str, str]:
        """The blob of every file of a commit, by path."""
        return committed(self.root, commit)

    def read(self, blobs: Iterable[str]) -> Iterator[bytes]:
        """The bytes of blobs, in the order asked for; empty for what is not there."""
        for data in git.blobs(self.root, blobs):
            yield data or b""

    def changes(self, commit: Commit) -> list[Change]:
        """The files a commit changed against its parent, renames found; links and submodules are left out."""
        command = ("diff-tree", "-r", "-z", "-M", "--raw", "--no-commit-id", "--full-index", commit.parent, commit.id)
        fields = iter((git.run(self.root, *command) or b"").split(b"\0"))
        found = []
        for head in fields:
            if not head.startswith(b":"):
                continue
            old_mode, new_mode, old_blob, new_blob, status = head[1:].split(b" ")
            old = new = next(fields).decode("utf-8", "surrogateescape")
            if status[:1] in {b"R", b"C"}:
                new = next(fields).decode("utf-8", "surrogateescape")
            if old_mode.startswith(b"100") or new_mode.startswith(b"100"):
                found.append(Change(status[:1].decode(), old, new, old_blob.decode(), new_blob.decode()))
        return found

    def hunks(self, change: Change) -> list[Hunk]:
        """Which lines of a file became which, white space aside."""
        raw = git.run(self.root, "diff", *_QUIET, change.old_blob, change.new_blob) or b""
        starts: list[int] = []
        sides: list[tuple[list[str], list[str]]] = []
        for line in raw.split(b"\n"):
            if match := _HUNK.match(line):
                starts.append(int(match[1]))
                sides.append(([], []))
            elif sides and line[:1] in {b"-", b"+"}:
                sides[-1][line[:1] == b"+"].append(line[1:].decode("utf-8", "replace"))
        return [Hunk(start, tuple(old), tuple(new)) for start, (old, new) in zip(starts, sides, strict=True)]
