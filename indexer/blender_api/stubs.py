"""Get the API table of a Blender release: from the cache, else from the stubs on the package index.

One JSON file per release and stub version lies in the folder the caller names. It holds data only,
and is checked when it is read: a file that does not fit is as good as none. Beside it the stubs
themselves are unpacked (9 MB a release) once a type checker asks for them.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, get_args

from indexer.blender_api.reader import read_stubs
from indexer.blender_api.stub_files import open_stubs
from indexer.blender_api.table import ApiTable, Entry, EntryKind
from indexer.errors import MissingError, Unreachable, UsageError
from indexer.places import cache_root, stubs_folder

FORMAT = 1
"""Counts up when the table's shape changes; older files are then left alone and made anew."""

DOWNLOAD_SECONDS = 120
"""A wheel has about 1 MB; an index that takes longer than this is as good as not there."""

UNPACKED = ".stubs"
"""What the name of a folder of unpacked stubs ends with."""

_RELEASE = re.compile(r"\d{1,2}\.\d{1,3}", re.ASCII)
_DEFAULTS: list[Any] = [0, "", (), (), None]
"""What the end of a row is when it was left out to save space."""

_KINDS: tuple[EntryKind, ...] = get_args(EntryKind)


def default_cache() -> Path:
    """The folder in the user's own cache where the tables are kept unless another is named."""
    return stubs_folder(cache_root())


def load(release: str, cache: Path) -> ApiTable | None:
    """The newest table of a release (`4.5`) in the cache; null when there is none that can be read."""
    for path in sorted(cache.glob(f"{_checked(release)}-*.v{FORMAT}.json"), reverse=True):
        with contextlib.suppress(OSError, ValueError, LookupError, TypeError):
            return _table(json.loads(path.read_bytes()), release)
    return None


def known(release: str, cache: Path) -> bool:
    """Whether the cache holds a table of a release; it is not read."""
    return any(cache.glob(f"{_checked(release)}-*.v{FORMAT}.json"))


def fetch(release: str, cache: Path, python: str = sys.executable) -> Path:
    """Download the stubs of a release with pip (or uv), read them, and store the table; returns its file.

    Raises:
        Unreachable: the package index does not answer, or has no stubs of this release.
        MissingError: what came cannot be read, or the cache cannot be written.
    """
    with tempfile.TemporaryDirectory(prefix="stubs-") as folder:
        table = read_stubs(download(release, Path(folder), python), release)
    return store(table, cache)


def download(release: str, folder: Path, python: str = sys.executable) -> Path:
    """Get the stub wheel of a release into a folder with pip (or uv); returns what `read_stubs` takes.

    Raises:
        Unreachable: the package index does not answer, or has no stubs of this release.
        MissingError: pip cannot be started.
    """
    return _download(f"fake-bpy-module-{_checked(release)}", folder, python)


def obtain(release: str, cache: Path, python: str = sys.executable, *, install: bool = True) -> ApiTable | None:
    """The table from the cache, else (if `install`) from the package index; null when neither has it."""
    table = load(release, cache)
    if table is None and install:
        with contextlib.suppress(MissingError):
            fetch(release, cache, python)
        table = load(release, cache)
    return table


def unpacked(release: str, cache: Path, python: str = sys.executable, *, install: bool = True) -> Path | None:
    """The folder of a release's stubs as a type checker takes it: from the cache, else (if `install`) from the index.

    Null when neither has it. Whoever asks meanwhile in another process gets the whole folder or none.
    """
    folder = _newest_folder(release, cache)
    if folder is None and install:
        with contextlib.suppress(MissingError), tempfile.TemporaryDirectory(prefix="stubs-") as temporary:
            folder = unpack(download(release, Path(temporary), python), release, cache)
    return folder


def unpack(source: Path, release: str, cache: Path) -> Path:
    """Write the `.pyi` files of a stub package to a folder of the cache; returns it.

    Raises:
        MissingError: the package cannot be read, or the cache cannot be written.
    """
    try:
        cache.mkdir(parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(dir=cache, prefix=".unpacked-"))
    except OSError as error:
        raise _unwritable(cache, error) from error
    try:
        temporary.chmod(0o755)
        with open_stubs(source) as files:
            for name, data in files.sources():
                file = temporary / name
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(data)
        folder = cache / f"{_checked(release)}-{files.version}{UNPACKED}"
        with contextlib.suppress(FileExistsError, NotADirectoryError):
            temporary.rename(folder)
    except OSError as error:
        if _newest_folder(release, cache) is None:  # else another process was faster, and its folder is as good
            raise _unwritable(cache, error) from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    found = _newest_folder(release, cache)
    if found is None:
        raise MissingError(f"The stubs of Blender {release} could not be unpacked.", "Delete them and try again.")
    return found


def _newest_folder(release: str, cache: Path) -> Path | None:
    folders = sorted(cache.glob(f"{_checked(release)}-*{UNPACKED}"), reverse=True)
    return next((folder for folder in folders if folder.is_dir()), None)


def _unwritable(cache: Path, error: OSError) -> MissingError:
    return MissingError(f"{cache} cannot be written: {error.strerror}", "Free some space, or name another folder.")


def store(table: ApiTable, cache: Path) -> Path:
    """Write a table to the cache; another process that reads meanwhile sees the old file or the new one.

    Raises:
        MissingError: the cache cannot be written.
    """
    path = cache / f"{table.release}-{table.stubs}.v{FORMAT}.json"
    try:
        cache.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=cache, prefix=".table-")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(_plain(table), file, separators=(",", ":"))
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except OSError as error:
        raise _unwritable(cache, error) from error
    return path


def _download(package: str, folder: Path, python: str) -> Path:
    """The wheel, or the folder it was unpacked to by uv: environments that uv makes have no pip."""
    pip = [python, "-m", "pip", "download", "--no-deps", "--only-binary=:all:", "--no-input", "--quiet"]
    pip += ["--disable-pip-version-check", "--retries=1", "--timeout=15", f"--dest={folder}", package]
    finished = _run(pip, folder)
    if "No module named pip" in finished.stderr:
        from uv import find_uv_bin

        uv = [find_uv_bin(), "pip", "install", "--no-deps", "--only-binary=:all:", "--quiet"]
        finished = _run([*uv, f"--python={python}", f"--target={folder}", package], folder)
    if finished.returncode != 0:
        lines = [line.strip() for line in finished.stderr.splitlines() if line.strip()]
        reason = next((line for line in reversed(lines) if line.startswith("ERROR")), lines[-1] if lines else "")
        raise Unreachable(
            f"The stubs {package} could not be downloaded. {reason[:300]}".strip(),
            f"Check the network, then try: {python} -m pip download --no-deps {package}",
        )
    return next(folder.glob("*.whl"), folder)


def _run(command: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    try:
        # Away from the current folder: `python -m` would look for a module `pip` there first.
        return subprocess.run(
            command, cwd=folder, capture_output=True, text=True, timeout=DOWNLOAD_SECONDS, errors="replace"
        )
    except subprocess.TimeoutExpired as error:
        raise Unreachable(
            f"The package index did not answer within {DOWNLOAD_SECONDS} s.", "Try again later."
        ) from error
    except OSError as error:
        raise MissingError(f"{command[0]} cannot be started: {error.strerror}", "Name another Python.") from error


def _checked(release: str) -> str:
    if not _RELEASE.fullmatch(release):
        raise UsageError(f"{release!r} is no Blender release.", "Write it as 4.5.")
    return release


def _plain(table: ApiTable) -> dict[str, Any]:
    def row(entry: Entry) -> list[Any]:
        values = [_KINDS.index(entry.kind), entry.text, entry.signatures, entry.bases, entry.enums or {}]
        while len(values) > 1 and not values[-1]:
            values.pop()
        return values

    return {
        "format": FORMAT,
        "release": table.release,
        "stubs": table.stubs,
        "items": table.items,
        "entries": {symbol: row(entry) for symbol, entry in table.entries.items()},
    }


def _table(data: Any, release: str) -> ApiTable:
    if data["format"] != FORMAT or data["release"] != release:
        raise ValueError("another table than the file's name says")
    items = tuple(tuple(map(str, names)) for names in data["items"])
    return ApiTable(release, str(data["stubs"]), _entries(data["entries"], len(items)), items)


def _entries(rows: dict[str, list[Any]], enums: int) -> dict[str, Entry]:
    entries: dict[str, Entry] = {}
    for symbol, row in rows.items():
        full: list[Any] = row + _DEFAULTS[len(row) :]
        kind, text, signatures, bases, items = full
        if items and not all(0 <= index < enums for index in items.values()):
            raise ValueError(f"{symbol} names enum items that are not there")
        entries[symbol] = Entry(symbol, _KINDS[kind], text, tuple(signatures), tuple(bases), items)
    return entries
