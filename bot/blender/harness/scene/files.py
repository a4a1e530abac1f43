"""Files for operators that read or write one."""

from __future__ import annotations

import os
import re
import struct
import zlib
from pathlib import Path
from typing import Any

from bot.blender.harness.code.classes import properties_of

IMAGE_ENDINGS = (".png", ".jpg", ".jpeg", ".bmp", ".tga", ".tif", ".tiff", ".exr", ".hdr")
FILE_PROPERTIES = frozenset({"filepath", "directory", "files", "filename"})
_OBJ = "o Cube\nv 0 0 0\nv 1 0 0\nv 1 1 0\nv 0 1 0\nf 1 2 3 4\n"
_PLY = (
    "ply\nformat ascii 1.0\nelement vertex 3\nproperty float x\nproperty float y\nproperty float z\n"
    "element face 1\nproperty list uchar int vertex_indices\nend_header\n0 0 0\n1 0 0\n0 1 0\n3 0 1 2\n"
)
_STL = (
    "solid a\nfacet normal 0 0 1\nouter loop\nvertex 0 0 0\nvertex 1 0 0\nvertex 0 1 0\nendloop\nendfacet\nendsolid a\n"
)


def write_png(path: str, size: int = 8) -> None:
    """A small orange picture."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    rows = b"".join(b"\0" + b"\xe0\x80\x20" * size for _ in range(size))
    header = struct.pack(">IIBBBBB", size, size, 8, 2, 0, 0, 0)
    data = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    Path(path).write_bytes(data)


def files_folder(scratch: str) -> str:
    """Where files lie that operators are given, and those they write."""
    return os.path.join(scratch, "files")


def file_arguments(cls: Any, scratch: str) -> dict[str, Any] | None:
    """Values for an operator's file properties; None: it reads a format that cannot be made up."""
    properties = properties_of(cls)
    wanted = [
        prop.identifier
        for prop in properties
        if prop.identifier in FILE_PROPERTIES
        or (prop.type == "STRING" and prop.subtype in {"FILE_PATH", "DIR_PATH", "FILE_NAME"} and not prop.default)
    ]
    if not wanted:
        return {}
    folder = files_folder(scratch)
    os.makedirs(folder, exist_ok=True)
    words = " ".join([cls.bl_rna.identifier, str(getattr(cls, "bl_label", "")), cls.__name__]).lower()
    pattern = properties["filter_glob"].default if "filter_glob" in properties else ""
    ending = str(getattr(cls, "filename_ext", "") or "") or next(iter(re.findall(r"\.\w+", pattern)), "")
    if "check_existing" in properties or "export" in words or "save" in words:
        name = "made" + (ending or ".txt")
    else:
        name = _input_file(folder, ending, re.findall(r"\.\w+", pattern), words)
        if not name:
            return None
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


def _input_file(folder: str, ending: str, endings: list[str], words: str) -> str:
    """The name of a file that can be read by an importer of such endings; empty: none can be made."""
    known = [one.lower() for one in [ending, *endings] if one]
    picture = next((one for one in known if one in IMAGE_ENDINGS), "") or ("image" in words and ".png")
    if picture:
        write_png(os.path.join(folder, "given.png"))
        return "given.png"
    for one, text in ((".obj", _OBJ), (".ply", _PLY), (".stl", _STL)):
        if one in known:
            Path(folder, "given" + one).write_text(text, encoding="ascii")
            return "given" + one
    return ""
