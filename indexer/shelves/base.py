"""What a shelf is: the place all indexes are kept in, each under its name."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Protocol, TypeVar

from indexer.stores.base import Store

WAITING = "Another update of this index is running: waiting for it."

API = "api-"
"""What the names of the indexes of Blender's API begin with."""

Notice = Callable[[str], None]
"""Takes a sentence for people."""

Result = TypeVar("Result")


def api(release: str) -> str:
    """The name of the index of a release's API, or of a site that was given a name."""
    return f"{API}{release}"


class Shelf(Protocol):
    """See the module."""

    def code(self, root: Path) -> str:
        """The name of the index of the checkout that lies there; no other checkout has it."""
        ...

    def names(self) -> Sequence[str]:
        """The names of all indexes, sorted. One that was begun and never finished may be among them.

        Raises:
            MissingError: the shelf cannot be reached.
        """
        ...

    def exists(self, name: str) -> bool:
        """Whether there is an index to read, or one whose reading says what is wrong with it.

        Raises:
            MissingError: the shelf cannot be reached.
        """
        ...

    def read(self, name: str) -> Store | None:
        """An index to search in, which the caller closes; null when none was finished.

        Raises:
            MissingError: the shelf cannot be reached.
            UsageError, OutdatedError, CorruptError: what is there cannot be used.
        """
        ...

    def write(self, name: str, work: Callable[[Store], Result], said: Notice, *, fresh: bool = False) -> Result:
        """Do something with an index nobody else writes to meanwhile, and return its result.

        The index is made if it is not there, and emptied first if it is to be `fresh`. Whoever comes
        second waits. `work` may be started again, on an empty index.

        Raises:
            MissingError: the shelf cannot be reached, or not be written.
            UsageError: something else lies in its place.
            IndexerError: another update does not end.
        """
        ...

    def donors(self, name: str, model: str) -> Iterator[Store]:
        """Other indexes with vectors of a model, which the caller closes, likeliest first.

        None where all indexes share their vectors.
        """
        ...
