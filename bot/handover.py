"""Writing a patch into the user's working tree: all of it or nothing, and never through git's eyes.

`git apply` in a checkout obeys the filters its configuration names, and removes a file before it writes the new one,
which a full disk turns into a loss. So the patch is applied to copies, and the copies replace the files.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path

from bot.clones import git_bytes, reason
from bot.errors import MissingError, UsageError
from indexer.git import GitError

APPLY_FAILED = "The patch does not apply to the files as they are now: {detail}"
APPLY_FAILED_CURE = "Commit or stash your changes, then: git apply {patch}"
NOT_WRITTEN = "The working tree cannot be written: {detail}. Nothing was changed."
NOT_WRITTEN_CURE = "Mend that, then: git apply {patch}"
NO_PLAIN_FILE = "{path} is no plain file there"

_CRLF, _LF = b"\r\n", b"\n"


def apply(
    root: Path,
    diff: bytes,
    files: Sequence[str],
    committed: Callable[[str], bytes],
    kept_at: str,
    new: Collection[str] = (),
) -> None:
    """Apply a patch that changes `files` to the working tree at `root`; those in `new` it adds.

    Files that have it already are left as they are. `committed` gives a file's bytes in the commit the patch is
    made for: where the working tree has them with Windows line ends, it gets the patched ones with Windows line ends.

    Raises:
        UsageError: it does not apply to the files as they are.
        MissingError: they cannot be written.
    """
    cure = APPLY_FAILED_CURE.format(patch=kept_at)
    with tempfile.TemporaryDirectory(prefix="bcrag-", ignore_cleanup_errors=True) as name:
        copies = Path(name)
        windows: set[str] = set()
        for path in files:
            here = root / path
            fits = here.is_file() or (path in new and not os.path.lexists(here))
            if here.resolve() != root.resolve() / path or not fits:
                raise UsageError(APPLY_FAILED.format(detail=NO_PLAIN_FILE.format(path=path)), cure)
            if path in new and not here.exists():
                continue
            data = _read(here, cure)
            if path not in new and _CRLF in data and data.replace(_CRLF, _LF) == (lines := committed(path)):
                windows.add(path)
                data = lines
            (copies / path).parent.mkdir(parents=True, exist_ok=True)
            (copies / path).write_bytes(data)
        try:
            git_bytes(copies, "init", "--quiet", "--template=", ".")
            git_bytes(copies, "apply", "--whitespace=nowarn", "-", data=diff)
        except GitError as error:
            if _there(copies, diff):
                return
            raise UsageError(APPLY_FAILED.format(detail=reason(error)), cure) from error
        made = {path: (copies / path).read_bytes() for path in files}
    made.update((path, made[path].replace(_LF, _CRLF)) for path in windows)
    _replace(root, made, kept_at)


def _there(copies: Path, diff: bytes) -> bool:
    """Whether the files have the patch already, as after a run that was stopped in its last moment."""
    try:
        git_bytes(copies, "apply", "--reverse", "--check", "-", data=diff)
    except GitError:
        return False
    return True


def _read(file: Path, cure: str) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise UsageError(APPLY_FAILED.format(detail=f"{file.name}: {error.strerror}"), cure) from error


def _replace(root: Path, made: Mapping[str, bytes], kept_at: str) -> None:
    """Write every file beside the one it replaces first, and only then put them in place."""
    ready: dict[Path, Path] = {}
    try:
        for path, data in made.items():
            here = root / path
            made_here = not here.exists()
            if made_here:
                here.parent.mkdir(parents=True, exist_ok=True)
            before = (here.parent if made_here else here).stat()
            handle, name = tempfile.mkstemp(prefix=".bcrag-", dir=here.parent)
            ready[here] = Path(name)
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            ready[here].chmod(0o644 if made_here else before.st_mode & 0o7777)
            if os.geteuid() == 0:
                os.chown(name, before.st_uid, before.st_gid)
        for here, copy in ready.items():
            copy.replace(here)
    except OSError as error:
        cure = NOT_WRITTEN_CURE.format(patch=kept_at)
        raise MissingError(NOT_WRITTEN.format(detail=error.strerror or error), cure) from error
    finally:
        for copy in ready.values():
            with contextlib.suppress(OSError):
                copy.unlink(missing_ok=True)
