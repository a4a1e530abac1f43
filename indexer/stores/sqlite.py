"""The default store: one SQLite file (FTS5 for BM25), and a FAISS index derived from it."""

from __future__ import annotations

import contextlib
import heapq
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from indexer.embedders.base import Vectors
from indexer.errors import IndexerError
from indexer.models import Chunk, Filter, IndexedFile
from indexer.stores.base import FileState, Info, NameRow, Scored, Writer
from indexer.stores.rows import WEIGHTS, called, chunk_of, facts_text, file_of, names_of, searchable, utf8
from indexer.stores.schema import CORRUPT, CORRUPT_CURE, UNREADABLE, UNREADABLE_CURE, CorruptError, connect, worded
from indexer.stores.sparse import bounded
from indexer.stores.vectors import FaissIndex

MAX_CHECKED = 8 * 1024**2
"""Bytes; this much is checked in a few hundredths of a second."""

_T = TypeVar("_T")
_WEIGHED = 2_000  # texts whose words are read at a time: some 400,000 rows, found by looking at all there are
_BATCH = 500  # SQLite takes 32,766 variables in a statement; fewer keep its plans small
_COLUMNS = (
    "id, path, kind, role, first, last, name, symbol, part, language, context, text, terms, facts, prior, fixed_by"
)


class SqliteStore:
    """A store in one file. Closing it is the caller's business; it is its own context manager."""

    def __init__(self, path: Path, *, write: bool = False) -> None:
        """Open the file, made if it is to be written.

        Raises:
            UsageError: the file is something else.
            OutdatedError, CorruptError: see `indexer.stores.schema`.
        """
        self.path = path
        self._write = write
        self._connection = connect(path, write=write)
        self._faiss: FaissIndex | None = None
        self._by_key: tuple[int, Mapping[bytes, Sequence[int]]] | None = None

    def __enter__(self) -> SqliteStore:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """See `Store.close`."""
        self._faiss = None
        self._connection.close()

    def pin(self) -> None:
        """See `Store.pin`."""
        self._rows("BEGIN")
        self._rows("SELECT key FROM meta LIMIT 1")

    @property
    def place(self) -> str:
        """See `Store.place`."""
        return str(self.path)

    def size(self) -> int:
        """See `Store.size`."""
        try:
            return self.path.stat().st_size
        except OSError as error:
            raise IndexerError(UNREADABLE.format(path=self.path, detail=error.strerror), UNREADABLE_CURE) from error

    def info(self) -> Info:
        """See `Store.info`."""
        rows = dict(self._rows("SELECT key, value FROM meta"))
        return Info(
            corpus=rows.get("corpus", ""),
            source=rows.get("source", ""),
            model=rows.get("model", ""),
            dimensions=int(rows.get("dimensions", 0)),
            embedder=rows.get("embedder", ""),
            generation=int(rows.get("generation", 0)),
        )

    def files(self) -> Mapping[str, FileState]:
        """See `Store.files`."""
        return {path: FileState(blob, stat) for path, blob, stat in self._rows("SELECT path, blob, stat FROM files")}

    def skipped(self) -> Mapping[str, str]:
        """See `Store.skipped`."""
        return dict(self._rows("SELECT path, skipped FROM files WHERE skipped != '' ORDER BY path"))

    def count(self) -> int:
        """See `Store.count`."""
        return int(self._rows("SELECT count(*) FROM chunks")[0][0])

    def summary(self) -> dict[str, dict[str, int]]:
        """See `Store.summary`."""
        counted: dict[str, dict[str, int]] = {}
        for title, column in (("kinds", "kind"), ("roles", "role"), ("languages", "language")):
            query = f"SELECT {column}, count(*) FROM chunks GROUP BY 1 ORDER BY 2 DESC, 1"  # noqa: S608
            counted[title] = {str(name): int(number) for name, number in self._rows(query) if name}
        return counted

    @contextlib.contextmanager
    def write(self) -> Iterator[Writer]:
        """See `Store.write`.

        Raises:
            IndexerError: the disk is full, or somebody else keeps the file locked.
        """
        with self._transaction() as connection:
            writer = _SqliteWriter(connection, self.info())
            yield writer
            writer.finish()
        self._faiss = None
        self._by_key = None
        self.__dict__.pop("_names", None)

    def missing(self, model: str, keys: Iterable[str]) -> list[str]:
        """See `Store.missing`."""
        wanted = list(dict.fromkeys(keys))
        known: set[str] = set()
        for batch in _batches(wanted):
            rows = self._rows(
                f"SELECT lower(hex(key)) FROM vectors WHERE model = ? AND key IN ({_marks(batch)})",  # noqa: S608
                (model, *map(bytes.fromhex, batch)),
            )
            known.update(row[0] for row in rows)
        return [key for key in wanted if key not in known]

    def unembedded(self, model: str) -> Iterator[tuple[str, str]]:
        """See `Store.unembedded`."""
        rows = self._rows(
            "SELECT lower(hex(key)), context, text FROM chunks WHERE key NOT IN "
            "(SELECT key FROM vectors WHERE model = ?) GROUP BY key",
            (model,),
        )
        for key, context, text in rows:
            yield key, f"{context}\n{text}" if context else text

    def add_vectors(self, model: str, keys: Sequence[str], vectors: Vectors) -> None:
        """See `Store.add_vectors`; kept as 16-bit floats."""
        halves = np.asarray(vectors, dtype=np.float16)
        rows = ((model, bytes.fromhex(key), half.tobytes()) for key, half in zip(keys, halves, strict=True))
        with self._transaction() as connection:
            connection.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?, ?)", rows)

    def add_sparse(self, model: str, keys: Sequence[str], weights: Sequence[Mapping[str, float]]) -> None:
        """See `Store.add_sparse`."""
        rows = sorted(
            (model, word, bytes.fromhex(key), weight)
            for key, words in zip(keys, weights, strict=True)
            for word, weight in bounded(words).items()
        )
        with self._transaction() as connection:
            connection.executemany("INSERT OR REPLACE INTO sparse VALUES (?, ?, ?, ?)", rows)

    def weights(self, model: str, keys: Sequence[str]) -> Iterator[tuple[str, Mapping[str, float]]]:
        """See `Store.weights`."""
        # By word is how they are looked for; an index by text would take as much room again for exports alone.
        query = "SELECT key, word, weight FROM sparse WHERE model = ? AND key BETWEEN ? AND ?"
        for batch in _batches(sorted({bytes.fromhex(key) for key in keys}), _WEIGHED):
            found: dict[bytes, dict[str, float]] = {}
            wanted = set(batch)
            for key, word, weight in self._rows(query, (model, batch[0], batch[-1])):
                if key in wanted:
                    found.setdefault(key, {})[word] = weight
            for key in sorted(found):
                yield key.hex(), found[key]

    def vectors(self, model: str, keys: Sequence[str]) -> Iterator[tuple[str, Vectors]]:
        """See `Store.vectors`."""
        for batch in _batches(list(keys)):
            rows = self._rows(
                f"SELECT lower(hex(key)), vector FROM vectors WHERE model = ? AND key IN ({_marks(batch)})",  # noqa: S608
                (model, *map(bytes.fromhex, batch)),
            )
            for key, blob in rows:
                yield key, np.frombuffer(blob, dtype=np.float16).astype(np.float32)

    def lexical(self, terms: Sequence[str], limit: int, where: Filter | None = None) -> list[Scored]:
        """See `Store.lexical`."""
        wanted = [term for term in dict.fromkeys(terms) if _plain(term)]
        if not wanted or limit < 1:
            return []
        match = " OR ".join(f'"{term}"' for term in wanted)
        weights = ", ".join(map(str, WEIGHTS))
        if where:
            condition, values = _condition(where)
            query = (
                f"SELECT words.rowid, bm25(words, {weights}) AS score FROM words "  # noqa: S608
                f"JOIN chunks ON chunks.id = words.rowid WHERE words MATCH ? AND {condition} ORDER BY score LIMIT ?"
            )
        else:
            values = ()
            query = (
                f"SELECT rowid, bm25(words, {weights}) AS score FROM words WHERE words MATCH ? ORDER BY score LIMIT ?"  # noqa: S608
            )
        return [(number, -score) for number, score in self._rows(query, (match, *values, limit))]

    def dense(self, vector: Vectors, limit: int, where: Filter | None = None) -> list[Scored]:
        """See `Store.dense`."""
        if limit < 1:
            return []
        allowed = None
        if where:
            condition, values = _condition(where)
            found = self._rows(f"SELECT id FROM chunks WHERE {condition}", values)  # noqa: S608
            allowed = np.fromiter((row[0] for row in found), dtype=np.int64, count=len(found))
        return self._vectors.search(vector, limit, allowed)

    def sparse(self, weights: Mapping[str, float], limit: int, where: Filter | None = None) -> list[Scored]:
        """See `Store.sparse`."""
        info = self.info()
        scores: dict[bytes, float] = {}
        if limit < 1 or not info.model:
            return []
        for word, weight in bounded(weights).items():
            rows = self._rows("SELECT key, weight FROM sparse WHERE model = ? AND word = ?", (info.model, word))
            for key, held in rows:
                scores[key] = scores.get(key, 0.0) + weight * held
        if not scores:
            return []
        numbers = self._numbers(info.generation)
        found: Iterable[Scored] = ((n, score) for key, score in scores.items() for n in numbers.get(key, ()))
        if where:
            condition, values = _condition(where)
            allowed = {row[0] for row in self._rows(f"SELECT id FROM chunks WHERE {condition}", values)}  # noqa: S608
            found = (one for one in found if one[0] in allowed)
        return heapq.nsmallest(limit, found, key=lambda one: (-one[1], one[0]))

    def _numbers(self, generation: int) -> Mapping[bytes, Sequence[int]]:
        """The chunks by their keys."""
        if self._by_key is None or self._by_key[0] != generation:
            numbers: dict[bytes, list[int]] = {}
            for number, key in self._rows("SELECT id, key FROM chunks ORDER BY id"):
                numbers.setdefault(key, []).append(number)
            self._by_key = (generation, numbers)
        return self._by_key[1]

    def frequencies(self, terms: Iterable[str]) -> Mapping[str, int]:
        """See `Store.frequencies`."""
        found: dict[str, int] = {}
        for term in filter(_plain, dict.fromkeys(terms)):  # by equality: the table is searched by term, not scanned
            for word, documents in self._rows("SELECT term, doc FROM vocabulary WHERE term = ?", (term,)):
                found[word] = documents
        return found

    @cached_property
    def _names(self) -> tuple[NameRow, ...]:
        rows = self._rows("SELECT id, path, role, name, symbol, part, prior FROM chunks ORDER BY id")
        return tuple(NameRow(*row) for row in rows)

    def names(self) -> Sequence[NameRow]:
        """See `Store.names`."""
        return self._names

    def chunks(self, ids: Iterable[int]) -> dict[int, Chunk]:
        """See `Store.chunks`."""
        found: dict[int, Chunk] = {}
        for batch in _batches(list(dict.fromkeys(ids))):
            rows = self._rows(f"SELECT {_COLUMNS} FROM chunks WHERE id IN ({_marks(batch)})", tuple(batch))  # noqa: S608
            found.update((row[0], chunk_of(row)) for row in rows)
        return found

    def keys_of(self, paths: Iterable[str]) -> list[str]:
        """See `Store.keys_of`."""
        found: list[str] = []
        for batch in _batches([utf8(path) for path in paths]):
            rows = self._rows(f"SELECT lower(hex(key)) FROM chunks WHERE file IN ({_marks(batch)})", tuple(batch))  # noqa: S608
            found += (row[0] for row in rows)
        return found

    def in_file(self, path: str) -> list[int]:
        """See `Store.in_file`."""
        rows = self._rows("SELECT id FROM chunks WHERE path = ? AND kind != 'fix' ORDER BY first, last, id", (path,))
        return [row[0] for row in rows]

    def calling(self, name: str, limit: int) -> list[int]:
        """See `Store.calling`."""
        return [row[0] for row in self._rows("SELECT chunk FROM calls WHERE name = ? LIMIT ?", (name, limit))]

    def imports(self) -> Mapping[str, tuple[str, ...]]:
        """See `Store.imports`."""
        rows = self._rows("SELECT path, imports FROM files WHERE imports != ''")
        return {path: names_of(names) for path, names in rows}

    def indexed(self) -> Iterator[IndexedFile]:
        """See `Store.indexed`."""
        rows = self._rows("SELECT path, blob, size, language, imports, skipped FROM files ORDER BY path")
        for row in rows:
            query = f"SELECT {_COLUMNS} FROM chunks WHERE file = ? ORDER BY id"  # noqa: S608
            yield file_of(row, self._rows(query, (row[0],)))

    def forget_vectors(self, keep: int) -> int:
        """See `Store.forget_vectors`."""
        unused = "FROM vectors WHERE key NOT IN (SELECT key FROM chunks)"
        if int(self._rows(f"SELECT count(*) {unused}")[0][0]) <= keep:
            return 0
        with self._transaction() as connection:
            gone = connection.execute(f"DELETE {unused}").rowcount
            connection.execute("DELETE FROM sparse WHERE key NOT IN (SELECT key FROM chunks)")
        return gone

    def check(self) -> None:
        """See that a file of usual size is whole before it is written to; a large one is checked by `verify` alone.

        Raises:
            CorruptError: it is damaged.
        """
        with contextlib.suppress(OSError):
            if self.path.stat().st_size > MAX_CHECKED:
                return
        for (line,) in self._rows("PRAGMA quick_check(1)"):
            if line != "ok":
                raise CorruptError(CORRUPT.format(path=self.path, detail=line), CORRUPT_CURE)

    def verify(self) -> str:
        """See `Store.verify`."""
        try:
            for (line,) in self._rows("PRAGMA quick_check(1)"):
                if line != "ok":
                    return str(line)
            self._connection.execute(
                "INSERT INTO words(words, rank) VALUES ('integrity-check', 0)"
            ) if self._write else None
            chunks, indexed = self.count(), int(self._rows("SELECT count(*) FROM words")[0][0])
            if chunks != indexed:
                return f"{chunks} chunks and {indexed} of them to be searched"
            lost = self._rows("SELECT count(*) FROM chunks WHERE file NOT IN (SELECT path FROM files)")[0][0]
            model = self.info().model
            bare = self._rows(
                "SELECT count(*) FROM chunks WHERE NOT EXISTS "
                "(SELECT 1 FROM vectors WHERE vectors.model = ? AND vectors.key = chunks.key)",
                (model,),
            )[0][0]
        except sqlite3.DatabaseError as error:
            return str(error)
        if lost:
            return f"{lost} chunks of files it does not know"
        return f"{bare} chunks without a vector" if bare and model else ""

    @property
    def _vectors(self) -> FaissIndex:
        if self._faiss is None:
            info = self.info()
            self._faiss = FaissIndex.open(
                self.path, f"{info.generation}-{info.model}", info.dimensions, lambda: self._all_vectors(info.model)
            )
        return self._faiss

    def _all_vectors(self, model: str) -> tuple[Vectors, np.ndarray[Any, np.dtype[np.int64]]]:
        rows = self._connection.execute(
            "SELECT chunks.id, vectors.vector FROM chunks JOIN vectors "
            "ON vectors.model = ? AND vectors.key = chunks.key ORDER BY chunks.id",
            (model,),
        ).fetchall()
        numbers = np.fromiter((row[0] for row in rows), dtype=np.int64, count=len(rows))
        joined = b"".join(row[1] for row in rows)
        matrix = np.frombuffer(joined, dtype=np.float16).reshape(len(rows), -1) if rows else np.zeros((0, 0))
        return matrix.astype(np.float32), numbers

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                with contextlib.suppress(sqlite3.Error):
                    self._connection.execute("ROLLBACK")
                raise
        except sqlite3.DatabaseError as error:
            raise worded(error, self.path) from error

    def _rows(self, query: str, values: Sequence[object] = ()) -> list[Any]:
        try:
            return self._connection.execute(query, values).fetchall()
        except sqlite3.DatabaseError as error:
            raise worded(error, self.path) from error


class _SqliteWriter:
    """The open transaction of a store; `finish` is called by the store."""

    def __init__(self, connection: sqlite3.Connection, info: Info) -> None:
        self._connection = connection
        self._info = info
        self._moved = False
        self._next = int(connection.execute("SELECT coalesce(max(id), 0) + 1 FROM chunks").fetchone()[0])

    def put(self, file: IndexedFile, stat: str = "") -> None:
        self._moved = True
        self.remove(file.path)
        self._connection.execute(
            "INSERT INTO files VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                utf8(file.path),
                file.blob,
                stat,
                file.size,
                file.language,
                "\n".join(map(utf8, file.imports)),
                file.skipped,
            ),
        )
        rows = [(self._next + index, chunk) for index, chunk in enumerate(file.chunks)]
        self._next += len(rows)
        run = self._connection.executemany
        run(
            f"INSERT INTO chunks VALUES ({_marks(range(18))})",  # noqa: S608
            [_row(number, file.path, chunk) for number, chunk in rows],
        )
        run("INSERT INTO words(rowid, name, terms, place, body) VALUES (?, ?, ?, ?, ?)",
            [(number, *searchable(chunk)) for number, chunk in rows])  # fmt: skip
        run("INSERT OR IGNORE INTO calls VALUES (?, ?)",
            [(name, number) for number, chunk in rows for name in called(chunk.facts)])  # fmt: skip

    def touch(self, path: str, stat: str) -> None:
        self._connection.execute("UPDATE files SET stat = ? WHERE path = ?", (stat, path))

    def remove(self, path: str) -> None:
        self._moved = True
        path = utf8(path)
        rows = self._connection.execute(f"SELECT {_COLUMNS} FROM chunks WHERE file = ?", (path,)).fetchall()  # noqa: S608
        gone = [(row[0], chunk_of(row)) for row in rows]
        # A contentless table is told what it forgets: the words are those it was given.
        run = self._connection.executemany
        run("INSERT INTO words(words, rowid, name, terms, place, body) VALUES ('delete', ?, ?, ?, ?, ?)",
            [(number, *searchable(chunk)) for number, chunk in gone])  # fmt: skip
        run("DELETE FROM calls WHERE name = ? AND chunk = ?",
            [(name, number) for number, chunk in gone for name in called(chunk.facts)])  # fmt: skip
        self._connection.execute("DELETE FROM chunks WHERE file = ?", (path,))
        self._connection.execute("DELETE FROM files WHERE path = ?", (path,))

    def describe(self, info: Info) -> None:
        self._moved |= info.model != self._info.model
        self._info = replace(info, generation=self._info.generation)

    def finish(self) -> None:
        # What is derived from a generation stays good when only times, or the commit's name, changed.
        info = replace(self._info, generation=self._info.generation + self._moved)
        self._connection.executemany(
            "INSERT OR REPLACE INTO meta VALUES (?, ?)", [(key, str(value)) for key, value in asdict(info).items()]
        )


def _plain(term: str) -> bool:
    return bool(term) and not any(c in '"\0' or "\ud800" <= c <= "\udfff" for c in term)


def _row(number: int, file: str, chunk: Chunk) -> tuple[object, ...]:
    return (
        number, bytes.fromhex(chunk.key), utf8(chunk.path), utf8(file), chunk.kind, chunk.role, chunk.start,
        chunk.end, utf8(chunk.name), utf8(chunk.symbol), chunk.part, chunk.language, utf8(chunk.context),
        utf8(chunk.text), utf8(chunk.terms), facts_text(chunk.facts), chunk.prior, chunk.commit,
    )  # fmt: skip


def _condition(where: Filter) -> tuple[str, tuple[str, ...]]:
    parts: list[str] = []
    values: list[str] = []
    for column, wanted in (("chunks.kind", where.kinds), ("chunks.language", where.languages)):
        if wanted:
            parts.append(f"{column} IN ({_marks(wanted)})")
            values += wanted
    if where.paths:
        parts.append("(" + " OR ".join(["chunks.path GLOB ?"] * len(where.paths)) + ")")
        values += where.paths
    return " AND ".join(parts) or "1", tuple(values)


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))


def _batches(values: list[_T], size: int = _BATCH) -> Iterator[list[_T]]:
    for start in range(0, len(values), size):
        yield values[start : start + size]
