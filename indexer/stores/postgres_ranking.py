"""The best chunks by words and by meaning, as queries of PostgreSQL.

PostgreSQL's own ranks know nothing of how rare a word is. This is BM25 as FTS5 computes it (k1 = 1.2,
b = 0.75, words weighed by their field), so that both stores rank alike.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from indexer.embedders.base import Vectors
from indexer.models import Filter
from indexer.stores.base import Scored
from indexer.stores.postgres_rows import conditions

if TYPE_CHECKING:
    import psycopg

APPROXIMATE = 50_000
"""Above so many chunks the nearest vectors are looked up in an HNSW index, not compared one by one."""

MAX_INDEXED = 4_000
"""pgvector's HNSW takes no longer vectors of 16-bit floats."""

POOL = 4
"""How many neighbours are looked up for each one wanted: some belong to other corpora or are filtered away."""

BUILD_SECONDS = 3_600
BUILD_MEMORY = "512MB"

_BEST = """
WITH found AS MATERIALIZED (
    SELECT token, chunks, frequencies, lengths FROM bcrag.postings
    WHERE corpus = %(corpus)s AND token = ANY(%(terms)s)
), whole AS (
    SELECT chunks::float8 AS documents, words::float8 / greatest(chunks, 1) AS average
    FROM bcrag.corpora WHERE id = %(corpus)s
), rarity AS (
    SELECT token, greatest(1e-6, ln((documents - held + 0.5) / (held + 0.5))) AS weight
    FROM (SELECT token, sum(cardinality(chunks))::float8 AS held FROM found GROUP BY token) AS counted, whole
    WHERE documents >= held
), posting AS (
    SELECT weight * 2.2 AS weight, 0.9 / average AS slope, unnest(chunks) AS chunk,
        unnest(frequencies) AS frequency, unnest(lengths) AS length
    FROM found JOIN rarity USING (token) CROSS JOIN whole
), scored AS (
    SELECT chunk, sum(weight * frequency / (frequency + 0.3 + slope * length)) AS score FROM posting GROUP BY chunk
)
"""
_LEXICAL = _BEST + "SELECT chunk, score FROM scored ORDER BY score DESC, chunk LIMIT %(limit)s"  # noqa: S608
_ALLOWED = """
(%(kinds)s::text[] IS NULL OR chunks.kind = ANY(%(kinds)s))
AND (%(languages)s::text[] IS NULL OR chunks.language = ANY(%(languages)s))
AND ((%(likes)s::text[] IS NULL AND %(sets)s::text IS NULL)
    OR chunks.path COLLATE "C" LIKE ANY(%(likes)s::text[]) OR chunks.path COLLATE "C" ~ %(sets)s::text)
"""
# `IS TRUE` keeps the planner from a join: it cannot know how many chunks were scored, and errs for the worst.
_LEXICAL_WHERE = (
    _BEST  # noqa: S608  (constants all of them)
    + "SELECT chunk, score FROM scored WHERE (chunk IN "
    + "(SELECT id FROM bcrag.chunks WHERE chunks.corpus = %(corpus)s AND"
    + _ALLOWED
    + ")) IS TRUE ORDER BY score DESC, chunk LIMIT %(limit)s"
)
_EXACT = (
    "SELECT chunks.id, -(vectors.vector <#> %(vector)s) AS score FROM bcrag.chunks "  # noqa: S608
    "JOIN bcrag.vectors ON vectors.model = %(model)s AND vectors.key = chunks.key "
    "WHERE chunks.corpus = %(corpus)s AND" + _ALLOWED + "ORDER BY score DESC, chunks.id LIMIT %(limit)s"
)
_NEAR = (
    "SELECT chunks.id, -distance AS score FROM ("  # noqa: S608
    "SELECT key, vector::halfvec({dimensions}) <#> {vector}::halfvec({dimensions}) AS distance FROM bcrag.vectors "
    "WHERE model = {model} ORDER BY vector::halfvec({dimensions}) <#> {vector}::halfvec({dimensions}) LIMIT {pool}"
    ") AS near JOIN bcrag.chunks ON chunks.key = near.key "
    "WHERE chunks.corpus = {corpus} AND" + _ALLOWED + "ORDER BY score DESC, chunks.id LIMIT %(limit)s"
)
_SPARSE = (
    "WITH scored AS MATERIALIZED ("  # noqa: S608
    "SELECT sparse.key, sum(sparse.weight::float8 * asked.weight) AS score "
    "FROM unnest(%(words)s::text[], %(weights)s::float8[]) AS asked(word, weight) "
    "JOIN bcrag.sparse ON sparse.model = %(model)s AND sparse.word = asked.word GROUP BY sparse.key"
    ") SELECT chunks.id, score FROM scored JOIN bcrag.chunks ON chunks.key = scored.key "
    "WHERE chunks.corpus = %(corpus)s AND" + _ALLOWED + "ORDER BY score DESC, chunks.id LIMIT %(limit)s"
)
_INDEX = (
    "CREATE INDEX IF NOT EXISTS {name} ON bcrag.vectors USING hnsw "
    "((vector::halfvec({dimensions})) halfvec_ip_ops) WHERE model = {model}"
)


def lexical(
    connection: psycopg.Connection[tuple[Any, ...]], corpus: int, terms: list[str], limit: int, where: Filter | None
) -> list[Scored]:
    """See `Store.lexical`."""
    values = {"corpus": corpus, "terms": terms, "limit": limit}
    rows = connection.execute(_LEXICAL_WHERE if where else _LEXICAL, values | (conditions(where) if where else {}))
    return [(int(number), float(score)) for number, score in rows.fetchall()]


def dense(
    connection: psycopg.Connection[tuple[Any, ...]],
    corpus: int,
    model: str,
    vector: Vectors,
    limit: int,
    where: Filter | None,
    *,
    approximate: bool,
) -> list[Scored]:
    """See `Store.dense`. Where the index yields too few (a narrow filter, a small corpus) all are compared."""
    from pgvector import HalfVector
    from psycopg import sql

    values: dict[str, object] = {"corpus": corpus, "model": model, "limit": limit, "vector": HalfVector(vector)}
    values |= conditions(where)
    if approximate:
        # An index over one model can only be proved to serve a query that names this model itself.
        near = sql.SQL(_NEAR).format(
            dimensions=sql.Literal(len(vector)), vector=sql.Placeholder("vector"), model=sql.Literal(model),
            corpus=sql.Placeholder("corpus"), pool=sql.Literal(POOL * limit),
        )  # fmt: skip
        with connection.transaction():
            connection.execute("SET LOCAL hnsw.ef_search = 400")
            connection.execute("SET LOCAL hnsw.iterative_scan = strict_order")
            found = connection.execute(near, values).fetchall()
        if len(found) == limit:
            return [(int(number), float(score)) for number, score in found]
    rows = connection.execute(_EXACT, values).fetchall()
    return [(int(number), float(score)) for number, score in rows]


def sparse(
    connection: psycopg.Connection[tuple[Any, ...]],
    corpus: int,
    model: str,
    weights: Mapping[str, float],
    limit: int,
    where: Filter | None,
) -> list[Scored]:
    """See `Store.sparse`."""
    values: dict[str, object] = {"corpus": corpus, "model": model, "limit": limit}
    values |= {"words": list(weights), "weights": list(weights.values())}
    rows = connection.execute(_SPARSE, values | conditions(where)).fetchall()
    return [(int(number), float(score)) for number, score in rows]


def indexed(connection: psycopg.Connection[tuple[Any, ...]], model: str, dimensions: int) -> bool:
    """Whether a model's vectors have their HNSW index."""
    row = connection.execute(
        "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(%s)", (f"bcrag.{_name(model, dimensions)}",)
    ).fetchone()
    return bool(row and row[0])


def build(connection: psycopg.Connection[tuple[Any, ...]], model: str, dimensions: int) -> None:
    """Give a model's vectors their HNSW index; nobody can add vectors meanwhile."""
    from psycopg import sql

    with connection.transaction():
        connection.execute(
            "SELECT set_config('statement_timeout', %s, true), set_config('maintenance_work_mem', %s, true)",
            (f"{BUILD_SECONDS}s", BUILD_MEMORY),
        )
        connection.execute(
            sql.SQL(_INDEX).format(
                name=sql.Identifier(_name(model, dimensions)),
                dimensions=sql.Literal(dimensions),
                model=sql.Literal(model),
            )
        )


def _name(model: str, dimensions: int) -> str:
    return f"near_{dimensions}_{hashlib.sha256(model.encode()).hexdigest()[:16]}"
