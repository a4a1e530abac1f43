"""The frozen values of the index: what is found in files, and what a search returns."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Literal

SymbolKind = Literal["function", "method", "class"]
HitKind = Literal["api", "code"]


@dataclass(frozen=True)
class Symbol:
    """A function, method or class of a file. Lines count from 1, `end` included; decorators belong to it.

    `name` is qualified inside its module (`Panel.draw`), `qualified` from the repository root
    (`addon.ui.Panel.draw`).
    """

    path: str
    name: str
    qualified: str
    kind: SymbolKind
    start: int
    end: int

    def encloses(self, line: int) -> bool:
        """Whether the line is one of its own."""
        return self.start <= line <= self.end


@dataclass(frozen=True)
class Chunk:
    """A piece of text as it is indexed, addressed by what it says: equal text is one chunk."""

    symbol: Symbol
    text: str

    @property
    def key(self) -> str:
        """SHA-256 of the text."""
        return hashlib.sha256(self.text.encode("utf-8", "surrogateescape")).hexdigest()


@dataclass(frozen=True)
class Hit:
    """One result of a search.

    `symbol` is fully qualified, for the API as Blender's documentation spells it. `path` is relative
    to the repository; for the API it is the documentation's page, and `start` and `end` are 0.
    `score` is 1 for the name itself, less for anything like it. `citation` is `path:start-end@commit`
    or a documentation URL; `text` comes from outside and is to be treated as such.
    """

    path: str
    start: int
    end: int
    symbol: str
    kind: HitKind
    release: str | None
    score: float
    citation: str
    text: str
