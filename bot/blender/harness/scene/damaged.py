"""Files that are not what their reader expects: cut short while they were written, or written by somebody else."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

DAMAGED: tuple[bytes, ...] = (
    b"",
    b'{"a": [',
    b"[]\n",
    b"[Section]\nkey\nodd-key, not a word\n",
    b"key = value\n",
    b"a,b,c\n1\n",
    b"<a><b></a>\n",
    b"1 2 three\n",
    b"\x00\xff\xfe\x00",
)
"""Of JSON, settings, tables, XML, numbers: nothing, half of it, something else; and what is no text."""


def names_file(parameter: str) -> bool:
    """Whether a parameter or variable of this name holds the path of a file, going by the name."""
    words = parameter.lower().strip("_").replace("filepath", "path").replace("filename", "path").split("_")
    return bool({"path", "file", "fp", "fname", "json", "ini", "cfg"} & set(words)) and "dir" not in words


@contextlib.contextmanager
def kept(path: str, data: bytes) -> Iterator[None]:
    """A file where none is, for a while: nothing that was there is touched, and nothing stays.

    Raises:
        FileExistsError: there is something of that name.
    """
    file = Path(path)
    new = [folder for folder in file.parents if not folder.exists()]
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        with file.open("xb") as stream:
            stream.write(data)
        try:
            yield
        finally:
            file.unlink(missing_ok=True)
    finally:
        for folder in new:  # the innermost first
            with contextlib.suppress(OSError):
                os.rmdir(folder)
