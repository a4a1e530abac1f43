"""Menus, panels and lists there are, by name: those of Python, and those Blender made for itself."""

from __future__ import annotations

import mmap
import os
from functools import cache
from pathlib import Path

import bpy


def is_known(kind: str, name: str) -> bool:
    """Whether there is a `Menu`, a `Panel` or a `UIList` of that name."""
    cls = getattr(bpy.types, name, None)
    if isinstance(cls, type):
        return issubclass(cls, getattr(bpy.types, kind))
    return made_by_blender(name)


@cache
def made_by_blender(name: str) -> bool:
    """Whether it may be one Python does not know of, made in C: Blender's own files mention it."""
    return _in_scripts(name) or _in_program(name)


def _in_scripts(name: str) -> bool:
    scripts = Path(bpy.utils.system_resource("SCRIPTS"))
    quoted = f'"{name}"'.encode()
    files = [*scripts.glob("startup/**/*.py"), *scripts.glob("presets/keyconfig/**/*.py")]
    return any(quoted in file.read_bytes() for file in files)


def _in_program(name: str) -> bool:
    word = name.encode() + b"\0"
    for path in _program():
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            if data.find(word) >= 0:
                return True
    return False


def _program() -> list[Path]:
    """The file Blender runs from: an executable, or the library of the `bpy` wheel."""
    if bpy.app.binary_path:
        return [Path(os.path.realpath(bpy.app.binary_path))]
    return [path for path in Path(bpy.utils.resource_path("LOCAL")).parent.glob("__init__.*") if path.suffix != ".py"]
