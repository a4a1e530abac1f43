"""Renders outlive the work folder they were made in, so that an interrupted run can still show them."""

from __future__ import annotations

import hashlib
import re
import struct
from pathlib import Path

from bot.models.validation import Observation

_PNG = b"\x89PNG\r\n\x1a\n"
_CHUNKS = frozenset({b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"sRGB", b"gAMA", b"cHRM", b"iCCP", b"sBIT"})
"""What makes the picture: everything else is a note."""
_NAME = re.compile(r"[0-9a-f]{64}\.png", re.ASCII)


def keep(seen: Observation, folder: Path) -> Observation:
    """The same observation, its renders put into `folder` and named by the hash of their bytes."""
    names = {what: _put(Path(place), folder) for what, place in seen.pictures.items()}
    return seen.model_copy(update={"pictures": names}) if names else seen


def kept(name: str, folder: Path) -> Path | None:
    """A render by its name; null where it is not there, or is not what was put there."""
    if not _NAME.fullmatch(name):
        return None
    file = folder / name
    try:
        data = b"" if file.is_symlink() else file.read_bytes()
    except OSError:
        return None
    return file if _name(data) == name else None


def plain(data: bytes) -> bytes:
    """A PNG without the notes in it (when it was made, how long that took, on which machine's paths).

    The same render is the same bytes, whenever it is made. What is no well-formed PNG stays as it is.
    """
    kept, at, kind = [data[: len(_PNG)]], len(_PNG), b""
    while at + 12 <= len(data):
        (length,) = struct.unpack_from(">I", data, at)
        kind = data[at + 4 : at + 8]
        if kind in _CHUNKS:
            kept.append(data[at : at + 12 + length])
        at += 12 + length
    whole = data.startswith(_PNG) and at == len(data) and kind == b"IEND"
    return b"".join(kept) if whole else data


def _put(file: Path, folder: Path) -> str:
    data = plain(file.read_bytes())
    name = _name(data)
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f"{name}.part"
    part.write_bytes(data)
    part.replace(folder / name)
    return name


def _name(data: bytes) -> str:
    return f"{hashlib.sha256(data).hexdigest()}.png"
