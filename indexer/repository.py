"""The Python files of a checkout, and the commit they are those of; reads, never runs anything in it."""

from __future__ import annotations

import hashlib
import os
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

from indexer.chunking.python import MAX_BYTES
from indexer.errors import UsageError

MAX_FILES = 20_000

_PASSED_OVER = frozenset({"node_modules", "site-packages", "__pycache__", "venv", "build", "dist"})
_GIT_SECONDS = 20


def python_files(root: Path) -> dict[str, bytes]:
    """Every Python file by its path relative to the root; hidden folders, environments and links are left out.

    Raises:
        UsageError: there is no such folder.
    """
    if not root.is_dir():
        raise UsageError(f"{root} is no folder.", "Name the repository with --repo.")
    files: dict[str, bytes] = {}
    for path in _walk(root):
        try:
            files[path.relative_to(root).as_posix()] = path.read_bytes()
        except OSError:
            continue  # gone meanwhile, or not ours to read
        if len(files) >= MAX_FILES:
            break
    return files


def unchanged_since(root: Path, files: Mapping[str, bytes]) -> tuple[str, frozenset[str]]:
    """The commit that is checked out, and which of the files are exactly those of it; empty without git."""
    commit = _git(root, "rev-parse", "--verify", "--quiet", "HEAD").strip()
    if not commit:
        return "", frozenset()
    blobs = {}
    for row in _git(root, "ls-tree", "-r", "-z", "HEAD", "--", ".").split("\0"):
        head, _, path = row.partition("\t")
        blobs[path] = head.rpartition(" ")[2]
    same = {path for path, data in files.items() if blobs.get(path) == _blob_id(data)}
    return commit, frozenset(same)


def _walk(root: Path) -> Iterator[Path]:
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name not in _PASSED_OVER)
        for name in sorted(names):
            path = Path(folder, name)
            if name.endswith(".py") and path.is_file() and not path.is_symlink() and path.stat().st_size <= MAX_BYTES:
                yield path


def _blob_id(data: bytes) -> str:
    return hashlib.sha1(b"blob %d\0%s" % (len(data), data), usedforsecurity=False).hexdigest()


def _git(root: Path, *arguments: str) -> str:
    # Neither command starts a program the repository names, but its configuration is a stranger's: say so.
    command = ["git", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-C", str(root), *arguments]
    try:
        finished = subprocess.run(command, capture_output=True, timeout=_GIT_SECONDS)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return finished.stdout.decode("utf-8", "surrogateescape") if finished.returncode == 0 else ""
