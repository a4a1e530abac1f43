"""Where bcrag keeps what it downloads and remembers: the user's cache, never a checkout.

A stranger can commit files to a checkout; nobody but the user can write here. Nothing kept here
runs when it is read, the managed Blenders aside, which run in the sandbox only.
"""

from __future__ import annotations

from pathlib import Path

from bot.errors import MissingError
from indexer.places import VARIABLE, cache_root

__all__ = ["VARIABLE", "blender_folder", "cache_root", "known_folder", "python_folder", "subfolder"]

_WORLD_READABLE = 0o755


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
