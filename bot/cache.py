"""Where bcrag keeps what it downloads and remembers: the user's cache, never a checkout.

A stranger can commit files to a checkout; nobody but the user can write here. Nothing kept here
runs when it is read, the managed Blenders aside, which run in the sandbox only.
"""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

from bot.errors import MissingError

VARIABLE = "BCRAG_CACHE_DIR"
_WORLD_READABLE = 0o755
_FOR_ROOT = Path("/var/cache/bcrag")


def cache_root() -> Path:
    """The cache's folder (it need not exist): `$BCRAG_CACHE_DIR`, else the user's cache folder.

    For root it is `/var/cache/bcrag`: root's home is closed to the unprivileged user a sandbox
    runs as.
    """
    named = os.environ.get(VARIABLE)
    if named:
        return Path(named).expanduser().absolute()
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        return _FOR_ROOT
    return Path(platformdirs.user_cache_dir("bcrag", appauthor=False))


def subfolder(name: str, *, root: Path | None = None) -> Path:
    """A folder of the cache, made and world-readable.

    Raises:
        MissingError: it cannot be made or written to.
    """
    folder = (root or cache_root()) / name
    try:
        if not folder.is_dir():
            folder.mkdir(parents=True, exist_ok=True)
            for made in (folder.parent, folder):
                made.chmod(_WORLD_READABLE)
    except OSError as error:
        raise MissingError(
            f"The cache folder {folder} cannot be made: {error.strerror}.",
            f"Make it writable, or name another with {VARIABLE}=FOLDER.",
        ) from error
    return folder


def blender_folder(*, root: Path | None = None) -> Path:
    """Where managed Blenders live, one environment per full version."""
    return subfolder("blender", root=root)


def python_folder(*, root: Path | None = None) -> Path:
    """Where the Pythons that uv fetches live."""
    return subfolder("python", root=root)


def known_folder(*, root: Path | None = None) -> Path:
    """Small remembered facts, such as the versions of the executables found on this machine."""
    return subfolder("known", root=root)
