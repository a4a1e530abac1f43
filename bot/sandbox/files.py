"""Handing a sandboxed command its files and taking what it left: links, pipes and floods are a stranger's doing."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.sandbox.base import Command

_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_ENTER = os.O_RDONLY | os.O_NOFOLLOW | os.O_DIRECTORY | os.O_CLOEXEC


@dataclass(frozen=True)
class Contents:
    """What a folder holds: bytes on the disk, and entries at any depth."""

    bytes: int = 0
    entries: int = 0

    def within(self, most: Contents) -> bool:
        """Whether it is no more than that, in neither."""
        return self.bytes <= most.bytes and self.entries <= most.entries


def contents(folder: Path, most: Contents | None = None) -> Contents:
    """What a folder holds, links not followed; counting ends where it is more than `most`."""
    found = Contents()
    waiting: list[str | os.DirEntry[str]] = [str(folder)]
    while waiting:
        try:
            with os.scandir(waiting.pop()) as listing:
                for entry in listing:
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(entry)
                    size = entry.stat(follow_symlinks=False).st_blocks * 512
                    found = Contents(found.bytes + size, found.entries + 1)
                    if most is not None and not found.within(most):
                        return found
        except OSError:  # it is being changed under our eyes
            continue
    return found


def read_left(file: Path, inside: Path, *, limit: int) -> bytes | None:
    """The bytes of a regular file below `inside`, or null: it is absent, no such file, or over `limit` bytes.

    To be called once the command has ended, when nobody can swap a folder for a link any more.
    """
    try:
        if not file.parent.resolve(strict=True).is_relative_to(inside.resolve(strict=True)):
            return None
        descriptor = os.open(file, _READ)
    except (OSError, ValueError):
        return None
    with os.fdopen(descriptor, "rb") as stream:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode) or status.st_size > limit:
            return None
        data = stream.read(limit + 1)
    return data if len(data) <= limit else None


def give(source: Path, target: Path, owner: int | None) -> None:
    """Copy folders, files and links as they are; anything else is left out. `owner` is made theirs.

    The target is not a stranger's yet: nothing runs there.
    """
    if owner is not None:
        os.chown(target, owner, owner)
    for entry in _listed(source):
        copy = target / entry.name
        if entry.is_symlink():
            copy.symlink_to(Path(entry.path).readlink())
        elif entry.is_dir():
            copy.mkdir(mode=0o755)
            give(Path(entry.path), copy, owner)
        elif entry.is_file():
            shutil.copyfile(entry.path, copy)
            copy.chmod(stat.S_IMODE(entry.stat().st_mode) & 0o777 | stat.S_IRUSR)
        else:
            continue
        if owner is not None:
            os.chown(copy, owner, owner, follow_symlinks=False)


def take(folder: int, name: Path, target: Path, *, limit: int) -> None:
    """Write the regular file `name` of a folder (by its descriptor) to `target`; else see that nothing is there.

    No link is followed on the way. To be called once nothing runs there any more.
    """
    if target.is_dir() and not target.is_symlink():
        shutil.rmtree(target)
    target.unlink(missing_ok=True)
    opened: list[int] = []
    try:
        for part in name.parts:
            last = len(opened) == len(name.parts) - 1
            opened.append(os.open(part, _READ if last else _ENTER, dir_fd=opened[-1] if opened else folder))
        status = os.fstat(opened[-1])
        if stat.S_ISREG(status.st_mode) and status.st_size <= limit:
            target.parent.mkdir(parents=True, exist_ok=True)
            with os.fdopen(os.dup(opened[-1]), "rb") as left, target.open("xb") as kept:
                shutil.copyfileobj(left, kept)
    except (OSError, ValueError):  # not there, a link, a name no file can have
        return
    finally:
        for descriptor in opened:
            os.close(descriptor)


def names_in(command: Command) -> tuple[Path, ...]:
    """The files a command is to bring back, relative to its work folder.

    Raises:
        ValueError: one does not lie below it.
    """
    return tuple(path.relative_to(command.writable) for path in command.wanted)


def drop_unless_file(path: Path, inside: Path, *, limit: int) -> None:
    """Remove what a stranger's command left at `path` below `inside` unless it is a regular file of that size."""
    if not path.parent.resolve().is_relative_to(inside.resolve()):
        return
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    elif path.is_symlink() or (path.exists() and (not path.is_file() or path.stat().st_size > limit)):
        path.unlink()


def _listed(folder: Path) -> Iterator[os.DirEntry[str]]:
    with os.scandir(folder) as listing:
        yield from listing
