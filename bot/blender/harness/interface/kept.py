"""Presets, read as they are when one is added."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import bpy

from bot.blender.harness.interface.known import is_known
from bot.blender.harness.interface.misfits import UnknownMenu
from bot.blender.harness.interface.returned import raise_at


def keep_preset(cls: Any) -> None:
    """Read what a preset keeps of the scene, under the lines of the file that say so.

    Raises:
        UnknownMenu: the presets are shown in what is not there.
        Exception: what it keeps is not there.
    """
    file = sys.modules[cls.__module__].__file__ or ""
    rows = Path(file).read_text(encoding="utf-8-sig", errors="replace").splitlines()
    menu = str(getattr(cls, "preset_menu", ""))
    if menu and not (is_known("Menu", menu) or is_known("Panel", menu)):
        said = f"the presets are shown in what is not there: {menu}"
        raise_at(file, row_of(rows, menu), UnknownMenu(said, "bpy.types", menu))
    names: dict[str, Any] = {"bpy": bpy}
    for what in ("preset_defines", "preset_values"):
        given = getattr(cls, what, ())
        for text in given if isinstance(given, (list, tuple)) else ():  # a property's depend on what is chosen
            code = compile("\n" * (row_of(rows, text) - 1) + text, file, "exec", dont_inherit=True)
            exec(code, names)  # noqa: S102  (Blender does the same with it)


def row_of(rows: list[str], text: str) -> int:
    """The line of a file that has a text in quotes; the first where none has."""
    return next((number for number, row in enumerate(rows, 1) if f'"{text}"' in row or f"'{text}'" in row), 1)
