"""Python environments that hold the `bpy` wheel: read without starting anything."""

from __future__ import annotations

import contextlib
import json
import os
import re
from pathlib import Path

from bot.blender.base import Runtime
from bot.models.release import Release

MARKER = "bcrag.json"
"""Lies in every environment bcrag made. Its modification time is when a run last used it."""

_DIST_INFO = re.compile(r"bpy-(\d{1,2}\.\d{1,3}\.\d{1,3})\.dist-info")


def environment_runtime(folder: Path) -> Runtime | None:
    """The runtime an environment is, or null if it holds no `bpy` or its Python is gone."""
    python = folder / "bin" / "python"
    if not python.exists():
        return None
    versions = [
        match[1]
        for found in folder.glob("lib/python3.*/site-packages/bpy-*.dist-info")
        if (match := _DIST_INFO.fullmatch(found.name)) and (found / "METADATA").is_file()
    ]
    if len(versions) != 1:
        return None
    return Runtime(
        release=Release.parse(versions[0]),
        version=versions[0],
        kind="module",
        path=python,
        managed=(folder / MARKER).is_file(),
        readable=_needed(folder, python),
    )


def site_packages(runtime: Runtime) -> Path | None:
    """Where the environment's packages lie."""
    return next(iter(sorted(runtime.path.parent.parent.glob("lib/python3.*/site-packages"))), None)


def write_marker(folder: Path, version: str) -> None:
    """Say that bcrag made the environment."""
    text = json.dumps({"made by": "bcrag", "version": version})
    (folder / MARKER).write_text(text + "\n", encoding="utf-8")
    (folder / MARKER).chmod(0o644)


def last_used(runtime: Runtime) -> float | None:
    """When a run last used a managed Blender, in seconds since 1970; null where that is not known."""
    try:
        return (runtime.path.parent.parent / MARKER).stat().st_mtime
    except OSError:
        return None


def touch(runtime: Runtime) -> None:
    """Remember that a managed Blender is used now."""
    if runtime.managed:
        with contextlib.suppress(OSError):
            os.utime(runtime.path.parent.parent / MARKER)


def _needed(folder: Path, python: Path) -> tuple[Path, ...]:
    """The environment, and the Python installations its links lead through, outside /usr."""
    needed = [folder]
    hop = python
    for _ in range(10):
        if not hop.is_symlink():
            break
        hop = hop.parent / hop.readlink()
        needed.append(hop.parent.parent)
    needed.append(python.resolve().parent.parent)
    unique = dict.fromkeys(Path(path).absolute() for path in needed)
    return tuple(
        path
        for path in unique
        if path == folder or not (path.is_relative_to("/usr") or folder in path.parents or path == Path("/"))
    )
