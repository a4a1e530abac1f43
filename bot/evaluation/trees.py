"""A repository at one commit, as a checkout of its own: it borrows the objects, and knows nothing of what came after.

Files a partial clone lacks are empty in it; then it has no history either.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from bot.clones import git_bytes, git_text, reason
from bot.errors import UsageError
from bot.repository import Repository
from indexer.git import GitError

NO_COMMIT = "{source} does not have the commit {commit}: {reason}"
NO_COMMIT_CURE = "Fetch it there: git -C {source} fetch --unshallow"
_IDENTITY = {
    "GIT_AUTHOR_NAME": "bcrag", "GIT_AUTHOR_EMAIL": "bcrag@users.noreply.github.com",
    "GIT_COMMITTER_NAME": "bcrag", "GIT_COMMITTER_EMAIL": "bcrag@users.noreply.github.com",
}  # fmt: skip


def at_commit(source: Path, commit: str, folder: Path) -> Repository:
    """The repository `source` at a commit, in `folder`, which is made anew. Its working tree stays empty.

    Raises:
        UsageError: the commit is not there.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        full = git_text(source, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{commit}^{{commit}}")
        _borrow(source, folder, "sha256" if len(full) == 64 else "sha1")
        lacking = _lacking(folder, full)
        git_bytes(folder, "update-ref", "--no-deref", "HEAD", _without(folder, full, lacking) if lacking else full)
    except GitError as error:
        message = NO_COMMIT.format(source=source, commit=commit[:12], reason=reason(error) or "it is unknown")
        raise UsageError(message, NO_COMMIT_CURE.format(source=source)) from error
    return Repository.open(folder)


def _borrow(source: Path, folder: Path, kind: str) -> None:
    git_bytes(folder, "init", "--quiet", "--template=", "--initial-branch=main", f"--object-format={kind}", ".")
    objects = (source / git_text(source, "rev-parse", "--git-path", "objects")).resolve()
    shallow = (source / git_text(source, "rev-parse", "--git-path", "shallow")).resolve()
    information = folder / ".git" / "objects" / "info"
    information.mkdir(parents=True, exist_ok=True)
    (information / "alternates").write_text(f"{objects}\n", "utf-8")
    if shallow.is_file():
        shutil.copyfile(shallow, folder / ".git" / "shallow")


def _lacking(folder: Path, commit: str) -> dict[bytes, bytes]:
    """The entries of a commit whose blobs are not there, by path: their modes."""
    listed = filter(None, git_bytes(folder, "ls-tree", "-r", "-z", "--full-tree", commit).split(b"\0"))
    entries = [(meta.split(), path) for meta, path in (entry.split(b"\t", 1) for entry in listed)]
    blobs = [(meta[0], meta[2], path) for meta, path in entries if meta[1] == b"blob"]
    known = git_bytes(folder, "cat-file", "--batch-check=%(objecttype)", data=b"".join(b + b"\n" for _, b, _ in blobs))
    there = known.splitlines()
    return {path: mode for (mode, _, path), what in zip(blobs, there, strict=True) if what != b"blob"}


def _without(folder: Path, commit: str, lacking: dict[bytes, bytes]) -> str:
    """A commit with the same files, empty where their contents are lacking."""
    empty = git_bytes(folder, "hash-object", "-w", "--stdin").strip()
    git_bytes(folder, "read-tree", commit)
    rows = b"".join(b"%s %s\t%s\0" % (mode, empty, path) for path, mode in lacking.items())
    git_bytes(folder, "update-index", "-z", "--index-info", data=rows)
    tree = git_text(folder, "write-tree", "--missing-ok")
    return git_bytes(folder, "commit-tree", tree, "-m", "Start", env=_IDENTITY).decode().strip()
