"""What a chunker is: one per language, cutting a file into chunks that can be read by themselves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from indexer.models import Chunk

MAX_CHARACTERS = 1_500
"""About how long a chunk's text may be; what is longer is split where its language allows."""


@dataclass(frozen=True)
class Chunked:
    """What a file gave. `imports` are dotted module names, relative ones resolved by the file's path."""

    language: str
    chunks: tuple[Chunk, ...]
    imports: tuple[str, ...] = ()


class Chunker(Protocol):
    """Cuts files of one language. Never raises on any bytes: a broken file gives what can be read of it."""

    @property
    def language(self) -> str:
        """Its name: `python`, `glsl`, `markdown`, …"""
        ...

    @property
    def suffixes(self) -> frozenset[str]:
        """The endings of its files, lower case, with the dot."""
        ...

    def chunk(self, path: str, data: bytes) -> Chunked:
        """Cut a file; `path` is relative to the repository root, with forward slashes."""
        ...
