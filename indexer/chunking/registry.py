"""Which chunker takes which file."""

from __future__ import annotations

from functools import cache
from pathlib import PurePosixPath

from indexer.chunking.base import Chunked, Chunker
from indexer.chunking.glsl import GLSL
from indexer.chunking.python import PythonChunker
from indexer.chunking.text import BLOCKS, PROSE

CHUNKERS: tuple[Chunker, ...] = (PythonChunker(), GLSL, *PROSE, *BLOCKS)
"""Every chunker. To teach the index a language, write its file and add it here."""

_BY_NAME = {"readme": ".txt", "changelog": ".txt", "makefile": ".sh", "dockerfile": ".sh"}
"""Files without a suffix that say something, and what they are read as."""


@cache
def by_suffix() -> dict[str, Chunker]:
    """The chunkers by the endings of their files, lower case, with the dot."""
    return {suffix: chunker for chunker in CHUNKERS for suffix in sorted(chunker.suffixes)}


def chunker_for(path: str) -> Chunker | None:
    """The chunker of a file by its name; nothing for files of kinds that are not indexed."""
    file = PurePosixPath(path)
    suffix = file.suffix.lower() or _BY_NAME.get(file.name.lower(), "")
    return by_suffix().get(suffix)


def chunk_file(path: str, data: bytes) -> Chunked | None:
    """Cut a file; nothing if no chunker takes it. `path` is relative to the root, with forward slashes."""
    chunker = chunker_for(path)
    return chunker.chunk(path, data) if chunker is not None else None
