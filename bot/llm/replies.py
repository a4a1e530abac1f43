"""Answers that were paid for once: the same question to the same model is not asked again."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import stat
import tempfile
from pathlib import Path

from pydantic import ValidationError

from bot.cache import subfolder
from bot.errors import MissingError
from bot.models.base import Frozen
from bot.models.exchange import Call, Reply

FOLDER = "replies"
MAX_BYTES = 100_000_000
"""Of all answers together; the oldest go first."""

MAX_FILES = 5000

_FORMAT = 1
_MAX_ENTRY = 20_000_000


class Entry(Frozen):
    """What a file holds. `key` is its own name, so that a file that was renamed or exchanged is no answer."""

    format: int
    key: str
    reply: Reply


class Replies:
    """See the module. A cache that cannot be read or written is one that has nothing; it never stops a run."""

    def __init__(self, root: Path | None = None, *, max_bytes: int = MAX_BYTES, max_files: int = MAX_FILES) -> None:
        self._root = root
        self._max_bytes = max_bytes
        self._max_files = max_files

    def find(self, call: Call, identity: str) -> Reply | None:
        """The answer that is kept, which costs nothing now; null for none, or a damaged one."""
        name = key(call, identity)
        try:
            path = self._folder() / f"{name}.json"
            handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
            with os.fdopen(handle, "rb") as file:
                if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                    return None
                entry = Entry.model_validate_json(file.read(_MAX_ENTRY))
                os.utime(file.fileno())  # used is as good as new
        except (OSError, MissingError, ValidationError, ValueError):
            return None
        if entry.format != _FORMAT or entry.key != name or not entry.reply.text.strip():
            return None
        return entry.reply.model_copy(update={"cached": True, "usd": 0.0, "seconds": 0.0})

    def keep(self, call: Call, identity: str, reply: Reply) -> None:
        """Keep an answer."""
        name = key(call, identity)
        with contextlib.suppress(OSError, MissingError, ValueError):
            folder = self._folder()
            content = Entry(format=_FORMAT, key=name, reply=reply).model_dump_json().encode()
            handle, temporary = tempfile.mkstemp(prefix=".reply-", dir=folder)
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(content)
                Path(temporary).replace(folder / f"{name}.json")
            except BaseException:
                Path(temporary).unlink(missing_ok=True)
                raise
            self._shrink(folder)

    def _folder(self) -> Path:
        return subfolder(FOLDER, root=self._root)

    def _shrink(self, folder: Path) -> None:
        """Remove the oldest answers until the rest fits."""
        found = []
        with os.scandir(folder) as entries:
            for entry in entries:
                # Others clean up at the same time.
                with contextlib.suppress(OSError):
                    known = entry.stat(follow_symlinks=False)
                    found.append((known.st_mtime_ns, known.st_size, entry.path))
        total = sum(size for _, size, _ in found)
        count = len(found)
        for _, size, path in sorted(found):
            if total <= self._max_bytes and count <= self._max_files:
                return
            with contextlib.suppress(OSError):
                Path(path).unlink()
            total -= size
            count -= 1


def key(call: Call, identity: str) -> str:
    """The name of an answer: a hash of everything that decides it, the server and the model included."""
    asked = {"format": _FORMAT, "identity": identity, "call": call.model_dump(mode="python", by_alias=True)}
    return hashlib.sha256(json.dumps(asked, sort_keys=True, default=str).encode()).hexdigest()
