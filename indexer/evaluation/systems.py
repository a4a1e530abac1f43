"""What is measured: anything that takes a tree of files and ranks places in it for a query."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True)
class Place:
    """One result: lines `start` to `end` of a file (both included, from 1), and what it is called there.

    `symbol` is fully qualified where the system knows it, else empty. `spans` are the lines that were
    really shown, where they are not all from `start` to `end`.
    """

    path: str
    start: int
    end: int
    symbol: str = ""
    spans: tuple[tuple[int, int], ...] = ()

    @property
    def shown(self) -> tuple[tuple[int, int], ...]:
        """The lines it consists of."""
        return self.spans or ((self.start, self.end),)


@dataclass(frozen=True)
class Snapshot:
    """A tree of files as git holds it: nothing is checked out.

    `files` gives the blob of every path, `read` the bytes of blobs in the order asked for.
    """

    root: Path
    commit: str
    files: Mapping[str, str]
    read: Callable[[Sequence[str]], Iterator[bytes]]


class System(Protocol):
    """One line of a table."""

    @property
    def name(self) -> str:
        """What the table calls it."""
        ...

    def load(self, snapshot: Snapshot) -> None:
        """Be ready to answer about this tree, whatever tree was there before."""
        ...

    def rank(self, query: str, limit: int) -> Sequence[Place]:
        """The best places, best first, at most `limit`."""
        ...
