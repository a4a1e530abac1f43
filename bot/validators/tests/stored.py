"""Files that git LFS keeps outside of git: in a commit there is a note in their place.

Where the user's own clone has the content it is taken from there, checked against the note; else it is lacking, and a
test that reads it says nothing.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path

MOST_LACKING = 500
_NOTE = re.compile(
    rb"version https://git-lfs\.github\.com/spec/v1\n(?:ext-[^\n]{1,200}\n){0,9}"
    rb"oid sha256:([0-9a-f]{64})\nsize (\d{1,15})\n"
)
_LONGEST_NOTE = 1024


def fill(folder: Path, store: Path | None, limit: int) -> tuple[str, ...]:
    """Put the content there is in the place of such notes below a folder of ours; the paths of those there is none of.

    `store` is `lfs/objects` of the user's clone, `limit` how many bytes may come from there.
    """
    lacking: list[str] = []
    for file, digest, size in _notes(folder):
        data = _content(store, digest, size) if store is not None and size <= limit else None
        if data is None:
            lacking.append(file.relative_to(folder).as_posix())
        else:
            limit -= size
            file.write_bytes(data)
    return tuple(lacking[:MOST_LACKING])


def _notes(folder: Path) -> Iterator[tuple[Path, str, int]]:
    for file in sorted(folder.rglob("*")):
        status = file.lstat()
        if not stat.S_ISREG(status.st_mode) or status.st_size > _LONGEST_NOTE:
            continue
        if note := _NOTE.fullmatch(file.read_bytes()):
            yield file, note[1].decode("ascii"), int(note[2])


def _content(store: Path, digest: str, size: int) -> bytes | None:
    """What the store has under a name, if it is that; no link is followed."""
    try:
        descriptor = os.open(store / digest[:2] / digest[2:4] / digest, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return None
    with os.fdopen(descriptor, "rb") as stream:
        status = os.fstat(descriptor)
        data = stream.read(size) if stat.S_ISREG(status.st_mode) and status.st_size == size else b""
    return data if len(data) == size and hashlib.sha256(data).hexdigest() == digest else None
