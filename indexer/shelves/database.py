"""The shelf of a team: a PostgreSQL database, where every index is a corpus."""

from __future__ import annotations

import contextlib
import platform
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from indexer.places import code_name
from indexer.shelves.base import WAITING, Notice, Result
from indexer.stores.base import Store
from indexer.stores.schema import AbsentError, CorruptError, OutdatedError

_MACHINE_IDS = (Path("/etc/machine-id"), Path("/var/lib/dbus/machine-id"))


@dataclass(frozen=True)
class Database:
    """See the module.

    What is the same for everybody is shared: vectors by their texts, and the API of a release, which
    is one corpus for all. A checkout is its owner's alone, for its files are: two people whose clones
    lie at the same path have a corpus each, because its name is made from the machine as well (its
    machine-id and its host name) and not from the path alone. A machine that is renamed or made anew
    for every run starts a new corpus, of which nothing has to be embedded again.
    """

    dsn: str = field(repr=False)
    """Can hold a password."""

    def code(self, root: Path) -> str:
        """See `Shelf.code`."""
        return code_name(root, machine())

    def names(self) -> Sequence[str]:
        """See `Shelf.names`."""
        from indexer.stores.postgres import corpora

        return corpora(self.dsn)

    def exists(self, name: str) -> bool:
        """See `Shelf.exists`."""
        try:
            store = self.read(name)
        except (OutdatedError, CorruptError):
            return True
        if store is not None:
            store.close()
        return store is not None

    def read(self, name: str) -> Store | None:
        """See `Shelf.read`."""
        from indexer.stores.postgres import open_postgres

        try:
            store = open_postgres(self.dsn, name)
        except AbsentError:
            return None
        with contextlib.ExitStack() as failing:
            failing.callback(store.close)
            if not store.info().corpus:
                return None
            failing.pop_all()
        return store

    def write(self, name: str, work: Callable[[Store], Result], said: Notice, *, fresh: bool = False) -> Result:
        """See `Shelf.write`.

        Nothing is put aside or made anew by itself here: tables that are damaged, or were made by
        another version, are everybody's. A fresh index keeps its vectors, which are everybody's too.
        """
        from indexer.stores.postgres import open_postgres

        with open_postgres(self.dsn, name, write=True) as store, store.alone(partial(said, WAITING)):
            if fresh:
                store.clear()
            return work(store)

    def donors(self, name: str, model: str) -> Iterator[Store]:
        """See `Shelf.donors`: none, vectors are shared."""
        yield from ()


def machine() -> str:
    """What tells this machine from others; only ever hashed, for a machine-id is nobody else's business."""
    known = ""
    for path in _MACHINE_IDS:
        try:
            known = path.read_text("ascii").strip()
        except (OSError, UnicodeDecodeError):
            continue
        break
    return f"{known} {platform.node()}"
