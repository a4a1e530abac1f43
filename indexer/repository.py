"""The files of a checkout, or of one of its commits, by git's id of their contents; nothing in them is run.

Contents are what is compared. A file's times are only trusted, as git trusts them, to say that its
contents need not be read again.
"""

from __future__ import annotations

import hashlib
import os
import stat
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from indexer import git
from indexer.errors import UsageError
from indexer.stores.base import FileState

NO_FOLDER = "{path} is no folder."
NO_FOLDER_CURE = "Name the repository: indexer update FOLDER"
BARE = "{path} is a bare repository: it has no files to look at."
BARE_CURE = "Clone it first and name the clone."
NO_COMMIT = "{name!r} names no commit of {path}."
NO_COMMIT_CURE = "git log shows those there are."

UNSPELLABLE = "a name that is no UTF-8"

FRESH_NS = 2_000_000_000
"""A file changed within two seconds of being read may change again within the same tick of its clock."""

_FOLDERS_PASSED_OVER = frozenset({"node_modules", "site-packages", "__pycache__", "venv"})


@dataclass(frozen=True)
class TreeFile:
    """A file of a tree, not read yet.

    `blob` is empty where only reading tells; `stat` is what to keep, to be spared reading next time;
    `closed` says why it is never read: `a link`, `a submodule`.
    """

    path: str
    size: int
    blob: str = ""
    stat: str = ""
    closed: str = ""


class Tree(Protocol):
    """Files at one state: a working tree, or a commit."""

    @property
    def commit(self) -> str:
        """The commit it is, or that it stands on; empty without one."""
        ...

    def files(self, known: Mapping[str, FileState]) -> Iterator[TreeFile]:
        """Every file. `known` is what an index has: a file surely the same need not be read."""
        ...

    def read(self, files: Sequence[TreeFile]) -> Iterator[bytes | None]:
        """The bytes of files, in the order asked for; null for what is gone or may not be read."""
        ...


@dataclass(frozen=True)
class Checkout:
    """A folder of files, most often a git working tree.

    `commit` is the one checked out: empty without git or before the first commit.
    """

    root: Path
    commit: str
    git: bool
    shallow: bool = False

    @classmethod
    def open(cls, path: Path) -> Checkout:
        """The checkout `path` lies in; a folder outside git is one too.

        Raises:
            UsageError: there is no such folder, or it is a bare repository.
        """
        if not path.is_dir():
            raise UsageError(NO_FOLDER.format(path=path), NO_FOLDER_CURE)
        answers = git.text(path, "rev-parse", "--is-bare-repository", "--is-shallow-repository").split("\n")
        if answers[0] == "true":
            raise UsageError(BARE.format(path=path), BARE_CURE)
        top = git.toplevel(path)
        if top is None:
            return cls(path.resolve(), "", git=False)
        commit = git.text(path, "rev-parse", "--verify", "--quiet", "HEAD^{commit}")
        return cls(top, commit, git=True, shallow=answers[-1] == "true")

    def resolve(self, name: str) -> str:
        """The full id of a commit.

        Raises:
            UsageError: there is none of that name.
        """
        found = git.text(self.root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
        if not found:
            raise UsageError(NO_COMMIT.format(name=name, path=self.root), NO_COMMIT_CURE)
        return found


@dataclass(frozen=True)
class Worktree:
    """The files as they lie there now, uncommitted work included; what git ignores is left out."""

    checkout: Checkout

    @property
    def commit(self) -> str:
        """See `Tree.commit`."""
        return self.checkout.commit

    def files(self, known: Mapping[str, FileState]) -> Iterator[TreeFile]:
        """See `Tree.files`: a file whose size and times are those it had is taken for the same."""
        now = time.time_ns()
        for path in self._paths():
            if path != spelled(path):
                yield TreeFile(spelled(path), 0, closed=UNSPELLABLE)
                continue
            try:
                seen = _on_disk(self.checkout.root, path).lstat()
            except OSError:
                continue  # deleted, and git not told yet
            if not stat.S_ISREG(seen.st_mode):
                yield TreeFile(path, 0, closed=_kind(seen.st_mode))
                continue
            tag = f"{seen.st_size}:{seen.st_mtime_ns}:{seen.st_ctime_ns}:{seen.st_ino}"
            before = known.get(path)
            blob = before.blob if before is not None and before.stat == tag else ""
            fresh = now - max(seen.st_mtime_ns, seen.st_ctime_ns) < FRESH_NS
            yield TreeFile(path, seen.st_size, blob, "" if fresh else tag)

    def read(self, files: Sequence[TreeFile]) -> Iterator[bytes | None]:
        """See `Tree.read`."""
        for file in files:
            try:
                yield _on_disk(self.checkout.root, file.path).read_bytes()
            except OSError:
                yield None

    def _paths(self) -> Iterator[str]:
        if self.checkout.git:
            listing = git.run(
                self.checkout.root, "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate"
            )
            if listing is not None:
                for listed in filter(None, listing.split(b"\0")):
                    yield listed.decode("utf-8", "surrogateescape")
                return
        for folder, folders, names in os.walk(self.checkout.root):
            folders[:] = sorted(n for n in folders if not n.startswith(".") and n not in _FOLDERS_PASSED_OVER)
            for name in sorted(names):
                yield Path(folder, name).relative_to(self.checkout.root).as_posix()


@dataclass(frozen=True)
class CommitTree:
    """The files of a commit, as they were committed."""

    checkout: Checkout
    commit: str

    def files(self, known: Mapping[str, FileState]) -> Iterator[TreeFile]:
        """See `Tree.files`; nothing is read for it.

        Raises:
            UsageError: there is no such commit.
        """
        root = self.checkout.root
        listing = git.run(root, "ls-tree", "-r", "-l", "-z", "--full-tree", f"{self.commit}^{{commit}}")
        if listing is None:
            raise UsageError(NO_COMMIT.format(name=self.commit, path=root), NO_COMMIT_CURE)
        for entry in filter(None, listing.split(b"\0")):
            head, _, name = entry.partition(b"\t")
            mode, kind, blob, size = head.decode("ascii").split()
            path = name.decode("utf-8", "surrogateescape")
            if path != spelled(path):
                yield TreeFile(spelled(path), 0, closed=UNSPELLABLE)
            elif kind != "blob" or mode == "120000":
                yield TreeFile(path, 0, closed="a link" if kind == "blob" else "a submodule")
            else:
                # A partial clone knows no size of what it does not have, and git says so in a word.
                yield TreeFile(path, int(size) if size.isdigit() else 0, blob)

    def read(self, files: Sequence[TreeFile]) -> Iterator[bytes | None]:
        """See `Tree.read`."""
        return git.blobs(self.checkout.root, [file.blob for file in files])


def blob_id(data: bytes) -> str:
    """Git's id of a file's bytes."""
    return hashlib.sha1(b"blob %d\0%s" % (len(data), data), usedforsecurity=False).hexdigest()


def committed(root: Path, commit: str) -> dict[str, str]:
    """The id of every file of a commit, by path; empty when there is no such commit."""
    found: dict[str, str] = {}
    for entry in (git.run(root, "ls-tree", "-r", "-z", "--full-tree", commit) or b"").split(b"\0"):
        head, _, name = entry.partition(b"\t")
        if name:
            found[name.decode("utf-8", "surrogateescape")] = head.rpartition(b" ")[2].decode("ascii")
    return found


def spelled(path: str) -> str:
    """A path as it can be written down: bytes that are no UTF-8 as escapes."""
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _on_disk(root: Path, path: str) -> Path:
    return root / path


def _kind(mode: int) -> str:
    if stat.S_ISLNK(mode):
        return "a link"
    return "a submodule" if stat.S_ISDIR(mode) else "no plain file"
