"""The files of a stub package (`fake-bpy-module-X.Y`), from its wheel or the folder it was unpacked to."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from zipfile import BadZipFile, ZipFile

from indexer.errors import MissingError

MAX_STUB_BYTES = 32 * 1024**2
"""No stub file is near this size (the largest has 4 MB); a larger one is not what it says it is."""

ENUM_ALIASES = "bpy.stub_internal"
"""Where the names of enum items stand that the other files refer to; not itself a part of the API."""

SHALLOW = ("bl_ui", "bl_operators", "bl_i18n_utils", "keyingsets_builtins", "freestyle")
"""Blender's user interface in Python: add-ons import some of its modules and draw functions, hardly
ever anything deeper, and it is a quarter of the stubs."""

_SUFFIX = "-stubs"
_DIST_INFO = re.compile(r"^fake_bpy_module\w*?-(\d+)\.dist-info/", re.ASCII)
_Files = Mapping[str, Callable[[], bytes]]


@dataclass(frozen=True)
class StubFiles:
    """An open stub package. `version` is its own (`20260730`), not Blender's."""

    version: str
    _files: _Files

    def modules(self) -> Iterator[tuple[str, bytes]]:
        """Every module with its source, the enum aliases first: the others refer to them."""
        for name in sorted(self._files, key=lambda name: ("rna_enums" not in name, name)):
            if (module := _module_of(name)) is not None:
                yield module, self._files[name]()

    def sources(self) -> Iterator[tuple[PurePosixPath, bytes]]:
        """Every stub file with the relative path a type checker looks for it at."""
        for name, read in sorted(self._files.items()):
            path = PurePosixPath(name)
            if _module_of(name) is not None and ".." not in path.parts and not path.is_absolute():
                yield path, read()


@contextmanager
def open_stubs(source: Path) -> Iterator[StubFiles]:
    """Open a stub wheel, or the folder one was unpacked to.

    Raises:
        MissingError: it cannot be read, when it is opened or later.
    """
    try:
        with ExitStack() as open_files:
            files = _files_in(source) if source.is_dir() else _members_of(open_files.enter_context(ZipFile(source)))
            yield StubFiles(_version(files), files)
    except (BadZipFile, OSError, KeyError) as error:
        raise MissingError(f"{source.name} cannot be read: {error}", "Delete it and try again.") from error


def _members_of(archive: ZipFile) -> _Files:
    return {
        info.filename: partial(archive.read, info)
        for info in archive.infolist()
        if _sized(info.filename, info.file_size)
    }


def _files_in(folder: Path) -> _Files:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes
        for path in folder.rglob("*")
        if path.is_file() and _sized(path.name, path.stat().st_size)
    }


def _sized(name: str, size: int) -> bool:
    if size > MAX_STUB_BYTES:
        raise MissingError(f"{name} has {size:,} bytes, which no API stub has.", "Report it, please.")
    return True


def _version(names: Iterable[str]) -> str:
    return next((match[1] for name in names if (match := _DIST_INFO.match(name))), "0")


def _module_of(name: str) -> str | None:
    path = PurePosixPath(name)
    if path.suffix != ".pyi" or not path.parts[0].endswith(_SUFFIX):
        return None
    parts = [path.parts[0].removesuffix(_SUFFIX), *path.parts[1:-1]]
    if path.stem != "__init__":
        parts.append(path.stem)
    return ".".join(parts)
