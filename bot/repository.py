"""The user's repository: read at one pinned commit, and never written to but for a branch or a patch asked for.

Every git call here runs without hooks, fsmonitor, filters, pagers, prompts, fetches, and without system or
global configuration: a repository is data from a stranger.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from bot import handover
from bot.clones import PrivateClone, git_bytes, git_text, reason
from bot.errors import UsageError
from bot.patches import parse, path_of
from indexer.git import GitError, call, toplevel

NO_REPOSITORY = "{path} is not in a git repository."
NO_REPOSITORY_CURE = "Make it one: git init && git add -A && git commit -m 'Start', then run this again."
UNREADABLE = "git cannot read the repository {path} lies in: {reason}"
UNREADABLE_CURE = "See what it says of it: git -C {path} status"
NOT_ITS_OWN = "{path} is not in the working tree that its repository's configuration names."
NOT_ITS_OWN_CURE = "Point at the working tree itself, or remove that setting: git config --unset core.worktree"
NO_COMMIT = "The repository {path} has no commit yet."
NO_COMMIT_CURE = "Commit the add-on first: git add -A && git commit -m 'Start'."
GONE = "The commit {commit} is not in {path} any more."
GONE_CURE = "Start a new run, on the commit that is there now: bot run"
DAMAGED = "git cannot read the commit {commit} of {path}: {reason}"
DAMAGED_CURE = "See what is wrong: git -C {path} fsck; a partial clone may lack files: git fetch --refetch"
NO_FOLDER = "There is no folder {path}."
BARE = "{path} is a bare repository: it has no files to look at."
BARE_CURE = "Clone it first and point at the clone."
BRANCH_EXISTS = "The branch {name} exists already."
BRANCH_EXISTS_CURE = "Choose another name, or delete it: git branch -D {name}"
BAD_BRANCH = "{name!r} is no name for a branch."
NO_BRANCH = "The branch {name} cannot be made: {reason}"
NO_BRANCH_CURE = "The patch is kept: git apply {patch}"

_IDENTITY = (("user.name", "bcrag"), ("user.email", "bcrag@users.noreply.github.com"))


@dataclass(frozen=True)
class Repository:
    """A checkout on disk at one pinned commit."""

    root: Path
    commit: str

    @classmethod
    def open(cls, path: Path) -> Repository:
        """The repository `path` lies in, pinned at its current commit.

        Raises:
            UsageError: no such folder, no repository, one that cannot be read, or one without a commit.
            MissingError: git is not there.
        """
        if not path.exists():
            raise UsageError(NO_FOLDER.format(path=path), "Check the spelling, or clone it first.")
        folder = path if path.is_dir() else path.parent
        try:
            bare = git_text(folder, "rev-parse", "--is-bare-repository") == "true"
        except GitError as error:
            if "not a git repository" in str(error):
                raise UsageError(NO_REPOSITORY.format(path=path), NO_REPOSITORY_CURE) from error
            message = UNREADABLE.format(path=path, reason=reason(error))
            raise UsageError(message, UNREADABLE_CURE.format(path=path)) from error
        if bare:
            raise UsageError(BARE.format(path=path), BARE_CURE)
        root = toplevel(folder)
        if root is None:
            raise UsageError(NOT_ITS_OWN.format(path=path), NOT_ITS_OWN_CURE)
        try:
            commit = git_text(folder, "rev-parse", "--verify", "--quiet", "HEAD^{commit}")
        except GitError as error:
            raise UsageError(NO_COMMIT.format(path=root), NO_COMMIT_CURE) from error
        return cls(root, commit)

    def at(self, commit: str) -> Repository:
        """The same repository, pinned at another commit.

        Raises:
            UsageError: it is not there any more.
        """
        try:
            git_bytes(self.root, "cat-file", "-e", f"{commit}^{{commit}}")
        except GitError as error:
            raise UsageError(GONE.format(commit=commit[:12], path=self.root), GONE_CURE) from error
        return Repository(self.root, commit)

    @property
    def files(self) -> tuple[str, ...]:
        """Every regular file of the commit, relative to the root.

        Left out are symlinks, submodules, and names that are no UTF-8: no report could spell them.
        """
        return tuple(self._blobs)

    @cached_property
    def submodules(self) -> tuple[str, ...]:
        """The commit's submodules: folders whose files it does not hold."""
        return tuple(path for mode, _, path in self._tree if mode == b"160000")

    def read(self, path: str) -> bytes:
        """A file's bytes as they are in the commit."""
        return self._ask("cat-file", "blob", self._blobs[path])

    def holding(self, word: str, glob: str) -> tuple[str, ...]:
        """The commit's files that match `glob` and hold `word`, found by one `git grep`."""
        try:
            output = git_bytes(
                self.root, "grep", "-l", "-z", "-a", "-F", "--no-color", "--no-recurse-submodules", "--full-name",
                "-e", word, self.commit, "--", f":(top){glob}",
            )  # fmt: skip
        except GitError as error:
            if error.status == 1 and not str(error):  # with a word, it is about objects that are not there
                return ()
            raise self._damaged(error) from error
        names = (name.decode("utf-8", "surrogateescape") for name in output.split(b"\0") if name)
        return tuple(path for path in (name.removeprefix(f"{self.commit}:") for name in names) if path in self._blobs)

    def relative(self, path: Path) -> str:
        """A path on disk as the repository spells it (`.` for the root)."""
        inside = path.resolve().relative_to(self.root).as_posix()
        return inside or "."

    def changed_paths(self, paths: Sequence[str]) -> tuple[str, ...]:
        """Those of the commit's files that lie there differently, which a run therefore does not see.

        Read and compared here: git would run the filters the repository's configuration names. A difference in
        line ends alone is none.
        """
        return tuple(path for path in paths if path in self._blobs and self._differs(path))

    def clone(self, folder: Path) -> PrivateClone:
        """A private clone at the pinned commit, in a fresh folder.

        Raises:
            UsageError: git does not have the whole commit.
            MissingError: the disk is full.
        """
        shallow = self._git_path("shallow")
        return PrivateClone.make(folder, self.commit, self._git_path("objects"), shallow if shallow.is_file() else None)

    @property
    def large_files(self) -> Path:
        """Where git LFS keeps the content of files, if it keeps any here."""
        return self._git_path("objects").parent / "lfs" / "objects"

    def apply(self, diff: bytes, kept_at: str) -> None:
        """Apply a patch to the working tree, all of it or nothing.

        Raises:
            UsageError: it does not apply to the files as they are.
            MissingError: they cannot be written.
        """
        parsed = parse(diff.decode("utf-8", "surrogateescape"))
        new = [path_of(file) for file in parsed if file.is_added_file]
        handover.apply(self.root, diff, [path_of(file) for file in parsed], self.read, kept_at, new)

    def check_branch_name(self, name: str) -> None:
        """See that a branch of this name can be made, before work is spent on it.

        Raises:
            UsageError: it exists, or is no branch name.
        """
        try:
            git_bytes(self.root, "check-ref-format", "--branch", name)
        except GitError as error:
            raise UsageError(BAD_BRANCH.format(name=name), "Use letters, digits, - and /.") from error
        try:
            git_bytes(self.root, "rev-parse", "--verify", "--quiet", f"refs/heads/{name}")
        except GitError:
            return
        raise UsageError(BRANCH_EXISTS.format(name=name), BRANCH_EXISTS_CURE.format(name=name))

    def has_branch_of(self, name: str, run_id: str) -> bool:
        """Whether the branch `name` is what a run left: its commit says so."""
        try:
            text = git_bytes(self.root, "cat-file", "commit", f"refs/heads/{name}")
        except GitError:
            return False
        return f"\nBcrag-Run: {run_id}\n".encode() in text + b"\n"

    def take_branch(self, clone: PrivateClone, diff: bytes, name: str, message: str, kept_at: str = "FILE") -> str:
        """Make the branch `name` with a patch as one commit; the working tree stays as it is.

        The commit is handed over as a pack: a fetch would obey what the repository says of remotes.

        Returns:
            The commit's hash.

        Raises:
            UsageError: a branch of that name exists, or git refuses it.
        """
        self.check_branch_name(name)
        clone.reset()
        clone.apply(diff)
        commit = clone.commit_all(message, self._identity())
        try:
            git_bytes(self.root, "unpack-objects", "-q", data=clone.pack(commit))
            git_bytes(self.root, "update-ref", "--no-deref", f"refs/heads/{name}", commit, "0" * len(commit))
        except GitError as error:
            message = NO_BRANCH.format(name=name, reason=reason(error))
            raise UsageError(message, NO_BRANCH_CURE.format(patch=kept_at)) from error
        return commit

    @cached_property
    def _tree(self) -> tuple[tuple[bytes, str, str], ...]:
        """Mode, id and path of everything in the commit."""
        listing = self._ask("ls-tree", "-r", "-z", "--full-tree", self.commit)
        found: list[tuple[bytes, str, str]] = []
        for entry in filter(None, listing.split(b"\0")):
            meta, name = entry.split(b"\t", 1)
            mode, _, blob = meta.split()
            found.append((mode, blob.decode("ascii"), name.decode("utf-8", "surrogateescape")))
        return tuple(found)

    @cached_property
    def _blobs(self) -> dict[str, str]:
        """The id of every regular file."""
        return {path: blob for mode, blob, path in self._tree if mode.startswith(b"100") and _spellable(path)}

    def _ask(self, *arguments: str) -> bytes:
        """What git says of the commit.

        Raises:
            UsageError: the repository is damaged.
        """
        try:
            return git_bytes(self.root, *arguments)
        except GitError as error:
            raise self._damaged(error) from error

    def _damaged(self, error: GitError) -> UsageError:
        message = DAMAGED.format(commit=self.commit[:12], path=self.root, reason=reason(error))
        return UsageError(message, DAMAGED_CURE.format(path=self.root))

    def _differs(self, path: str) -> bool:
        file = self.root / path
        try:
            data = os.fsencode(file.readlink()) if file.is_symlink() else file.read_bytes()
        except OSError:
            return True
        blob = self._blobs[path]
        kind = "sha256" if len(blob) == 64 else "sha1"
        return blob not in {_blob_id(data, kind), _blob_id(data.replace(b"\r\n", b"\n"), kind)}

    def _git_path(self, name: str) -> Path:
        return (self.root / git_text(self.root, "rev-parse", "--git-path", name)).resolve()

    def _identity(self) -> tuple[str, str]:
        """Who the user is to git: the one thing of the user's own configuration that is read."""
        own = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
        found = []
        for key, default in _IDENTITY:
            try:
                found.append(call(self.root, "config", "--get", key, env=own).decode("utf-8", "replace").strip())
            except GitError:
                found.append(default)
        return found[0] or _IDENTITY[0][1], found[1] or _IDENTITY[1][1]


def _spellable(path: str) -> bool:
    try:
        path.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _blob_id(data: bytes, kind: str) -> str:
    """Git's id of a file's bytes."""
    return hashlib.new(kind, b"blob %d\0%s" % (len(data), data), usedforsecurity=False).hexdigest()
