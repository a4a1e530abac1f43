"""The open transaction of a store in PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from indexer.models import IndexedFile
from indexer.stores.base import Info
from indexer.stores.postgres_rows import address, called_rows, chunk_row, file_row, postings, text, text_row, weighed

if TYPE_CHECKING:
    import psycopg

PENDING = 2_000
"""Chunks held back before they are sent: a file at a time would cost a round trip per table and file."""

_FILES = "COPY bcrag.files (id, corpus, address, path, blob, stat, size, language, imports, skipped) FROM STDIN"
_CHUNKS = (
    "COPY bcrag.chunks (id, corpus, file, key, path, kind, role, first, last, name, symbol, part, language, prior, "
    "commit, length) FROM STDIN"
)
_TEXTS = "COPY bcrag.texts (chunk, context, text, terms, facts) FROM STDIN"
_CALLS = "COPY bcrag.calls (corpus, name, file, chunk) FROM STDIN"
_POSTINGS = "COPY bcrag.postings (corpus, file, token, chunks, frequencies, lengths) FROM STDIN"
_FORGET = """
WITH gone AS (DELETE FROM bcrag.files WHERE corpus = %(corpus)s AND address = ANY(%(addresses)s) RETURNING id),
_postings AS (DELETE FROM bcrag.postings WHERE file IN (SELECT id FROM gone)),
_calls AS (DELETE FROM bcrag.calls WHERE file IN (SELECT id FROM gone)),
_chunks AS (DELETE FROM bcrag.chunks WHERE file IN (SELECT id FROM gone) RETURNING id)
DELETE FROM bcrag.texts WHERE chunk IN (SELECT id FROM _chunks)
"""
_TOUCH = """
UPDATE bcrag.files SET stat = touched.stat
FROM unnest(%(addresses)s::bytea[], %(stats)s::text[]) AS touched(address, stat)
WHERE files.corpus = %(corpus)s AND files.address = touched.address
"""
_DESCRIBE = """
UPDATE bcrag.corpora SET corpus = %(corpus)s, source = %(source)s, model = %(model)s, dimensions = %(dimensions)s,
    embedder = %(embedder)s, generation = %(generation)s, chunks = counted.chunks, words = counted.words
FROM (SELECT count(*) AS chunks, coalesce(sum(length), 0) AS words FROM bcrag.chunks WHERE corpus = %(id)s) AS counted
WHERE id = %(id)s
"""


class PostgresWriter:
    """See `indexer.stores.base.Writer`. What it is given is sent in large pieces; `flush` sends the rest."""

    def __init__(self, connection: psycopg.Connection[tuple[Any, ...]], corpus: int, info: Info) -> None:
        self.written = 0
        """How many chunks were put."""
        self._connection = connection
        self._corpus = corpus
        self._info = info
        self._moved = False
        self._held = 0
        self._pending: dict[str, tuple[IndexedFile, str] | None] = {}
        self._touched: dict[str, str] = {}

    def put(self, file: IndexedFile, stat: str = "") -> None:
        """See `Writer.put`."""
        self._moved = True
        self._touched.pop(file.path, None)
        self._pending[file.path] = file, stat
        self.written += len(file.chunks)
        self._held += 1 + len(file.chunks)
        if self._held >= PENDING:
            self.flush()

    def touch(self, path: str, stat: str) -> None:
        """See `Writer.touch`."""
        if path not in self._pending:
            self._touched[path] = stat
        elif (pending := self._pending[path]) is not None:
            self._pending[path] = pending[0], stat

    def remove(self, path: str) -> None:
        """See `Writer.remove`."""
        self._moved = True
        self._touched.pop(path, None)
        self._pending[path] = None

    def describe(self, info: Info) -> None:
        """See `Writer.describe`."""
        self._moved |= info.model != self._info.model
        self._info = replace(info, generation=self._info.generation)

    def flush(self) -> None:
        """Send what is held back: from here on the store's own readings see it."""
        if self._touched:
            touched = {address(path): text(stat) for path, stat in self._touched.items()}
            values = {"corpus": self._corpus, "addresses": list(touched), "stats": list(touched.values())}
            self._touched.clear()
            self._connection.execute(_TOUCH, values)
        if self._pending:
            addresses = [address(path) for path in self._pending]
            files = [pending for pending in self._pending.values() if pending is not None]
            self._pending.clear()
            self._held = 0
            self._connection.execute(_FORGET, {"corpus": self._corpus, "addresses": addresses})
            self._send(files)

    def finish(self) -> None:
        """Send the rest, and say what the store is about: the last thing before the commit."""
        self.flush()
        # What is derived from a generation stays good when only times, or the commit's name, changed.
        info = replace(self._info, generation=self._info.generation + self._moved)
        self._connection.execute(
            _DESCRIBE,
            {key: text(value) if isinstance(value, str) else value for key, value in asdict(info).items()}
            | {"id": self._corpus},
        )

    def _send(self, files: list[tuple[IndexedFile, str]]) -> None:
        numbers = self._numbers(len(files) + sum(len(file.chunks) for file, _ in files))
        numbered = [(next(numbers), file, stat, [next(numbers) for _ in file.chunks]) for file, stat in files]
        chunks = [
            (number, id_, chunk)
            for id_, file, _, own in numbered
            for number, chunk in zip(own, file.chunks, strict=True)
        ]
        words = {number: weighed(chunk) for number, _, chunk in chunks}
        corpus = self._corpus
        self._copy(_FILES, (file_row(id_, corpus, file, stat) for id_, file, stat, _ in numbered))
        self._copy(_CHUNKS, (chunk_row(number, corpus, id_, chunk, words[number][1]) for number, id_, chunk in chunks))
        self._copy(_TEXTS, (text_row(number, chunk) for number, _, chunk in chunks))
        self._copy(_CALLS, (row for number, id_, chunk in chunks for row in called_rows(number, corpus, id_, chunk)))
        self._copy(
            _POSTINGS,
            (
                (corpus, id_, *posting)
                for id_, _, _, own in numbered
                for posting in postings({number: words[number] for number in own})
            ),
        )

    def _numbers(self, count: int) -> Iterator[int]:
        rows = self._connection.execute(
            "SELECT nextval('bcrag.numbers') FROM generate_series(1, %s) ORDER BY 1", (count,)
        )
        return iter([int(row[0]) for row in rows.fetchall()])

    def _copy(self, statement: str, rows: Iterator[tuple[object, ...]]) -> None:
        with self._connection.cursor().copy(statement) as copy:
            for row in rows:
                copy.write_row(row)
