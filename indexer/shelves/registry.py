"""Which shelf: files in the cache's folder, unless BCRAG_STORE names a database."""

from __future__ import annotations

import os
from pathlib import Path

from indexer.errors import UsageError
from indexer.shelves.base import Shelf

VARIABLE = "BCRAG_STORE"
"""The address can hold a password: it is read from the environment alone, and never shown."""

_SCHEMES = ("postgresql://", "postgres://")

NO_STORE = "BCRAG_STORE names no place to keep indexes in."
NO_STORE_CURE = "Set it to postgresql://user@host:5432/database, or unset it: indexes are then files in the cache."


def chosen(cache: Path) -> Shelf:
    """The shelf the user chose; nothing is opened yet.

    Raises:
        UsageError: BCRAG_STORE is no address of a database.
    """
    address = os.environ.get(VARIABLE, "").strip()
    if not address:
        from indexer.shelves.files import Files

        return Files(cache)
    if not address.startswith(_SCHEMES):
        raise UsageError(NO_STORE, NO_STORE_CURE)
    from indexer.shelves.database import Database

    return Database(address)
