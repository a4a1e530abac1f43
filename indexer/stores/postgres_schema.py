"""The tables in a PostgreSQL database, how it is reached, and its failures in words for people."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from indexer.errors import IndexerError, MissingError, UsageError
from indexer.stores.schema import BUSY_SECONDS, SCHEMA, AbsentError, CorruptError, OutdatedError

if TYPE_CHECKING:
    import psycopg

APPLICATION = 0x62637267
"""The first half of our advisory locks: those of other programs have another."""

TABLES_LOCK = -1
USERS_LOCK = -2
"""Second halves of advisory locks. Whoever writes shares the users' lock; what clears up for all takes it alone."""

LAYOUT = 2
"""Counts up with the tables here; `indexer.stores.schema.SCHEMA` with the tokenizer and the chunking."""

CONNECT_SECONDS = 10
READ_SECONDS = 60
WRITE_SECONDS = 600
IDLE_SECONDS = 600
"""How long a statement may take, and how long somebody may hold a transaction open without a word."""

NO_CLIENT = "A store in PostgreSQL needs the package {package}, which is not installed."
NO_CLIENT_CURE = "Install it: pip install 'bcrag[postgres]'"
NO_ADDRESS = "The address of the database is none that PostgreSQL's client understands."
NO_ADDRESS_CURE = "It looks like postgresql://user@host:5432/database (the password best in PGPASSWORD or ~/.pgpass)."
NO_SERVER = "The database {where} does not answer: {detail}"
NO_SERVER_CURE = "See that the server runs, and that host, port, database, user and password are right."
NO_EXTENSION = "The server of {where} does not have pgvector."
NO_EXTENSION_CURE = (
    "Have it installed there (the package is called postgresql-18-pgvector or pgvector), then try again."
)
OLD_EXTENSION = "pgvector in {where} is version {version}; 0.7 or newer is needed."
OLD_EXTENSION_CURE = "Have its administrator run there: ALTER EXTENSION vector UPDATE"
MAY_NOT_EXTEND = "The user may not switch pgvector on in {where}."
MAY_NOT_EXTEND_CURE = "Have its administrator run there once: CREATE EXTENSION vector"
FOREIGN = "The schema bcrag in {where} was not made by bcrag."
FOREIGN_CURE = "Nothing was changed. Rename it, or name another database."
OUTDATED = "The tables in {where} were made by another version of bcrag (format {found}, this one has {own})."
OUTDATED_CURE = (
    "Use the newest bcrag everywhere. If this is it, start anew: DROP SCHEMA bcrag CASCADE; then indexer build"
)
NO_TABLES = "There is no index in {where} yet."
NO_TABLES_CURE = "Make it: indexer build"
DENIED = "The user may not do this in {where}: {detail}"
DENIED_CURE = "Have the owner of the schema bcrag grant its tables and sequences to the user."
BUSY = "Somebody else is writing this index in {where}."
BUSY_CURE = "Try again when they are done."
SLOW = "The database {where} took too long and was stopped."
SLOW_CURE = "Try again when it is less busy; an ANALYZE of the schema bcrag may help."
REFUSED = "The database {where} refused: {detail}"
REFUSED_CURE = "Nothing was changed. See its log, its free space, and whether it is a read-only copy."
DAMAGED = "The tables in {where} are not as they should be: {detail}"
DAMAGED_CURE = "Nothing of the repository is lost. Start anew: DROP SCHEMA bcrag CASCADE; then indexer build"

TABLES = """
CREATE SCHEMA bcrag;
CREATE TABLE bcrag.format (schema int NOT NULL, layout int NOT NULL);
CREATE SEQUENCE bcrag.numbers;
CREATE TABLE bcrag.corpora (
    id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, address text NOT NULL UNIQUE,
    corpus text NOT NULL DEFAULT '', source text NOT NULL DEFAULT '', model text NOT NULL DEFAULT '',
    dimensions int NOT NULL DEFAULT 0, embedder text NOT NULL DEFAULT '', generation bigint NOT NULL DEFAULT 0,
    chunks bigint NOT NULL DEFAULT 0, words bigint NOT NULL DEFAULT 0
);
CREATE TABLE bcrag.files (
    id bigint PRIMARY KEY, corpus int NOT NULL REFERENCES bcrag.corpora, address bytea NOT NULL, path text NOT NULL,
    blob text NOT NULL, stat text NOT NULL, size bigint NOT NULL, language text NOT NULL, imports text NOT NULL,
    skipped text NOT NULL, UNIQUE (corpus, address)
);
CREATE TABLE bcrag.chunks (
    id bigint PRIMARY KEY, corpus int NOT NULL, file bigint NOT NULL, key bytea NOT NULL, path text NOT NULL,
    kind text NOT NULL, role text NOT NULL, first int NOT NULL, last int NOT NULL, name text NOT NULL,
    symbol text NOT NULL, part int NOT NULL, language text NOT NULL, prior double precision NOT NULL,
    commit text NOT NULL, length int NOT NULL
);
CREATE TABLE bcrag.texts (
    chunk bigint PRIMARY KEY, context text NOT NULL, text text NOT NULL, terms text NOT NULL, facts text NOT NULL
);
CREATE INDEX chunks_of_file ON bcrag.chunks (file);
CREATE INDEX chunks_of_path ON bcrag.chunks (corpus, md5(path));
CREATE INDEX chunks_of_key ON bcrag.chunks (key);
CREATE TABLE bcrag.calls (corpus int NOT NULL, name text NOT NULL, file bigint NOT NULL, chunk bigint NOT NULL);
CREATE INDEX calls_of_name ON bcrag.calls (corpus, name);
CREATE INDEX calls_of_file ON bcrag.calls (file);
CREATE TABLE bcrag.postings (
    corpus int NOT NULL, file bigint NOT NULL, token text COLLATE "C" NOT NULL,
    chunks bigint[] NOT NULL, frequencies real[] NOT NULL, lengths int[] NOT NULL
);
CREATE INDEX postings_of_token ON bcrag.postings (corpus, token);
CREATE INDEX postings_of_file ON bcrag.postings (file);
CREATE TABLE bcrag.vectors (
    model text NOT NULL, key bytea NOT NULL, vector halfvec NOT NULL, PRIMARY KEY (model, key)
);
CREATE TABLE bcrag.sparse (
    model text NOT NULL, word text COLLATE "C" NOT NULL, key bytea NOT NULL, weight real NOT NULL,
    PRIMARY KEY (model, word, key)
);
ALTER TABLE bcrag.vectors ALTER COLUMN vector SET STORAGE MAIN;
"""
"""A row of `postings` is one word of one file: a word is found with a row per file instead of one per chunk,
and a file is forgotten by its number. What is only read of chunks that were found lies in `texts`, so that
looking through all chunks reads little. Vectors have no corpus: what one member of a team computed, all have."""


def connect(dsn: str, *, write: bool) -> tuple[psycopg.Connection[tuple[Any, ...]], str]:
    """Open a database, its tables made if it is to be written; also how to call it, without its password.

    Raises:
        UsageError: the address is none, or the schema `bcrag` there is somebody else's.
        MissingError: the client, the server or pgvector is missing.
        AbsentError: the tables are, and they are only to be read.
        OutdatedError: the tables are of another version.
    """
    client = _client()
    where = described(dsn)
    try:
        # No prepared statements: they would outlive the values their plans were made for, and poolers dislike them.
        connection: psycopg.Connection[tuple[Any, ...]] = client.connect(
            dsn, autocommit=True, connect_timeout=CONNECT_SECONDS, prepare_threshold=None,
            application_name="bcrag",
        )  # fmt: skip
    except client.Error as error:
        detail = redacted(str(error), dsn)
        raise MissingError(NO_SERVER.format(where=where, detail=detail), NO_SERVER_CURE) from None
    try:
        _prepare(connection, where, write=write)
    except client.Error as error:
        connection.close()
        raise worded(error, where) from error
    except BaseException:
        connection.close()
        raise
    return connection, where


def described(dsn: str) -> str:
    """A database as people may see it: server and name, never a password.

    Raises:
        UsageError: the address is none.
    """
    given = _parts(dsn)
    server = given.get("host") or given.get("hostaddr") or given.get("service") or "the default server"
    port = f":{given['port']}" if given.get("port") else ""
    return f"{given['dbname']} on {server}{port}" if given.get("dbname") else f"{server}{port}"


def redacted(message: str, dsn: str) -> str:
    """What the client says, on one line and without any secret of the address."""
    short = " ".join(message.split())[:500]
    for key, value in _parts(dsn).items():
        if "password" in key and value:
            short = short.replace(value, "***")
    return short.replace(dsn, "***") if dsn else short


def worded(error: psycopg.Error, where: str) -> IndexerError:
    """A failure of PostgreSQL as an error for people."""
    from psycopg import errors

    detail = " ".join(str(error).split())[:300]
    if isinstance(error, errors.LockNotAvailable | errors.DeadlockDetected):
        return IndexerError(BUSY.format(where=where), BUSY_CURE)
    if isinstance(error, errors.QueryCanceled):
        return IndexerError(SLOW.format(where=where), SLOW_CURE)
    if isinstance(error, errors.InsufficientPrivilege):
        return MissingError(DENIED.format(where=where, detail=detail), DENIED_CURE)
    undefined = (
        errors.UndefinedTable, errors.UndefinedColumn, errors.UndefinedObject, errors.UndefinedFunction,
        errors.InvalidSchemaName, errors.DataError, errors.IntegrityError, errors.DataCorrupted,
        errors.IndexCorrupted,
    )  # fmt: skip
    if isinstance(error, undefined):
        return CorruptError(DAMAGED.format(where=where, detail=detail), DAMAGED_CURE)
    if isinstance(error, errors.OperationalError) and error.sqlstate is None:
        return MissingError(NO_SERVER.format(where=where, detail=detail), NO_SERVER_CURE)
    return IndexerError(REFUSED.format(where=where, detail=detail), REFUSED_CURE)


def _client() -> Any:
    import importlib

    for package in ("psycopg", "pgvector"):
        try:
            importlib.import_module(package)
        except ImportError as error:  # psycopg says so as well when it finds no libpq
            raise MissingError(NO_CLIENT.format(package=package), NO_CLIENT_CURE) from error
    return importlib.import_module("psycopg")


def _parts(dsn: str) -> dict[str, str]:
    psycopg = _client()
    try:
        return {key: str(value) for key, value in psycopg.conninfo.conninfo_to_dict(dsn).items()}
    except psycopg.Error:
        # libpq repeats the address, password and all.
        raise UsageError(NO_ADDRESS, NO_ADDRESS_CURE) from None


def _settings(*, write: bool) -> dict[str, str]:
    return {
        "statement_timeout": f"{WRITE_SECONDS if write else READ_SECONDS}s",
        "lock_timeout": f"{BUSY_SECONDS:.0f}s",
        "idle_in_transaction_session_timeout": f"{IDLE_SECONDS}s",
        "default_transaction_read_only": "off" if write else "on",
        "work_mem": "64MB",
        "max_parallel_workers_per_gather": "0",  # starting them takes as long as they save
        "jit": "off",  # compiling a plan takes longer than any of ours
        "client_min_messages": "error",
    }


def _prepare(connection: psycopg.Connection[tuple[Any, ...]], where: str, *, write: bool) -> None:
    from pgvector.psycopg.halfvec import register_halfvec_info
    from psycopg.types import TypeInfo

    settings = _settings(write=write)
    connection.execute(
        "SELECT set_config(key, value, false) FROM unnest(%s::text[], %s::text[]) AS setting(key, value)",
        (list(settings), list(settings.values())),
    )
    if write:
        _create(connection, where)
    _check(connection, where)
    # Where pgvector was put is its administrator's choice; nothing else is looked up without its schema.
    connection.execute(
        "SELECT set_config('search_path', quote_ident(nspname), false) FROM pg_extension "
        "JOIN pg_namespace ON pg_namespace.oid = extnamespace WHERE extname = 'vector'"
    )
    if (kind := TypeInfo.fetch(connection, "halfvec")) is None:
        raise MissingError(NO_EXTENSION.format(where=where), NO_EXTENSION_CURE)
    register_halfvec_info(connection, kind)


def _create(connection: psycopg.Connection[tuple[Any, ...]], where: str) -> None:
    # Looked at first: whoever may only write needs no right to create.
    if _version(connection) is not None and _tables(connection):
        return
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(%s, %s)", (APPLICATION, TABLES_LOCK))
        _extend(connection, where)
        if _tables(connection):  # somebody else was faster
            return
        connection.execute(
            "SELECT set_config('search_path', quote_ident(nspname), true) FROM pg_extension "
            "JOIN pg_namespace ON pg_namespace.oid = extnamespace WHERE extname = 'vector'"
        )
        connection.execute(TABLES)
        connection.execute("INSERT INTO bcrag.format VALUES (%s, %s)", (SCHEMA, LAYOUT))


def _extend(connection: psycopg.Connection[tuple[Any, ...]], where: str) -> None:
    from psycopg import errors

    if _version(connection) is not None:
        return
    try:
        with connection.transaction():
            connection.execute("CREATE EXTENSION IF NOT EXISTS vector")
    except errors.InsufficientPrivilege as error:
        raise MissingError(MAY_NOT_EXTEND.format(where=where), MAY_NOT_EXTEND_CURE) from error
    except (errors.FeatureNotSupported, errors.UndefinedFile) as error:
        raise MissingError(NO_EXTENSION.format(where=where), NO_EXTENSION_CURE) from error


def _check(connection: psycopg.Connection[tuple[Any, ...]], where: str) -> None:
    from psycopg import errors

    if not _tables(connection):
        raise AbsentError(NO_TABLES.format(where=where), NO_TABLES_CURE)
    version = _version(connection)
    if version is None:
        raise MissingError(NO_EXTENSION.format(where=where), NO_EXTENSION_CURE)
    numbers = [int(part) for part in version.split(".")[:2] if part.isdigit()]
    if numbers < [0, 7]:
        raise MissingError(OLD_EXTENSION.format(where=where, version=version), OLD_EXTENSION_CURE)
    found: tuple[Any, ...] | None = None
    with contextlib.suppress(errors.UndefinedTable, errors.UndefinedColumn):
        found = connection.execute("SELECT schema, layout FROM bcrag.format").fetchone()
    if found is None:
        raise UsageError(FOREIGN.format(where=where), FOREIGN_CURE)
    if found != (SCHEMA, LAYOUT):
        shown = OUTDATED.format(where=where, found=f"{found[0]}.{found[1]}", own=f"{SCHEMA}.{LAYOUT}")
        raise OutdatedError(shown, OUTDATED_CURE)


def _version(connection: psycopg.Connection[tuple[Any, ...]]) -> str | None:
    row = connection.execute("SELECT extversion FROM pg_extension WHERE extname = 'vector'").fetchone()
    return str(row[0]) if row else None


def _tables(connection: psycopg.Connection[tuple[Any, ...]]) -> bool:
    return connection.execute("SELECT 1 FROM pg_namespace WHERE nspname = 'bcrag'").fetchone() is not None
