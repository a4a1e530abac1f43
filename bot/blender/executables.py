"""Blender executables: where people keep them, and which version each is."""

from __future__ import annotations

import contextlib
import json
import os
import re
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bot.blender.base import Runtime
from bot.cache import known_folder
from bot.errors import MissingError
from bot.models.release import Release

_ASK_SECONDS = 5.0
_VERSION = re.compile(rb"^Blender (\d{1,2}\.\d{1,3}(?:\.\d{1,3})?)", re.MULTILINE)
_USUAL = (
    "/opt/blender*/blender",
    "/opt/blender*/*/blender",
    "/usr/local/blender*/blender",
    "/snap/blender/current/blender",
    "/var/lib/flatpak/app/org.blender.Blender/current/active/files/blender/blender",
    "/Applications/Blender*.app/Contents/MacOS/Blender",
)
_USUAL_AT_HOME = (
    "blender*/blender",
    "Applications/blender*/blender",
    "Applications/Blender*.app/Contents/MacOS/Blender",
    ".local/share/blender*/blender",
    ".local/share/flatpak/app/org.blender.Blender/current/active/files/blender/blender",
)


def candidates() -> Iterator[Path]:
    """Where an executable may lie on this machine: `PATH` and the usual install places."""
    for folder in os.get_exec_path():
        if Path(folder).is_absolute() and folder != "/snap/bin":  # what lies there only starts a confined one
            yield Path(folder, "blender")
            yield from _matches(Path(folder), "blender-[0-9]*")
    for pattern in _USUAL:
        yield from _matches(Path("/"), pattern[1:])
    with contextlib.suppress(RuntimeError):
        home = Path.home()
        for pattern in _USUAL_AT_HOME:
            yield from _matches(home, pattern)


def _matches(folder: Path, pattern: str) -> list[Path]:
    try:
        return sorted(folder.glob(pattern))
    except OSError:
        return []


@dataclass
class Versions:
    """Which version each executable is; asked once, then remembered until the file changes."""

    cache: Path | None = None
    _known: dict[str, str] | None = field(default=None, repr=False)

    def of(self, executable: Path) -> str | None:
        """The full version (`4.5.15`), or null if it is no Blender or does not answer."""
        try:
            status = executable.stat()
        except OSError:
            return None
        key = f"{executable}|{status.st_mtime_ns}|{status.st_size}"
        known = self._read()
        if key not in known:
            version = _ask(executable)
            if version is None:
                return None
            known[key] = version
            self._write(known)
        return known[key]

    def _file(self) -> Path:
        return known_folder(root=self.cache) / "executables.json"

    def _read(self) -> dict[str, str]:
        if self._known is None:
            self._known = {}
            with contextlib.suppress(OSError, ValueError, MissingError):
                found = json.loads(self._file().read_text(encoding="utf-8"))
                if isinstance(found, dict):
                    self._known = {
                        key: value
                        for key, value in found.items()
                        if isinstance(value, str) and _VERSION.match(f"Blender {value}".encode())
                    }
        return self._known

    def _write(self, known: dict[str, str]) -> None:
        with contextlib.suppress(OSError, MissingError):
            file = self._file()
            descriptor, temporary = tempfile.mkstemp(dir=file.parent)
            with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
                json.dump(known, stream)
            Path(temporary).replace(file)


def _ask(executable: Path) -> str | None:
    try:
        answer = subprocess.run(
            [str(executable), "--version"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=_ASK_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    match = _VERSION.search(answer.stdout[:10_000])
    return match[1].decode() if match else None


def executable_runtime(path: Path, versions: Versions) -> Runtime | None:
    """The runtime an executable is, or null if it is none."""
    if not (path.is_file() and os.access(path, os.X_OK)):
        return None
    real = path.resolve()
    version = versions.of(real)
    if version is None:
        return None
    shown = () if real.is_relative_to("/usr/bin") else (real.parent,)
    return Runtime(release=Release.parse(version), version=version, kind="executable", path=real, readable=shown)
