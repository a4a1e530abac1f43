"""Regex chunks, as the straightforward pipeline makes them: a file cut before every `def` and `class`."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from indexer.evaluation.systems import Place, Snapshot

_DEFINITION = re.compile(r"^[ \t]*(?:async[ \t]+def|def|class)\b", re.MULTILINE)


@dataclass(frozen=True)
class Piece:
    """A chunk with its lines (from 1, both included)."""

    path: str
    start: int
    end: int
    text: str

    @cached_property
    def key(self) -> str:
        """SHA-256 of its text."""
        return hashlib.sha256(self.text.encode("utf-8", "replace")).hexdigest()

    @property
    def place(self) -> Place:
        """Where it is."""
        return Place(self.path, self.start, self.end)


def cut(path: str, text: str) -> Iterator[Piece]:
    """The pieces of a file in order; blank ones are left out."""
    starts = [match.start() for match in _DEFINITION.finditer(text)]
    edges = [0, *(start for start in starts if start), len(text)]
    line = 1
    for begin, end in pairwise(edges):
        body = text[begin:end]
        lines = body.count("\n") + (not body.endswith("\n"))
        if body.strip():
            yield Piece(path, line, line + max(lines, 1) - 1, body)
        line += body.count("\n")


class PieceTrees:
    """The pieces of one tree after the other; a blob is cut once."""

    def __init__(self, suffixes: Sequence[str] = (".py",)) -> None:
        self._suffixes = tuple(suffixes)
        self._texts: dict[str, str] = {}
        self._commit = ""
        self._pieces: list[Piece] = []

    def load(self, snapshot: Snapshot) -> list[Piece]:
        """Every piece of a tree."""
        if snapshot.commit != self._commit:
            files = {path: blob for path, blob in snapshot.files.items() if path.endswith(self._suffixes)}
            new = [blob for blob in dict.fromkeys(files.values()) if blob not in self._texts]
            for blob, data in zip(new, snapshot.read(new), strict=True):
                self._texts[blob] = data.decode("utf-8", "replace")
            self._pieces = [piece for path in sorted(files) for piece in cut(path, self._texts[files[path]])]
            self._commit = snapshot.commit
        return self._pieces


def places(pieces: Sequence[Piece], numbers: Sequence[int]) -> list[Place]:
    """Where the pieces of these numbers are."""
    return [pieces[number].place for number in numbers]


def kept(
    cache: dict[str, list[str]], pieces: Sequence[Piece], make: Callable[[list[str]], list[list[str]]]
) -> Mapping[str, list[str]]:
    """The cache, with what `make` makes of the pieces that were not in it."""
    new = {piece.key: piece.text for piece in pieces if piece.key not in cache}
    cache.update(zip(new, make(list(new.values())), strict=True))
    return cache
