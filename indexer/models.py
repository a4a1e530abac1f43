"""The frozen values of the index: what is found in files, what is stored, and what a search returns."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

Progress = Callable[[str, int, int], None]
"""Called with a stage (`reading`, `embedding`, `writing`), how much of it is done, and how much there is."""

SymbolKind = Literal["function", "method", "class"]
HitKind = Literal["api", "code", "doc", "fix"]
"""`api`: Blender's; `code` and `doc`: the repository's; `fix`: a past commit that repaired something."""


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


@dataclass(frozen=True, slots=True)
class Facts:
    """What structure knows of a piece of code. Names are as the code writes them, each once, in order.

    `blender` is what Blender sees in it (`operator`, `panel`, `property group`, `handler`,
    `registration`, …), `blender_id` its `bl_idname` where it has one.
    """

    decorators: tuple[str, ...] = ()
    bases: tuple[str, ...] = ()
    calls: tuple[str, ...] = ()
    raises: tuple[str, ...] = ()
    blender: str = ""
    blender_id: str = ""


@dataclass(frozen=True)
class Chunk:
    """A piece of text as it is indexed, addressed by what it says: equal text is one chunk.

    `role` says what it is: `function`, `method`, `class`, `module` (code outside definitions),
    `section` (of a text), for the API the kind of its symbol, for a fix `commit`. `name` is qualified
    inside its file, `symbol` fully, as the rest of the world spells it. `context` is the ancestor
    window: what must be known to read `text`; the two together are what is embedded. `terms` are
    further words it is found by. Of a symbol cut into several, `part` counts from 1; else it is 0.
    `prior` (0 to 1) says how likely anybody asks for it. `commit` is the one a fix was made by.
    """

    kind: HitKind
    role: str
    path: str
    start: int
    end: int
    name: str
    symbol: str
    text: str
    context: str = ""
    language: str = ""
    part: int = 0
    terms: str = ""
    facts: Facts = field(default_factory=Facts)
    prior: float = 0.0
    commit: str = ""

    @property
    def embedded(self) -> str:
        """What an embedder gets to see."""
        return f"{self.context}\n{self.text}" if self.context else self.text

    @cached_property
    def key(self) -> str:
        """SHA-256 of what is embedded."""
        return hashlib.sha256(self.embedded.encode("utf-8", "surrogateescape")).hexdigest()


@dataclass(frozen=True)
class IndexedFile:
    """A file with its chunks. `blob` is git's id of its bytes; `skipped` says why it has no chunks.

    `imports` are the dotted names of the modules it imports, relative ones resolved.
    """

    path: str
    blob: str
    size: int
    language: str = ""
    chunks: tuple[Chunk, ...] = ()
    imports: tuple[str, ...] = ()
    skipped: str = ""


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


@dataclass(frozen=True)
class Filter:
    """What a search may return; an empty tuple allows everything. `paths` are shell-style patterns."""

    kinds: tuple[HitKind, ...] = ()
    paths: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.kinds or self.paths or self.languages)


@dataclass(frozen=True)
class UpdateStats:
    """What an update did: files and chunks the index now holds; chunks embedded, reused and removed by it.

    `reused` counts chunks of changed files whose embedding was already there; `skipped` gives the
    reason by path.
    """

    files: int
    chunks: int
    embedded: int
    reused: int
    removed: int
    seconds: float
    skipped: Mapping[str, str] = field(default_factory=dict)
