"""Reading what a sandboxed command left: links, pipes and floods are a stranger's doing."""

from __future__ import annotations

import os
import stat
from pathlib import Path


def read_left(file: Path, inside: Path, *, limit: int) -> bytes | None:
    """The bytes of a regular file below `inside`, or null: it is absent, no such file, or over `limit` bytes.

    To be called once the command has ended, when nobody can swap a folder for a link any more.
    """
    try:
        if not file.parent.resolve(strict=True).is_relative_to(inside.resolve(strict=True)):
            return None
        descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except (OSError, ValueError):
        return None
    with os.fdopen(descriptor, "rb") as stream:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode) or status.st_size > limit:
            return None
        data = stream.read(limit + 1)
    return data if len(data) <= limit else None
