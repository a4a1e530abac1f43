"""The store for teams: PostgreSQL with pgvector, many corpora in one database.

Each corpus is read and written as if it were alone; vectors are shared by all of them, so that a text
is embedded once for a whole team. Everything lies in the schema `bcrag`.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from indexer.embedders.base import Vectors
from indexer.errors import IndexerError, UsageError
from indexer.models import Chunk, Filter, IndexedFile
from indexer.stores import postgres_ranking as ranking
from indexer.stores.base import FileState, Info, NameRow, Scored, Writer
from indexer.stores.postgres_rows import CHUNK_COLUMNS, address, plain, text
from indexer.stores.postgres_schema import APPLICATION, USERS_LOCK, connect, worded
from indexer.stores.postgres_writer import PostgresWriter
from indexer.stores.rows import chunk_of, file_of, names_of
from indexer.stores.schema import AbsentError
from indexer.stores.sparse import bounded

if TYPE_CHECKING:
    import psycopg

MAX_NAME = 200
"""Characters of a corpus' name."""

MANY = 5_000
"""After so many new chunks the database is told to look at its tables again: its plans depend on their sizes."""

PINNED_SECONDS = 4 * 3_600
"""How long a reader may look at one state. Meanwhile the server can clear nothing up that was deleted since."""

SAMPLED = 5_000
"""So many vectors tell well enough how many of all are needed; counting a million takes a second."""

_WEIGHED = 2_000
"""Texts whose words are read at a time: some 400,000 rows."""

_UNNEEDED = "NOT EXISTS (SELECT 1 FROM bcrag.chunks WHERE chunks.key = vectors.key)"
_UNNEEDED_WORDS = "NOT EXISTS (SELECT 1 FROM bcrag.chunks WHERE chunks.key = sparse.key)"

WAIT_SECONDS = 120.0
_STEP_SECONDS = 0.1

NO_CORPUS = "There is no index {corpus} in {where} yet."
NO_CORPUS_CURE = "Make it: indexer build"
NO_NAME = "An index needs a name of 1 to 200 characters."
NO_NAME_CURE = "Name it, for example after the repository."
NOT_WRITABLE = "The index {corpus} in {where} was opened to be read."
NOT_WRITABLE_CURE = "Open it to be written."
BUSY = "Another update of the index {place} has been running for {seconds:.0f} s."
BUSY_CURE = "Wait for it to end, then run this again."


def open_postgres(dsn: str, corpus: str, *, write: bool = False) -> PostgresStore:
    """Open a corpus of a database by its name; tables and corpus are made if it is to be written.

    `dsn` is what libpq takes, `postgresql://user@host/database` or `host=… dbname=…`. The password
    belongs into PGPASSWORD or ~/.pgpass; it is never shown.

    Raises:
        UsageError: the address or the name is none, or the database's schema `bcrag` is somebody else's.
        MissingError: the client, the server or pgvector is missing.
        AbsentError: there is no such corpus yet, and it is only to be read.
        OutdatedError: the tables were made by another version of bcrag.
    """
    if not 0 < len(corpus) <= MAX_NAME or not plain(corpus):
        raise UsageError(NO_NAME, NO_NAME_CURE)
    connection, where = connect(dsn, write=write)
    try:
        return PostgresStore(connection, where, corpus, write=write)
    except BaseException:
        connection.close()
        raise


def corpora(dsn: str) -> list[str]:
    """The names of all corpora of a database, sorted; none where bcrag has no tables yet.

    Raises:
        UsageError, MissingError, OutdatedError: see `open_postgres`.
    """
    try:
        connection, where = connect(dsn, write=False)
    except AbsentError:
        return []
    import psycopg

    try:
        return sorted(row[0] for row in connection.execute("SELECT address FROM bcrag.corpora"))
    except psycopg.Error as error:
        raise worded(error, where) from error
    finally:
        connection.close()


class PostgresStore:
    """One corpus of a database. Closing it is the caller's business; it is its own context manager."""

    def __init__(
        self, connection: psycopg.Connection[tuple[Any, ...]], where: str, corpus: str, *, write: bool
    ) -> None:
        """Take over a connection made by `indexer.stores.postgres_schema.connect`.

        Raises:
            AbsentError: there is no such corpus, and it is only to be read.
        """
        import psycopg

        self.name = corpus
        """What the corpus is called in its database."""
        self.where = where
        """The database in words, without its password."""
        self._connection = connection
        self._failure = psycopg.Error
        self._write = write
        self._pinned = False
        self._writer: PostgresWriter | None = None
        self._named: tuple[int, tuple[NameRow, ...]] | None = None
        self._corpus = self._enter()

    def _enter(self) -> int:
        if self._write:
            # Held until the connection ends: nobody clears up vectors that are about to be used.
            self._rows("SELECT pg_advisory_lock_shared(%s, %s)", (APPLICATION, USERS_LOCK))
            with self._worded():
                self._connection.execute(
                    "INSERT INTO bcrag.corpora (address) VALUES (%s) ON CONFLICT DO NOTHING", (self.name,)
                )
        rows = self._rows("SELECT id FROM bcrag.corpora WHERE address = %s", (self.name,))
        if not rows:
            raise AbsentError(NO_CORPUS.format(corpus=self.name, where=self.where), NO_CORPUS_CURE)
        return int(rows[0][0])

    def __enter__(self) -> PostgresStore:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """See `Store.close`."""
        # A server sees some time later that somebody has gone: what is locked is let go here and now.
        with contextlib.suppress(self._failure):
            self._connection.execute("SELECT pg_advisory_unlock_all()")
        self._connection.close()

    @property
    def place(self) -> str:
        """See `Store.place`."""
        return f"{self.name} in {self.where}"

    def pin(self) -> None:
        """See `Store.pin`."""
        with self._worded():
            self._connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            self._connection.execute(f"SET LOCAL idle_in_transaction_session_timeout = '{PINNED_SECONDS}s'")
            self._pinned = True
        self.info()  # the state is that of the first look at it

    @contextlib.contextmanager
    def alone(self, waiting: Callable[[], None] | None = None, *, wait: float = WAIT_SECONDS) -> Iterator[None]:
        """Be the only one that brings this corpus up to date; whoever comes second waits, told so through `waiting`.

        The lock goes with the connection, however that ends.

        Raises:
            IndexerError: the other one did not end in time.
        """
        lock = (APPLICATION, self._corpus)
        began = time.monotonic()
        while not self._rows("SELECT pg_try_advisory_lock(%s, %s)", lock)[0][0]:
            if time.monotonic() - began >= wait:
                raise IndexerError(BUSY.format(place=self.place, seconds=wait), BUSY_CURE)
            if waiting is not None:
                waiting()
                waiting = None
            time.sleep(_STEP_SECONDS)
        try:
            yield
        finally:
            with contextlib.suppress(self._failure):
                self._connection.execute("SELECT pg_advisory_unlock(%s, %s)", lock)

    def info(self) -> Info:
        """See `Store.info`."""
        rows = self._rows(
            "SELECT corpus, source, model, dimensions, embedder, generation FROM bcrag.corpora WHERE id = %s",
            (self._corpus,),
        )
        return Info(*rows[0]) if rows else Info()

    def files(self) -> Mapping[str, FileState]:
        """See `Store.files`."""
        rows = self._rows("SELECT path, blob, stat FROM bcrag.files WHERE corpus = %s", (self._corpus,))
        return {path: FileState(blob, stat) for path, blob, stat in rows}

    def skipped(self) -> Mapping[str, str]:
        """See `Store.skipped`."""
        rows = self._rows(
            "SELECT path, skipped FROM bcrag.files WHERE corpus = %s AND skipped != '' ORDER BY path COLLATE \"C\"",
            (self._corpus,),
        )
        return dict(rows)

    def count(self) -> int:
        """See `Store.count`."""
        return int(self._rows("SELECT count(*) FROM bcrag.chunks WHERE corpus = %s", (self._corpus,))[0][0])

    def summary(self) -> dict[str, dict[str, int]]:
        """See `Store.summary`."""
        counted: dict[str, dict[str, int]] = {}
        for title, column in (("kinds", "kind"), ("roles", "role"), ("languages", "language")):
            rows = self._rows(
                f"SELECT {column}, count(*) FROM bcrag.chunks WHERE corpus = %s AND {column} != '' "  # noqa: S608
                "GROUP BY 1 ORDER BY 2 DESC, 1",
                (self._corpus,),
            )
            counted[title] = dict(rows)
        return counted

    @contextlib.contextmanager
    def write(self) -> Iterator[Writer]:
        """See `Store.write`. Two writers of one corpus come one after the other.

        Raises:
            UsageError: the corpus was opened to be read.
            IndexerError: the database refuses, is gone, or somebody else keeps writing.
        """
        if not self._write:
            raise UsageError(NOT_WRITABLE.format(corpus=self.name, where=self.where), NOT_WRITABLE_CURE)
        with self._worded(), self._connection.transaction():
            self._connection.execute("SELECT pg_advisory_xact_lock(%s, %s)", (APPLICATION, self._corpus))
            writer = PostgresWriter(self._connection, self._corpus, self.info())
            self._writer = writer
            try:
                yield writer
                writer.finish()
            finally:
                self._writer = None
        self._tidy(writer.written)

    def missing(self, model: str, keys: Iterable[str]) -> list[str]:
        """See `Store.missing`."""
        wanted = list(dict.fromkeys(keys))
        rows = self._rows(
            "SELECT encode(key, 'hex') FROM bcrag.vectors WHERE model = %s AND key = ANY(%s)",
            (text(model), [bytes.fromhex(key) for key in wanted]),
        )
        known = {row[0] for row in rows}
        return [key for key in wanted if key not in known]

    def unembedded(self, model: str) -> Iterator[tuple[str, str]]:
        """See `Store.unembedded`."""
        rows = self._rows(
            "SELECT DISTINCT ON (key) encode(key, 'hex'), context, text FROM bcrag.chunks "
            "JOIN bcrag.texts ON texts.chunk = chunks.id WHERE corpus = %s AND NOT EXISTS "
            "(SELECT 1 FROM bcrag.vectors WHERE vectors.model = %s AND vectors.key = chunks.key)",
            (self._corpus, text(model)),
        )
        for key, context, body in rows:
            yield key, f"{context}\n{body}" if context else body

    def add_vectors(self, model: str, keys: Sequence[str], vectors: Vectors) -> None:
        """See `Store.add_vectors`; kept as 16-bit floats, rows with anything but numbers in them as zeros."""
        from pgvector import HalfVector

        halves = np.asarray(vectors, dtype=np.float16)
        if not len(halves):
            return
        halves = np.where(np.isfinite(halves).all(axis=1, keepdims=True), halves, np.float16(0))
        # In the order of their keys: two that add the same ones must not wait for each other.
        rows = sorted(zip(map(bytes.fromhex, keys), halves, strict=True), key=lambda row: row[0])
        with self._worded(), self._connection.transaction(), self._connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO bcrag.vectors (model, key, vector) VALUES (%s, %s, %b) ON CONFLICT (model, key) "
                "DO UPDATE SET vector = excluded.vector WHERE vectors.vector IS DISTINCT FROM excluded.vector",
                [(text(model), key, HalfVector(half)) for key, half in rows],
            )

    def add_sparse(self, model: str, keys: Sequence[str], weights: Sequence[Mapping[str, float]]) -> None:
        """See `Store.add_sparse`."""
        rows = {
            (word, bytes.fromhex(key)): weight
            for key, words in zip(keys, weights, strict=True)
            for word, weight in bounded(words).items()
        }
        if not rows:
            return
        with self._worded(), self._connection.transaction():
            # Sorted: two that add the same ones must not wait for each other.
            self._connection.execute(
                "INSERT INTO bcrag.sparse (model, word, key, weight) SELECT %s, word, key, weight::real "
                "FROM unnest(%s::text[], %s::bytea[], %s::float8[]) AS said(word, key, weight) "
                'ORDER BY word COLLATE "C", key ON CONFLICT (model, word, key) '
                "DO UPDATE SET weight = excluded.weight WHERE sparse.weight != excluded.weight",
                (text(model), [word for word, _ in rows], [key for _, key in rows], list(rows.values())),
            )

    def weights(self, model: str, keys: Sequence[str]) -> Iterator[tuple[str, Mapping[str, float]]]:
        """See `Store.weights`."""
        wanted = sorted({bytes.fromhex(key) for key in keys})
        for start in range(0, len(wanted), _WEIGHED):
            found: dict[str, dict[str, float]] = {}
            # As float8: the shortest writing of a 32-bit float is another number in 64 bits.
            rows = self._rows(
                "SELECT encode(key, 'hex'), word, weight::float8 FROM bcrag.sparse WHERE model = %s "
                "AND key = ANY(%s) ORDER BY key, word",
                (text(model), wanted[start : start + _WEIGHED]),
            )
            for key, word, weight in rows:
                found.setdefault(key, {})[word] = weight
            yield from found.items()

    def vectors(self, model: str, keys: Sequence[str]) -> Iterator[tuple[str, Vectors]]:
        """See `Store.vectors`."""
        with self._worded():
            rows = self._connection.execute(
                "SELECT encode(key, 'hex'), vector FROM bcrag.vectors WHERE model = %s AND key = ANY(%s)",
                (text(model), [bytes.fromhex(key) for key in keys]),
                binary=True,
            ).fetchall()
        for key, half in rows:
            yield key, half.to_numpy().astype(np.float32)

    def lexical(self, terms: Sequence[str], limit: int, where: Filter | None = None) -> list[Scored]:
        """See `Store.lexical`."""
        wanted = [term for term in dict.fromkeys(terms) if plain(term)]
        if not wanted or limit < 1:
            return []
        with self._worded(), self._guarded():
            self._flush()
            return ranking.lexical(self._connection, self._corpus, wanted, limit, where)

    def dense(self, vector: Vectors, limit: int, where: Filter | None = None) -> list[Scored]:
        """See `Store.dense`. Exact; of more than 50,000 chunks whose vectors have an index, nearly so."""
        info = self.info()
        if limit < 1 or not info.dimensions or vector.shape != (info.dimensions,):
            return []
        with self._worded(), self._guarded():
            return ranking.dense(
                self._connection, self._corpus, info.model, vector, limit, where, approximate=self._large(info)
            )

    def sparse(self, weights: Mapping[str, float], limit: int, where: Filter | None = None) -> list[Scored]:
        """See `Store.sparse`."""
        asked = bounded(weights)
        model = self.info().model
        if limit < 1 or not asked or not model:
            return []
        with self._worded(), self._guarded():
            self._flush()
            return ranking.sparse(self._connection, self._corpus, model, asked, limit, where)

    def frequencies(self, terms: Iterable[str]) -> Mapping[str, int]:
        """See `Store.frequencies`."""
        rows = self._rows(
            "SELECT token, sum(cardinality(chunks))::bigint FROM bcrag.postings WHERE corpus = %s AND token = ANY(%s) "
            "GROUP BY token",
            (self._corpus, [term for term in dict.fromkeys(terms) if plain(term)]),
        )
        return dict(rows)

    def names(self) -> Sequence[NameRow]:
        """See `Store.names`."""
        generation = self.info().generation
        if self._writer is None and self._named is not None and self._named[0] == generation:
            return self._named[1]
        rows = self._rows(
            "SELECT id, path, role, name, symbol, part, prior FROM bcrag.chunks WHERE corpus = %s ORDER BY id",
            (self._corpus,),
        )
        named = tuple(NameRow(*row) for row in rows)
        self._named = (generation, named) if self._writer is None else None
        return named

    def chunks(self, ids: Iterable[int]) -> dict[int, Chunk]:
        """See `Store.chunks`."""
        wanted = list(dict.fromkeys(ids))
        rows = self._rows(
            f"SELECT {CHUNK_COLUMNS} FROM bcrag.chunks JOIN bcrag.texts ON texts.chunk = chunks.id "  # noqa: S608
            "WHERE corpus = %s AND id = ANY(%s)",
            (self._corpus, wanted),
        )
        found = {row[0]: chunk_of(row) for row in rows}
        return {number: found[number] for number in wanted if number in found}

    def keys_of(self, paths: Iterable[str]) -> list[str]:
        """See `Store.keys_of`."""
        rows = self._rows(
            "SELECT encode(key, 'hex') FROM bcrag.chunks JOIN bcrag.files ON files.id = chunks.file "
            "WHERE files.corpus = %s AND files.address = ANY(%s)",
            (self._corpus, [address(path) for path in paths]),
        )
        return [row[0] for row in rows]

    def in_file(self, path: str) -> list[int]:
        """See `Store.in_file`."""
        rows = self._rows(
            "SELECT id FROM bcrag.chunks WHERE corpus = %(corpus)s AND md5(path) = md5(%(path)s) AND path = %(path)s "
            "AND kind != 'fix' ORDER BY first, last, id",
            {"corpus": self._corpus, "path": text(path)},
        )
        return [row[0] for row in rows]

    def calling(self, name: str, limit: int) -> list[int]:
        """See `Store.calling`."""
        rows = self._rows(
            "SELECT chunk FROM bcrag.calls WHERE corpus = %s AND name = %s ORDER BY chunk LIMIT %s",
            (self._corpus, text(name), max(limit, 0)),
        )
        return [row[0] for row in rows]

    def imports(self) -> Mapping[str, tuple[str, ...]]:
        """See `Store.imports`."""
        rows = self._rows("SELECT path, imports FROM bcrag.files WHERE corpus = %s AND imports != ''", (self._corpus,))
        return {path: names_of(names) for path, names in rows}

    def indexed(self) -> Iterator[IndexedFile]:
        """See `Store.indexed`."""
        files = self._rows(
            "SELECT id, path, blob, size, language, imports, skipped FROM bcrag.files WHERE corpus = %s "
            'ORDER BY path COLLATE "C"',
            (self._corpus,),
        )
        for number, *row in files:
            found = self._rows(
                f"SELECT {CHUNK_COLUMNS} FROM bcrag.chunks JOIN bcrag.texts ON texts.chunk = chunks.id "  # noqa: S608
                "WHERE file = %s ORDER BY id",
                (number,),
            )
            yield file_of(row, found)

    def forget_vectors(self, keep: int) -> int:
        """See `Store.forget_vectors`; needed is what a chunk of any corpus needs.

        While somebody else has a corpus open to be written, none go: they may be about to need them.
        """
        if self._few_unneeded(keep):
            return 0
        with self._worded(), self._connection.transaction():
            alone = self._rows("SELECT pg_try_advisory_xact_lock(%s, %s)", (APPLICATION, USERS_LOCK))[0][0]
            unneeded = f"FROM bcrag.vectors WHERE {_UNNEEDED}"
            if not alone or int(self._rows(f"SELECT count(*) {unneeded}")[0][0]) <= keep:
                return 0
            gone = self._connection.execute(f"DELETE {unneeded}").rowcount
            self._connection.execute(f"DELETE FROM bcrag.sparse WHERE {_UNNEEDED_WORDS}")  # noqa: S608
            return gone

    def _few_unneeded(self, keep: int) -> bool:
        """Whether a look at some of the vectors says that nothing needs to be counted: every update asks."""
        # As many as the server knew lately; -1 when it never looked.
        known = int(self._rows("SELECT reltuples FROM pg_class WHERE oid = 'bcrag.vectors'::regclass")[0][0])
        if known <= keep:
            return known >= 0
        if known <= 2 * SAMPLED:
            return False
        looked, unneeded = self._rows(
            f"SELECT count(*), count(*) FILTER (WHERE {_UNNEEDED}) FROM bcrag.vectors TABLESAMPLE SYSTEM (%s)",  # noqa: S608
            (100 * SAMPLED / known,),
        )[0]
        return bool(unneeded * known <= keep * looked)

    def clear(self) -> None:
        """Forget the whole corpus, to be built anew; vectors stay.

        Raises:
            IndexerError: see `write`.
        """
        with self.write() as writer:
            for path in self.files():
                writer.remove(path)
            writer.describe(Info())

    def size(self) -> int:
        """See `Store.size`; what the server's own indexes take is counted."""
        rows = self._rows(
            "SELECT coalesce(sum(pg_total_relation_size(pg_class.oid)), 0)::bigint FROM pg_class JOIN pg_namespace "
            "ON pg_namespace.oid = relnamespace WHERE nspname = 'bcrag' AND relkind = 'r'"
        )
        return int(rows[0][0])

    def verify(self) -> str:
        """See `Store.verify`."""
        corpus = {"corpus": self._corpus}
        chunks = self.count()
        indexed = self._rows(
            "SELECT count(DISTINCT chunk) FROM bcrag.postings CROSS JOIN LATERAL unnest(chunks) AS one(chunk) "
            "JOIN bcrag.chunks ON chunks.id = chunk AND chunks.file = postings.file WHERE postings.corpus = %(corpus)s",
            corpus,
        )[0][0]
        wordless = self._rows("SELECT count(*) FROM bcrag.chunks WHERE corpus = %(corpus)s AND length = 0", corpus)
        if chunks != indexed + wordless[0][0]:
            return f"{chunks} chunks and {indexed} of them to be searched"
        lost = self._rows(
            "SELECT count(*) FROM bcrag.chunks WHERE corpus = %(corpus)s "
            "AND NOT EXISTS (SELECT 1 FROM bcrag.files WHERE files.id = chunks.file)",
            corpus,
        )[0][0]
        if lost:
            return f"{lost} chunks of files it does not know"
        model = self.info().model
        bare = self._rows(
            "SELECT count(*) FROM bcrag.chunks WHERE corpus = %(corpus)s AND NOT EXISTS (SELECT 1 FROM bcrag.vectors "
            "WHERE vectors.model = %(model)s AND vectors.key = chunks.key)",
            corpus | {"model": model},
        )[0][0]
        return f"{bare} chunks without a vector" if bare and model else ""

    def _large(self, info: Info) -> bool:
        rows = self._rows("SELECT chunks FROM bcrag.corpora WHERE id = %s", (self._corpus,))
        return rows[0][0] > ranking.APPROXIMATE and ranking.indexed(self._connection, info.model, info.dimensions)

    def _tidy(self, written: int) -> None:
        """What makes searching faster and nothing else: it may fail."""
        with contextlib.suppress(self._failure, IndexerError):
            if written >= MANY:
                for table in ("files", "chunks", "texts", "calls", "postings", "vectors", "sparse"):
                    self._connection.execute(f"ANALYZE bcrag.{table}")
            info = self.info()
            rows = self._rows("SELECT chunks FROM bcrag.corpora WHERE id = %s", (self._corpus,))
            if rows[0][0] > ranking.APPROXIMATE and 0 < info.dimensions <= ranking.MAX_INDEXED:
                ranking.build(self._connection, info.model, info.dimensions)

    def _flush(self) -> None:
        if self._writer is not None:
            self._writer.flush()

    def _rows(self, query: str, values: Sequence[object] | Mapping[str, object] = ()) -> list[Any]:
        with self._worded():
            self._flush()
            return self._connection.execute(query, values).fetchall()

    def _guarded(self) -> contextlib.AbstractContextManager[object]:
        # In one state means in one transaction, which a search that takes too long would end for all that follow.
        return self._connection.transaction() if self._pinned else contextlib.nullcontext()

    @contextlib.contextmanager
    def _worded(self) -> Iterator[None]:
        try:
            yield
        except self._failure as error:
            raise worded(error, self.where) from error
