"""What a store is: the files, chunks and vectors of one corpus (a checkout, or one release's API).

Reading sees one consistent state. Writing is one transaction: killed at any instant, the store is
the old one or the new one. Vectors are the exception that cannot hurt: they are keyed by what they
say, (model, chunk key), and are kept as soon as they are computed. So are the weights of words
that some models give beside them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from indexer.embedders.base import Vectors
from indexer.models import Chunk, Filter, IndexedFile

Scored = tuple[int, float]
"""A chunk's number in its store, and how well it fits: larger is better."""


@dataclass(frozen=True)
class Info:
    """What a store is about.

    `corpus` names it (`code` for a checkout, `api 4.5`), `source` says where it came from (a commit,
    or a version of the stubs), `model` is the embedder's name (empty: none) and `embedder` how it was
    asked for, `generation` counts its updates (0: nothing was ever written).
    """

    corpus: str = ""
    source: str = ""
    model: str = ""
    dimensions: int = 0
    embedder: str = ""
    generation: int = 0


@dataclass(frozen=True)
class FileState:
    """What the store knows of a file without opening it; `stat` is whatever the reader put there."""

    blob: str
    stat: str = ""


@dataclass(frozen=True)
class NameRow:
    """A chunk's names, for looking symbols up: no text is read for it."""

    id: int
    path: str
    role: str
    name: str
    symbol: str
    part: int
    prior: float


class Writer(Protocol):
    """The open transaction."""

    def put(self, file: IndexedFile, stat: str = "") -> None:
        """Add a file, or replace the one of that path."""
        ...

    def touch(self, path: str, stat: str) -> None:
        """A file is the same although it was touched."""
        ...

    def remove(self, path: str) -> None:
        """Forget a file and its chunks."""
        ...

    def describe(self, info: Info) -> None:
        """Say what the store is about from now on; the generation is the store's own business."""
        ...


class Store(Protocol):
    """See the module."""

    @property
    def place(self) -> str:
        """Where it is kept, for people: a file, or what it is called in which database; never a password."""
        ...

    def size(self) -> int:
        """Bytes it takes there. In a database those of all stores together, for they share their vectors."""
        ...

    def pin(self) -> None:
        """See one state from now on, whatever is written meanwhile; for readers: nothing is written hereafter."""
        ...

    def info(self) -> Info:
        """What the store is about."""
        ...

    def files(self) -> Mapping[str, FileState]:
        """Every file by its path, skipped ones included."""
        ...

    def skipped(self) -> Mapping[str, str]:
        """Why files have no chunks, by path."""
        ...

    def count(self) -> int:
        """How many chunks there are."""
        ...

    def write(self) -> AbstractContextManager[Writer]:
        """Open the transaction: committed at the end of the block, undone by an exception."""
        ...

    def missing(self, model: str, keys: Iterable[str]) -> list[str]:
        """Those keys (each once, in order) that have no vector of that model yet."""
        ...

    def unembedded(self, model: str) -> Iterator[tuple[str, str]]:
        """Key and embedded text of every chunk without a vector of that model, each key once."""
        ...

    def add_vectors(self, model: str, keys: Sequence[str], vectors: Vectors) -> None:
        """Keep vectors, in a transaction of their own."""
        ...

    def add_sparse(self, model: str, keys: Sequence[str], weights: Sequence[Mapping[str, float]]) -> None:
        """Keep the weights a model gives the words of texts (see `indexer.stores.sparse`), in a transaction of its own.

        What is said of a word again counts; other words of that text stay, for a model does not change its mind.
        """
        ...

    def lexical(self, terms: Sequence[str], limit: int, where: Filter | None = None) -> list[Scored]:
        """The chunks that hold any of the terms (see `indexer.tokens`), best first by BM25."""
        ...

    def dense(self, vector: Vectors, limit: int, where: Filter | None = None) -> list[Scored]:
        """The chunks nearest to a vector of the store's own model, best first, by dot product."""
        ...

    def sparse(self, weights: Mapping[str, float], limit: int, where: Filter | None = None) -> list[Scored]:
        """The chunks that share words with what is asked, best first, by the dot product of both weights.

        Only weights of the store's own model count.
        """
        ...

    def frequencies(self, terms: Iterable[str]) -> Mapping[str, int]:
        """In how many chunks each term stands; terms that stand in none are left out."""
        ...

    def names(self) -> Sequence[NameRow]:
        """The names of every chunk, by number."""
        ...

    def chunks(self, ids: Iterable[int]) -> dict[int, Chunk]:
        """Chunks by their numbers; unknown numbers are left out."""
        ...

    def keys_of(self, paths: Iterable[str]) -> list[str]:
        """The keys of the chunks that came with these files."""
        ...

    def in_file(self, path: str) -> list[int]:
        """The chunks of a file, in the order of their lines."""
        ...

    def calling(self, name: str, limit: int) -> list[int]:
        """The chunks that call something of that (last) name."""
        ...

    def imports(self) -> Mapping[str, tuple[str, ...]]:
        """The modules each file imports, by path; files that import nothing are left out."""
        ...

    def vectors(self, model: str, keys: Sequence[str]) -> Iterator[tuple[str, Vectors]]:
        """Those of the keys that have a vector of that model, with it."""
        ...

    def weights(self, model: str, keys: Sequence[str]) -> Iterator[tuple[str, Mapping[str, float]]]:
        """Those of the keys whose words that model weighed, sorted, with the weights. Reads much: for exports."""
        ...

    def indexed(self) -> Iterator[IndexedFile]:
        """Every file with its chunks, by path, for another store to take."""
        ...

    def summary(self) -> dict[str, dict[str, int]]:
        """How many chunks there are of each of the `kinds`, `roles` and `languages`, most first."""
        ...

    def forget_vectors(self, keep: int) -> int:
        """Drop the vectors no chunk needs, when there are more than `keep` of them; returns how many went.

        The weights of words that no chunk needs go with them.
        """
        ...

    def verify(self) -> str:
        """What is wrong inside; empty when nothing is. Reads all of it."""
        ...

    def close(self) -> None:
        """Let go of files and connections."""
        ...
