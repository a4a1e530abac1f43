"""Files for operators that read or write one."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import bpy

from bot.blender.harness.code.classes import operator_name, properties_of
from bot.blender.harness.inputs.binaries import BINARIES
from bot.blender.harness.inputs.exported import PICTURES, WRITERS
from bot.blender.harness.inputs.given import Given, give
from bot.blender.harness.inputs.texts import TEXTS

FILE_PROPERTIES = frozenset({"filepath", "directory", "files", "filename"})
KNOWN = frozenset({*BINARIES, *TEXTS, *WRITERS, *PICTURES, ".blend"})
"""Endings there may be a file of."""
_ENDING = re.compile(r"\.\w+")
_WRITES = re.compile(r"export|save|write")
"""In what an operator is called."""


@dataclass(frozen=True)
class Files:
    """What an operator does with files, and the values of its properties that name one."""

    values: dict[str, Any]
    writes: bool = False
    given: Given | None = None
    """The file it reads."""
    written: str = ""
    """The name of the one it writes."""

    @property
    def ending(self) -> str:
        """Of the file it reads or writes, in lower case."""
        return self.given.ending if self.given is not None else os.path.splitext(self.written)[1].lower()


def files_folder(scratch: str) -> str:
    """Where files lie that operators are given, and those they write."""
    return os.path.join(scratch, "files")


def files_of(cls: Any, scratch: str, words: frozenset[str] = frozenset()) -> Files | None:
    """Values for an operator's file properties; null: it reads a format that cannot be made up.

    `words` are those of its code: an ending it speaks of is one it may read.
    """
    wanted = _wanted(cls)
    if not wanted:
        return Files({})
    folder = files_folder(scratch)
    os.makedirs(folder, exist_ok=True)
    endings = endings_of(cls)
    called = " ".join([cls.bl_rna.identifier, str(getattr(cls, "bl_label", "")), cls.__name__]).lower()
    if "check_existing" in properties_of(cls) or _WRITES.search(called):
        name = "made" + (endings[0] if endings else ".txt")
        return Files(_values(cls, wanted, folder, name), writes=True, written=name)
    spoken = sorted({one for word in words for one in _ENDING.findall(word.lower())} & KNOWN)
    pictures = [".png"] if "image" in called and not endings else []
    given = give(folder, [*endings, *pictures, *(spoken if not endings else ())])
    return Files(_values(cls, wanted, folder, given.name), given=given) if given is not None else None


def named(cls: Any, scratch: str, name: str) -> dict[str, Any]:
    """Values for an operator's file properties that name this file of the folder."""
    return _values(cls, _wanted(cls), files_folder(scratch), name)


def _wanted(cls: Any) -> list[str]:
    return [
        prop.identifier
        for prop in properties_of(cls)
        if prop.identifier in FILE_PROPERTIES
        or (prop.type == "STRING" and prop.subtype in {"FILE_PATH", "DIR_PATH", "FILE_NAME"} and not prop.default)
    ]


def endings_of(cls: Any) -> list[str]:
    """The endings an operator says it is for, in lower case, its own first."""
    return list(dict.fromkeys(one.lower() for one in _endings(cls)))


def _endings(cls: Any) -> Iterator[str]:
    own = str(getattr(cls, "filename_ext", "") or "")
    if own.startswith("."):
        yield own
    properties = properties_of(cls)
    if "filter_glob" in properties:
        yield from _ENDING.findall(properties["filter_glob"].default)
    name = operator_name(cls)
    for handler in getattr(getattr(bpy.types, "FileHandler", None), "__subclasses__", list)():
        if getattr(handler, "bl_import_operator", "") == name:
            yield from _ENDING.findall(getattr(handler, "bl_file_extensions", ""))


def _values(cls: Any, wanted: list[str], folder: str, name: str) -> dict[str, Any]:
    properties = properties_of(cls)
    values: dict[str, Any] = {}
    for identifier in wanted:
        prop = properties[identifier]
        if identifier == "files":
            values["files"] = [{"name": name}]
        elif identifier == "directory" or prop.subtype == "DIR_PATH":
            values[identifier] = folder + os.sep
        elif prop.type == "STRING":
            values[identifier] = name if prop.subtype == "FILE_NAME" else os.path.join(folder, name)
    return values
