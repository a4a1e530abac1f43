"""The add-on as Blender gets to see it: a copy of its files, with the links of the commit made real."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from bot.validators.base import Subject

_MAX_COPIES = 20_000
"""Files; links to folders can say the same over and over."""


def export(subject: Subject, folder: Path, name: str) -> None:
    """Copy the add-on's files, as the clone has them, below `folder`, as the file or folder `name`.

    A link that stays inside the repository becomes a copy of what it stands for, as Blender would see it
    there; every other one is left out.
    """
    target = folder / name
    if subject.addon.single_file:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes((subject.root / subject.addon.path).read_bytes())
        return
    target.mkdir(parents=True, exist_ok=True)
    for source, inner in islice(_pairs(subject), _MAX_COPIES):
        copy = target / inner
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, copy, follow_symlinks=False)


def _pairs(subject: Subject) -> Iterator[tuple[Path, str]]:
    """Every file to copy, and where to."""
    place = subject.addon.path
    above = "" if place == "." else place + "/"
    yield from _below(subject, subject.root / place, "")
    for link, found in subject.links.items():
        if not found or not link.startswith(above):
            continue
        inner = link.removeprefix(above)
        real = subject.root / found
        if real.is_file():
            yield real, inner
        elif real.is_dir() and not f"{link}/".startswith(f"{found}/") and found != ".":
            yield from _below(subject, real, inner + "/")


def _below(subject: Subject, folder: Path, prefix: str) -> Iterator[tuple[Path, str]]:
    """The plain files of a folder of the clone."""
    for path in sorted(folder.rglob("*")):
        inner = path.relative_to(folder)
        if ".git" in inner.parts or path.is_symlink() or not path.is_file():
            continue
        if path.relative_to(subject.root).as_posix() not in subject.links:
            yield path, prefix + inner.as_posix()
