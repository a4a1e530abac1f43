"""The default shelf: one file per index in the cache's folder."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from indexer.errors import IndexerError
from indexer.locking import only_one
from indexer.places import code_index, index_folder
from indexer.shelves.base import API, WAITING, Notice, Result
from indexer.stores.base import Store
from indexer.stores.schema import UNREADABLE, UNREADABLE_CURE, CorruptError, OutdatedError
from indexer.stores.sqlite import SqliteStore

MAX_DONORS = 8

ANEW = "{error} It is built anew."
PUT_ASIDE = "{error} It was moved to {name} and is built anew."

_SUFFIX = ".sqlite"


@dataclass(frozen=True)
class Files:
    """See the module; the folder need not exist yet."""

    cache: Path

    def code(self, root: Path) -> str:
        """See `Shelf.code`."""
        return code_index(self.cache, root).name.removesuffix(_SUFFIX)

    def path(self, name: str) -> Path:
        """The file of an index."""
        return index_folder(self.cache) / f"{name}{_SUFFIX}"

    def names(self) -> Sequence[str]:
        """See `Shelf.names`."""
        return sorted(path.name.removesuffix(_SUFFIX) for path in index_folder(self.cache).glob(f"*{_SUFFIX}"))

    def exists(self, name: str) -> bool:
        """See `Shelf.exists`."""
        try:
            store = self.read(name)
        except IndexerError:
            return True
        if store is not None:
            store.close()
        return store is not None

    def read(self, name: str) -> Store | None:
        """See `Shelf.read`."""
        path = self.path(name)
        try:
            empty = not path.stat().st_size
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise IndexerError(UNREADABLE.format(path=path, detail=error.strerror), UNREADABLE_CURE) from error
        if empty:
            return None
        store = SqliteStore(path)
        with contextlib.ExitStack() as failing:
            failing.callback(store.close)
            if not store.info().corpus:
                return None
            failing.pop_all()
        return store

    def write(self, name: str, work: Callable[[Store], Result], said: Notice, *, fresh: bool = False) -> Result:
        """See `Shelf.write`.

        An index that turns out to be damaged, or was made by another version, is put aside and the
        work done on a new one: it holds nothing that cannot be made again.
        """
        path = self.path(name)
        with only_one(path, waiting=partial(said, WAITING)):
            if fresh:
                _forget(path)
            try:
                with SqliteStore(path, write=True) as store:
                    store.check()
                    return work(store)
            except OutdatedError as error:
                said(ANEW.format(error=error))
            except CorruptError as error:
                aside = path.with_suffix(f".damaged-{int(time.time())}")
                path.rename(aside)
                said(PUT_ASIDE.format(error=error, name=aside.name))
            _forget(path)
            with SqliteStore(path, write=True) as store:
                return work(store)

    def donors(self, name: str, model: str) -> Iterator[Store]:
        """See `Shelf.donors`: the newest of the same kind, code or API."""
        path = self.path(name)
        others = [
            other
            for other in path.parent.glob(f"*{_SUFFIX}")
            if other != path and other.name.startswith(API) == name.startswith(API)
        ]
        with contextlib.suppress(OSError):
            for other in sorted(others, key=lambda other: other.stat().st_mtime, reverse=True)[:MAX_DONORS]:
                with contextlib.suppress(IndexerError):
                    store = SqliteStore(other)
                    if store.info().model == model:
                        yield store
                    else:
                        store.close()


def _forget(path: Path) -> None:
    for suffix in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    for derived in path.parent.glob(f"{path.stem}.*.faiss"):
        derived.unlink(missing_ok=True)
