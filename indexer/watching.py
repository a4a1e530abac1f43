"""Wait for a checkout to change: its files, or the branch that is checked out."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path, PurePath

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver
from watchdog.observers.polling import PollingObserver

from indexer.errors import UsageError

QUIET_SECONDS = 0.3
"""A save or a branch switch is many events: it is over when nothing came for this long."""

PATIENCE_SECONDS = 5.0
"""Whatever goes on for longer is looked at meanwhile."""

_POLL_SECONDS = 2.0
_GONE = "{path} is gone."
_GONE_CURE = "Start again where the repository is now."
_TELLING = frozenset({"HEAD", "index", "packed-refs", "refs"})
"""What changes inside `.git` when another commit is checked out; the rest (objects, locks, logs) says nothing."""

_SEEN_ONLY = frozenset({"opened", "closed_no_write"})


def changes(root: Path, stop: threading.Event | None = None) -> Iterator[None]:
    """Yields once for every burst of changes below a folder, until `stop` is set.

    What is changed while the caller works is told of next time. Where the system takes no more
    watches, the folder is looked through every two seconds instead.

    Raises:
        UsageError: the folder is gone.
    """
    stopped = stop or threading.Event()
    handler = _Handler(root)
    observer = _observe(root, handler)
    try:
        while not stopped.is_set():
            if not handler.happened.wait(timeout=0.2):
                if not root.is_dir():
                    raise UsageError(_GONE.format(path=root), _GONE_CURE)
                continue
            _settle(handler)
            yield
    finally:
        observer.stop()
        observer.join(timeout=5)


def _settle(handler: _Handler) -> None:
    began = time.monotonic()
    while True:
        handler.happened.clear()
        if not handler.happened.wait(timeout=QUIET_SECONDS) or time.monotonic() - began > PATIENCE_SECONDS:
            return


def _observe(root: Path, handler: _Handler) -> BaseObserver:
    observer: BaseObserver = Observer()
    observer.schedule(handler, str(root), recursive=True)
    try:
        observer.start()
    except OSError:  # the system's limit on watches
        observer = PollingObserver(timeout=_POLL_SECONDS)
        observer.schedule(handler, str(root), recursive=True)
        observer.start()
    return observer


class _Handler(FileSystemEventHandler):
    def __init__(self, root: Path) -> None:
        self.happened = threading.Event()
        self._root = root

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Called by watchdog, from its own thread."""
        if event.event_type in _SEEN_ONLY or (event.is_directory and event.event_type == "modified"):
            return
        if any(path and self._matters(str(path)) for path in (event.src_path, event.dest_path)):
            self.happened.set()

    def _matters(self, path: str) -> bool:
        try:
            parts = PurePath(path).relative_to(self._root).parts
        except ValueError:
            return False
        if parts[:1] == (".git",):
            return len(parts) > 1 and parts[1] in _TELLING and not parts[-1].endswith(".lock")
        return parts[:1] != (".bcrag",)
