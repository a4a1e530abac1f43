"""Renders outlive the work folder they were made in, so that an interrupted run can still show them."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from bot.models.validation import Observation

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


def _put(file: Path, folder: Path) -> str:
    data = file.read_bytes()
    name = _name(data)
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f"{name}.part"
    part.write_bytes(data)
    part.replace(folder / name)
    return name


def _name(data: bytes) -> str:
    return f"{hashlib.sha256(data).hexdigest()}.png"
