"""The tables of an index file, and the checks a file must pass before it is one."""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from pathlib import Path

from indexer.errors import ExitStatus, IndexerError, MissingError, UsageError

APPLICATION = 0x62637267
"""`bcrg` in the file's header: what `file` and we tell an index by."""

SCHEMA = 2
"""Counts up with the tables, the tokenizer or the chunking: an older index is built anew."""

BUSY_SECONDS = 20.0

FOREIGN = "{path} is no index of bcrag."
FOREIGN_CURE = "Nothing was changed. Move it away, or name another place with --cache."
CORRUPT = "The index {path} is damaged: {detail}."
CORRUPT_CURE = "Nothing of the repository is lost. Build it anew: indexer build --fresh"
UNREADABLE = "The index {path} cannot be opened: {detail}."
UNREADABLE_CURE = "See who owns it and whether the disk is full, or name another place with --cache."

TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE files (
    path TEXT PRIMARY KEY, blob TEXT NOT NULL, stat TEXT NOT NULL, size INTEGER NOT NULL,
    language TEXT NOT NULL, imports TEXT NOT NULL, skipped TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE chunks (
    id INTEGER PRIMARY KEY, key BLOB NOT NULL, path TEXT NOT NULL, file TEXT NOT NULL, kind TEXT NOT NULL,
    role TEXT NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, name TEXT NOT NULL, symbol TEXT NOT NULL,
    part INTEGER NOT NULL, language TEXT NOT NULL, context TEXT NOT NULL, text TEXT NOT NULL,
    terms TEXT NOT NULL, facts TEXT NOT NULL, prior REAL NOT NULL, fixed_by TEXT NOT NULL
);
CREATE INDEX chunks_of_file ON chunks (file);
CREATE INDEX chunks_of_path ON chunks (path);
CREATE TABLE calls (name TEXT NOT NULL, chunk INTEGER NOT NULL, PRIMARY KEY (name, chunk)) WITHOUT ROWID;
CREATE TABLE vectors (
    model TEXT NOT NULL, key BLOB NOT NULL, vector BLOB NOT NULL, PRIMARY KEY (model, key)
) WITHOUT ROWID;
CREATE TABLE sparse (
    model TEXT NOT NULL, word TEXT NOT NULL, key BLOB NOT NULL, weight REAL NOT NULL, PRIMARY KEY (model, word, key)
) WITHOUT ROWID;
CREATE VIRTUAL TABLE words USING fts5(
    name, terms, place, body, content='', tokenize="unicode61 remove_diacritics 0 tokenchars '_.'"
);
CREATE VIRTUAL TABLE vocabulary USING fts5vocab(words, 'row');
"""
"""`file` of a chunk is the row of `files` it came with, `path` the one it speaks of: a fix speaks of a file."""


def connect(path: Path, *, write: bool) -> sqlite3.Connection:
    """Open an index file, made if it is to be written and not there.

    Raises:
        UsageError: the file is something else.
        OutdatedError: it is an index of another version.
        CorruptError: it is damaged.
        IndexerError: it cannot be opened.
    """
    new = not path.exists() or path.stat().st_size == 0
    connection = _open(path, write=write)
    try:
        if new:
            _create(connection)
        _check(connection, path)
        if write:  # only now: this writes to the file, and it might have been somebody else's
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=NORMAL")
    except sqlite3.DatabaseError as error:
        connection.close()
        raise _worded(error, path) from error
    except IndexerError:
        connection.close()
        raise
    return connection


class AbsentError(MissingError):
    """There is no index of that name yet."""


class OutdatedError(IndexerError):
    """An index of another version of bcrag: to be built anew."""

    exit_status = ExitStatus.MISSING


class CorruptError(IndexerError):
    """A damaged index."""

    exit_status = ExitStatus.MISSING


def _open(path: Path, *, write: bool) -> sqlite3.Connection:
    modes = ("mode=rwc",) if write else ("mode=ro", "mode=ro&immutable=1")
    reason: Exception | None = None
    for mode in modes:  # a read-only folder has no room for the lock files: read it as it lies there
        try:
            connection = sqlite3.connect(
                f"{path.absolute().as_uri()}?{mode}", uri=True, timeout=BUSY_SECONDS, isolation_level=None,
                check_same_thread=False,
            )  # fmt: skip
            connection.execute("PRAGMA trusted_schema=OFF")
            connection.execute("PRAGMA cell_size_check=ON")
            connection.execute("PRAGMA application_id").fetchone()
            connection.execute("PRAGMA temp_store=MEMORY")
            connection.execute("PRAGMA cache_size=-65536")
            connection.execute("PRAGMA mmap_size=268435456")
            return connection
        except sqlite3.OperationalError as error:
            reason = error
        except sqlite3.DatabaseError as error:
            raise _worded(error, path) from error
    raise IndexerError(UNREADABLE.format(path=path, detail=reason), UNREADABLE_CURE) from reason


def _create(connection: sqlite3.Connection) -> None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        # Somebody else may have been faster.
        if connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0:
            for statement in TABLES.split(";\n"):
                if statement.strip():
                    connection.execute(statement)
            connection.execute(f"PRAGMA application_id={APPLICATION}")
            connection.execute(f"PRAGMA user_version={SCHEMA}")
        connection.execute("COMMIT")
    except BaseException:
        with suppress(sqlite3.Error):
            connection.execute("ROLLBACK")
        raise


def _check(connection: sqlite3.Connection, path: Path) -> None:
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if application != APPLICATION:
        raise UsageError(FOREIGN.format(path=path), FOREIGN_CURE)
    if version != SCHEMA:
        raise OutdatedError(
            f"The index {path} was made by another version of bcrag (format {version}, this one has {SCHEMA}).",
            "Build it anew: indexer update (the API of a release: indexer docs RELEASE).",
        )
    connection.execute("SELECT key FROM meta LIMIT 1").fetchone()


def _worded(error: sqlite3.DatabaseError, path: Path) -> IndexerError:
    text = str(error)
    if "not a database" in text:
        return UsageError(FOREIGN.format(path=path), FOREIGN_CURE)
    if isinstance(error, sqlite3.OperationalError) and ("locked" in text or "unable to open" in text):
        return IndexerError(UNREADABLE.format(path=path, detail=text), UNREADABLE_CURE)
    return CorruptError(CORRUPT.format(path=path, detail=text), CORRUPT_CURE)


def worded(error: sqlite3.DatabaseError, path: Path) -> IndexerError:
    """A failure of SQLite as an error for people."""
    return _worded(error, path)
