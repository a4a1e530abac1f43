"""The user's repository, read only, and a private clone in which patches are made.

Every git call here runs without hooks, fsmonitor, filters, pagers, prompts, and without system or
global configuration: a repository is data from a stranger.
"""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from git import GitCommandError
from git.cmd import Git

from bot.errors import UsageError
from indexer.git import settings

NO_REPOSITORY = "{path} is not in a git repository."
NO_REPOSITORY_CURE = "Make it one: git init && git add -A && git commit -m 'Start', then run this again."
NO_COMMIT = "The repository {path} has no commit yet."
NO_COMMIT_CURE = "Commit the add-on first: git add -A && git commit -m 'Start'."
NO_FOLDER = "There is no folder {path}."
BARE = "{path} is a bare repository: it has no files to look at."
BARE_CURE = "Clone it first and point at the clone."
APPLY_FAILED = "The patch does not apply to the files as they are now: {detail}"
APPLY_FAILED_CURE = "Commit or stash your changes, then: git apply {patch}"
BRANCH_EXISTS = "The branch {name} exists already."
BRANCH_EXISTS_CURE = "Choose another name, or delete it: git branch -D {name}"
BAD_BRANCH = "{name!r} is no name for a branch."

_RAW = "* -text -eol -ident -filter -working-tree-encoding\n"
"""Attributes that keep every byte as it is in the commit, whatever the repository's own say."""

_OURS = {
    "core.autocrlf": "false",
    "core.symlinks": "false",
    "commit.gpgSign": "false",
    "advice.detachedHead": "false",
}
"""What matters only to those who check out and commit."""


def _git(folder: Path, **extra: str) -> Git:
    git = Git(folder)
    git.update_environment(**settings(_OURS), **extra)
    return git


def _bytes(git: Git, *arguments: str) -> bytes:
    output = git.execute(["git", *arguments], stdout_as_string=False, strip_newline_in_stdout=False)
    assert isinstance(output, bytes)  # noqa: S101  (what stdout_as_string=False returns)
    return output


def _text(git: Git, *arguments: str) -> str:
    return _bytes(git, *arguments).decode("utf-8", "surrogateescape").strip()


def _reason(error: GitCommandError) -> str:
    text = error.stderr.decode(errors="replace") if isinstance(error.stderr, bytes) else str(error.stderr)
    return text.strip().removeprefix("stderr: '").strip("' \n")[:500]


@dataclass(frozen=True)
class Repository:
    """A checkout on disk, only ever read, at one pinned commit."""

    root: Path
    commit: str

    @classmethod
    def open(cls, path: Path) -> Repository:
        """The repository `path` lies in, pinned at its current commit.

        Raises:
            UsageError: no such folder, no repository, or a repository without a commit.
        """
        if not path.exists():
            raise UsageError(NO_FOLDER.format(path=path), "Check the spelling, or clone it first.")
        git = _git(path if path.is_dir() else path.parent)
        try:
            if _text(git, "rev-parse", "--is-bare-repository") == "true":
                raise UsageError(BARE.format(path=path), BARE_CURE)
            root = Path(_text(git, "rev-parse", "--show-toplevel"))
        except GitCommandError as error:
            raise UsageError(NO_REPOSITORY.format(path=path), NO_REPOSITORY_CURE) from error
        try:
            commit = _text(git, "rev-parse", "--verify", "--quiet", "HEAD^{commit}")
        except GitCommandError as error:
            raise UsageError(NO_COMMIT.format(path=root), NO_COMMIT_CURE) from error
        return cls(root.resolve(), commit)

    @property
    def _here(self) -> Git:
        return _git(self.root)

    @cached_property
    def files(self) -> tuple[str, ...]:
        """Every regular file of the commit, relative to the root.

        Left out are symlinks, submodules, and names that are no UTF-8: no report could spell them.
        """
        listing = _bytes(self._here, "ls-tree", "-r", "-z", "--full-tree", self.commit)
        found: list[str] = []
        for entry in filter(None, listing.split(b"\0")):
            meta, name = entry.split(b"\t", 1)
            if meta.startswith(b"100"):
                with contextlib.suppress(UnicodeDecodeError):
                    found.append(name.decode("utf-8"))
        return tuple(found)

    def read(self, path: str) -> bytes:
        """A file's bytes as they are in the commit."""
        return _bytes(self._here, "cat-file", "blob", f"{self.commit}:{path}")

    def holding(self, word: str, glob: str) -> tuple[str, ...]:
        """The commit's files that match `glob` and hold `word`, found by one `git grep`."""
        try:
            output = _bytes(
                self._here, "grep", "-l", "-z", "-a", "-F", "--full-name", "-e", word, self.commit,
                "--", f":(top){glob}",
            )  # fmt: skip
        except GitCommandError as error:
            if error.status == 1:
                return ()
            raise
        names = (name.decode("utf-8", "surrogateescape") for name in output.split(b"\0") if name)
        known = set(self.files)
        return tuple(path for path in (name.removeprefix(f"{self.commit}:") for name in names) if path in known)

    def relative(self, path: Path) -> str:
        """A path on disk as the repository spells it (`.` for the root)."""
        inside = path.resolve().relative_to(self.root).as_posix()
        return inside or "."

    def changed_paths(self) -> tuple[str, ...]:
        """Tracked files that differ from the commit, which a run therefore does not see."""
        output = _bytes(self._here, "diff", "--name-only", "-z", "--no-ext-diff", self.commit)
        return tuple(name.decode("utf-8", "surrogateescape") for name in output.split(b"\0") if name)

    @cached_property
    def _objects(self) -> Path:
        return (self.root / _text(self._here, "rev-parse", "--git-path", "objects")).resolve()

    @cached_property
    def _git_dir(self) -> Path:
        return Path(_text(self._here, "rev-parse", "--absolute-git-dir"))

    def clone(self, folder: Path) -> PrivateClone:
        """A private clone at the pinned commit, in a fresh folder; objects are shared, none is written."""
        folder.mkdir(parents=True)
        git = _git(folder)
        git.execute(["git", "init", "--quiet", "--template=", "."])
        (folder / ".git" / "objects" / "info").mkdir(parents=True, exist_ok=True)
        (folder / ".git" / "objects" / "info" / "alternates").write_text(f"{self._objects}\n")
        (folder / ".git" / "info").mkdir(exist_ok=True)
        (folder / ".git" / "info" / "attributes").write_text(_RAW)
        shallow = self._git_dir / "shallow"
        if shallow.exists():
            shutil.copyfile(shallow, folder / ".git" / "shallow")
        git.execute(["git", "update-ref", "--no-deref", "HEAD", self.commit])
        git.execute(["git", "reset", "--quiet", "--hard", self.commit])
        return PrivateClone(folder, self.commit)

    def apply(self, diff: bytes, kept_at: str) -> None:
        """Apply a patch to the working tree, all of it or nothing.

        Raises:
            UsageError: it does not apply to the files as they are.
        """
        with _as_file(diff) as file:
            try:
                self._here.execute(["git", "apply", "--whitespace=nowarn", str(file)])
            except GitCommandError as error:
                raise UsageError(
                    APPLY_FAILED.format(detail=_reason(error)), APPLY_FAILED_CURE.format(patch=kept_at)
                ) from error

    def check_branch_name(self, name: str) -> None:
        """See that a branch of this name can be made, before work is spent on it.

        Raises:
            UsageError: it exists, or is no branch name.
        """
        try:
            self._here.execute(["git", "check-ref-format", "--branch", name])
        except GitCommandError as error:
            raise UsageError(BAD_BRANCH.format(name=name), "Use letters, digits, - and /.") from error
        try:
            self._here.execute(["git", "rev-parse", "--verify", "--quiet", f"refs/heads/{name}"])
        except GitCommandError:
            return
        raise UsageError(BRANCH_EXISTS.format(name=name), BRANCH_EXISTS_CURE.format(name=name))

    def take_branch(self, clone: PrivateClone, diff: bytes, name: str, message: str) -> str:
        """Make the branch `name` with a patch as one commit; the working tree stays as it is.

        Returns:
            The commit's hash.

        Raises:
            UsageError: a branch of that name exists.
        """
        self.check_branch_name(name)
        clone.reset()
        clone.apply(diff)
        commit = clone.commit_all(message, self._identity())
        self._here.execute(
            ["git", "fetch", "--quiet", "--no-write-fetch-head", "--no-tags", "--no-auto-maintenance",
             str(clone.folder), f"{commit}:refs/heads/{name}"]
        )  # fmt: skip
        return commit

    def _identity(self) -> tuple[str, str]:
        git = Git(self.root)
        found = []
        for key, default in (("user.name", "bcrag"), ("user.email", "bcrag@users.noreply.github.com")):
            try:
                found.append(_text(git, "config", "--get", key) or default)
            except GitCommandError:
                found.append(default)
        return found[0], found[1]


@dataclass(frozen=True)
class PrivateClone:
    """A checkout of our own, whose bytes are exactly the commit's."""

    folder: Path
    base: str

    @property
    def _here(self) -> Git:
        return _git(self.folder)

    def read(self, paths: Sequence[str]) -> dict[str, bytes]:
        """The files as they are in the clone now."""
        return {path: (self.folder / path).read_bytes() for path in paths}

    def write(self, files: Mapping[str, bytes]) -> None:
        """Replace the contents of files that are there; modes stay."""
        for path, data in files.items():
            (self.folder / path).write_bytes(data)

    def reset(self) -> None:
        """Back to the base commit."""
        self._here.execute(["git", "reset", "--quiet", "--hard", self.base])
        self._here.execute(["git", "clean", "-ffdxq"])

    def diff(self) -> bytes:
        """What differs from the base commit, as git writes it."""
        return _bytes(
            self._here, "diff", "--no-color", "--no-ext-diff", "--no-textconv", "--text", "--no-renames",
            "--full-index", "--src-prefix=a/", "--dst-prefix=b/", self.base,
        )  # fmt: skip

    def apply(self, diff: bytes) -> None:
        """Apply a patch of ours to the base commit's files.

        Raises:
            GitCommandError: it does not apply.
        """
        if diff:
            with _as_file(diff) as file:
                self._here.execute(["git", "apply", "--whitespace=nowarn", str(file)])

    def accepts(self, diff: bytes) -> str:
        """Why `git apply --check` refuses a patch on the exact base commit; empty when it takes it."""
        with _as_file(diff) as file:
            index = file.with_suffix(".index")
            git = _git(self.folder, GIT_INDEX_FILE=str(index))
            try:
                git.execute(["git", "read-tree", self.base])
                git.execute(["git", "apply", "--check", "--cached", str(file)])
            except GitCommandError as error:
                return _reason(error) or "git apply refused it"
        return ""

    def commit_all(self, message: str, identity: tuple[str, str]) -> str:
        """Commit the clone's changes on top of the base and return the hash."""
        name, email = identity
        git = _git(
            self.folder,
            GIT_AUTHOR_NAME=name, GIT_AUTHOR_EMAIL=email,
            GIT_COMMITTER_NAME=name, GIT_COMMITTER_EMAIL=email,
        )  # fmt: skip
        git.execute(["git", "add", "--update", "."])
        tree = _text(git, "write-tree")
        return _text(git, "commit-tree", tree, "-p", self.base, "-m", message)


class _as_file:  # noqa: N801  (reads as what it does)
    """A patch as a file in a folder of its own, gone afterwards."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def __enter__(self) -> Path:
        self._folder = Path(tempfile.mkdtemp(prefix="bcrag-"))
        path = self._folder / "candidate.patch"
        path.write_bytes(self._data)
        return path

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)
