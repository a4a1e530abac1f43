"""The files of a bundle out of a folder or an archive: known names, plain files, bounded sizes, and nothing else."""

from __future__ import annotations

import os
import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from bot.publishing.refusals import Refusal
from bot.reporting.text import plural

NO_BUNDLE = "There is no bundle at {path}."
NO_BUNDLE_CURE = "A bundle is the folder a run leaves, .bcrag/runs/ID, or that folder as a zip archive."
BAD_BUNDLE = "The bundle is not one the bot made."
BAD_BUNDLE_CURE = (
    "Nothing of it was used. Ask again: `/bcrag retry`. If it happens twice, see what else runs in that workflow."
)

NO_ZIP = "it is no plain zip archive"
TOO_MANY = "it holds more than {most} files"
TOO_LARGE = "{name} has more than {most} bytes"
NO_PLAIN_FILE = "{name} is no plain file"
TWICE = "it holds {name} twice, or something many systems take for it"
OUTSIDE = "a name in it leads out of it, or is none: {name}"
ENCRYPTED = "{name} is encrypted, or packed in a way that is not known"
DAMAGED = "{name} is damaged"
UNREADABLE = "{name} cannot be read"
OTHERS = "Left out of the bundle: {files} that no run leaves."

_KB, _MB = 1024, 1024 * 1024
REPORT, PATCH, ORIGIN, ENDING = "report.json", "patch.diff", "origin.json", "ending.json"
BEFORE, AFTER = "renders/before.png", "renders/after.png"
LIMITS: Mapping[str, int] = {
    REPORT: 32 * _MB,
    PATCH: 4 * _MB,
    ORIGIN: 256 * _KB,
    ENDING: 50 * _KB,
    BEFORE: 4 * _MB,
    AFTER: 4 * _MB,
    "report.md": 8 * _MB,
    "report.html": 32 * _MB,
}
"""The files that are taken, and how many bytes each may have."""

_SHOWN_ELSEWHERE = frozenset({"report.md", "report.html"})
"""For people who open the bundle; they are written anew where they are shown, and never read."""
_EXPECTED = frozenset({".gitignore", "prompts", "proposed_tests", "reproductions", "scenarios"})
"""What else a run leaves; what lies in such a folder does, too."""

MAX_FILES = 1000
MAX_ARCHIVE = 64 * _MB
_MAX_DIRECTORY = 1 * _MB
_END, _END_SIZE = b"PK\x05\x06", 22
_LOCATOR, _LOCATOR_SIZE = b"PK\x06\x07", 20


@dataclass(frozen=True)
class Taken:
    """The files that were taken, by name, and what a reader should know of the others."""

    files: Mapping[str, bytes]
    notes: tuple[str, ...] = ()


class _Bad(Exception):  # noqa: N818  (an outcome)
    """It is no bundle of ours; the message says why."""


def taken(path: Path) -> Taken | Refusal:
    """The files of the bundle in a folder, or in a zip archive."""
    try:
        if path.is_dir():
            return _folder(path)
        if path.is_file():
            return _archive(path)
    except _Bad as bad:
        return Refusal(BAD_BUNDLE, BAD_BUNDLE_CURE, str(bad))
    except OSError as error:
        return Refusal(BAD_BUNDLE, BAD_BUNDLE_CURE, UNREADABLE.format(name=error.strerror or "it"))
    return Refusal(NO_BUNDLE.format(path=path.name), NO_BUNDLE_CURE)


def _folder(path: Path) -> Taken:
    root = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        names = _listed(root)
        if "renders" in names:
            renders = _opened("renders", root, os.O_DIRECTORY)
            try:
                names += [f"renders/{name}" for name in _listed(renders)]
            finally:
                os.close(renders)
        _distinct(names)
        files = {}
        for name in LIMITS:
            if name in names:
                file = _opened(name, root, os.O_NONBLOCK)
                if not stat.S_ISREG(os.fstat(file).st_mode):
                    os.close(file)
                    raise _Bad(NO_PLAIN_FILE.format(name=name))
                with os.fdopen(file, "rb") as stream:
                    files[name] = _bounded(name, stream)
        return _made(files, names)
    finally:
        os.close(root)


def _listed(folder: int) -> list[str]:
    names = []
    with os.scandir(folder) as entries:
        for entry in entries:
            names.append(entry.name)
            if len(names) > MAX_FILES:
                raise _Bad(TOO_MANY.format(most=MAX_FILES))
    return names


def _opened(name: str, root: int, flags: int) -> int:
    """Open what lies there itself; a link, to whatever, is not followed."""
    try:
        return os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | flags, dir_fd=root)
    except OSError as error:
        raise _Bad(NO_PLAIN_FILE.format(name=name)) from error


def _archive(path: Path) -> Taken:
    if path.stat().st_size > MAX_ARCHIVE:
        raise _Bad(TOO_LARGE.format(name="the archive", most=MAX_ARCHIVE))
    with path.open("rb") as stream:
        _look_at_end(stream)
        try:
            with zipfile.ZipFile(stream) as archive:
                return _unzipped(archive)
        except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError, RuntimeError) as error:
            raise _Bad(NO_ZIP) from error


def _look_at_end(stream: IO[bytes]) -> None:
    """See that the list of an archive's files is of a bounded size before it is read."""
    size = stream.seek(0, os.SEEK_END)
    stream.seek(max(size - _END_SIZE - _LOCATOR_SIZE, 0))
    tail = stream.read()
    end, before = tail[-_END_SIZE:], tail[:-_END_SIZE]
    plain = len(end) == _END_SIZE and end.startswith(_END) and end.endswith(b"\0\0")
    if not plain or before.startswith(_LOCATOR) or int.from_bytes(end[12:16], "little") > _MAX_DIRECTORY:
        raise _Bad(NO_ZIP)
    stream.seek(0)


def _unzipped(archive: zipfile.ZipFile) -> Taken:
    infos = archive.infolist()
    if len(infos) > MAX_FILES:
        raise _Bad(TOO_MANY.format(most=MAX_FILES))
    for info in infos:
        _see_name(info.orig_filename)
    names = [info.orig_filename for info in infos if not info.is_dir()]
    _distinct(names)
    files = {}
    for info in infos:
        name = info.orig_filename
        if name not in LIMITS:
            continue
        kind = stat.S_IFMT(info.external_attr >> 16)
        if kind not in (0, stat.S_IFREG):
            raise _Bad(NO_PLAIN_FILE.format(name=name))
        if info.flag_bits & 1 or info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise _Bad(ENCRYPTED.format(name=name))
        if info.file_size > LIMITS[name]:
            raise _Bad(TOO_LARGE.format(name=name, most=LIMITS[name]))
        try:
            with archive.open(info) as member:
                files[name] = _bounded(name, member)
        except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError) as error:
            raise _Bad(DAMAGED.format(name=name)) from error
    return _made(files, names)


def _see_name(name: str) -> None:
    """See that a name leads to a place inside, on every system."""
    parts = name.removesuffix("/").split("/")
    wrong = any(part in ("", ".", "..") for part in parts) or any(mark in name for mark in "\0\\:")
    if wrong or not name.isprintable():
        raise _Bad(OUTSIDE.format(name=ascii(name)[:100]))


def _distinct(names: list[str]) -> None:
    """See that no two names are one to some system, where one of them is a name that is taken."""
    for name in LIMITS:
        same = [other for other in names if _folded(other) == name]
        if same not in ([], [name]):
            raise _Bad(TWICE.format(name=name))


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold()


def _bounded(name: str, stream: IO[bytes]) -> bytes:
    """What stands in a file, read no further than it may go."""
    limit = LIMITS[name]
    kept = bytearray()
    while len(kept) <= limit and (part := stream.read(min(1 << 20, limit + 1 - len(kept)))):
        kept += part
    if len(kept) > limit:
        raise _Bad(TOO_LARGE.format(name=name, most=limit))
    return bytes(kept)


def _made(files: Mapping[str, bytes], names: list[str]) -> Taken:
    known = {*LIMITS, "renders"}
    others = sum(name not in known and name.partition("/")[0] not in _EXPECTED for name in names)
    notes = (OTHERS.format(files=plural(others, "file")),) if others else ()
    return Taken({name: data for name, data in files.items() if name not in _SHOWN_ELSEWHERE}, notes)
