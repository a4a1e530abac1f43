"""Where bcrag keeps what it downloads and remembers: the user's cache, never a checkout.

A stranger can commit files to a checkout; nobody but the user can write here. Nothing kept here
runs when it is read, the managed Blenders aside, which run in the sandbox only.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from bot.errors import MissingError
from indexer.places import VARIABLE, cache_root

__all__ = ["VARIABLE", "blender_folder", "cache_root", "known_folder", "python_folder", "subfolder", "writing"]

_WORLD_READABLE = 0o755

NOT_WRITABLE = "The cache folder {folder} cannot be written: {reason}."
NOT_WRITABLE_CURE = "Make it writable (and see that the disk is not full), or name another with {variable}=FOLDER."


@contextlib.contextmanager
def writing(folder: Path) -> Iterator[None]:
    """A block that writes into the cache: what the system refuses there is an error with a cure.

    Raises:
        MissingError: it cannot be written to.
    """
    try:
        yield
    except OSError as error:
        message = NOT_WRITABLE.format(folder=folder, reason=error.strerror or error)
        raise MissingError(message, NOT_WRITABLE_CURE.format(variable=VARIABLE)) from error


def subfolder(name: str, *, root: Path | None = None) -> Path:
    """A folder of the cache, made and world-readable.

    Raises:
        MissingError: it cannot be made or written to.
    """
    folder = (root or cache_root()) / name
    with writing(folder):
        # Only what is made here: a folder that was there, such as /tmp, keeps its mode.
        lacking = [made for made in (folder.parent, folder) if not made.is_dir()]
        folder.mkdir(parents=True, exist_ok=True)
        for made in lacking:
            made.chmod(_WORLD_READABLE)
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
