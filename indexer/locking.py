"""One update of an index at a time, across processes."""

from __future__ import annotations

import contextlib
import fcntl
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from indexer.errors import IndexerError, MissingError

WAIT_SECONDS = 120.0
_STEP_SECONDS = 0.1

BUSY = "Another update of {path} has been running for {seconds:.0f} s."
BUSY_CURE = "Wait for it to end, then run this again."
READ_ONLY = "The cache folder {path} cannot be written: {reason}."
READ_ONLY_CURE = "Make it writable, or name another: --cache FOLDER or BCRAG_CACHE_DIR=FOLDER."


@contextlib.contextmanager
def only_one(path: Path, *, wait: float = WAIT_SECONDS, waiting: Callable[[], None] | None = None) -> Iterator[None]:
    """Hold the lock of an index file; whoever comes second waits, and is told so once through `waiting`.

    The lock goes with the process, however that ends.

    Raises:
        IndexerError: the other one did not end in time.
        MissingError: the folder cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise MissingError(READ_ONLY.format(path=path.parent, reason=error.strerror), READ_ONLY_CURE) from error
    try:
        began = time.monotonic()
        while not _taken(handle):
            if time.monotonic() - began >= wait:
                raise IndexerError(BUSY.format(path=path, seconds=wait), BUSY_CURE)
            if waiting is not None:
                waiting()
                waiting = None
            time.sleep(_STEP_SECONDS)
        yield
    finally:
        os.close(handle)


def _taken(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
