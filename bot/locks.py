"""Locks that go with their process, however it ends."""

from __future__ import annotations

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator
from pathlib import Path

NAME = "lock"
_PATIENCE = 2.0
_STEP = 0.05


@contextlib.contextmanager
def held(folder: Path, *, patience: float = _PATIENCE) -> Iterator[bool]:
    """Hold the lock of a folder, if it can be had; whether it is held is what is yielded.

    `patience` are the seconds to wait for one who only looks. The folder may be removed while it is held.

    Raises:
        OSError: the folder is not there, or cannot be written.
    """
    handle = _opened(folder, time.monotonic() + patience)
    try:
        yield handle is not None
    finally:
        if handle is not None:
            os.close(handle)


def _opened(folder: Path, deadline: float) -> int | None:
    path = folder / NAME
    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            if time.monotonic() >= deadline:
                return None
            time.sleep(_STEP)
            continue
        except BaseException:
            os.close(handle)
            raise
        # Whoever held it before may have removed the folder: a lock on a file that is gone holds nothing.
        with contextlib.suppress(OSError):
            if os.path.samestat(os.fstat(handle), path.stat()):
                return handle
        os.close(handle)


def has_lock(folder: Path) -> bool:
    """Whether a folder ever had a lock."""
    return (folder / NAME).is_file()


def abandoned(folder: Path) -> bool:
    """Whether nobody holds the lock of a folder that has one."""
    if not has_lock(folder):
        return False
    try:
        with held(folder, patience=0) as mine:
            return mine
    except OSError:
        return False
