"""The API index as systems under test: the whole search, its parts, and BM25 over the same chunks."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from indexer.api_index import build_api
from indexer.embedders.base import Embedder
from indexer.evaluation.bm25 import Bm25
from indexer.evaluation.ours import DEFAULT
from indexer.evaluation.systems import Place, Snapshot
from indexer.models import Chunk
from indexer.places import api_index
from indexer.rerankers.base import Reranker
from indexer.search import Corpus, Searcher, Stages
from indexer.stores.sqlite import SqliteStore
from indexer.tokens import tokens
from indexer.wiring import Wanted

NO_BUDGET = 10**9

LADDER: tuple[tuple[str, Stages], ...] = (
    ("dense alone", Stages.only("dense")),
    ("hybrid: words + dense", Stages.only("lexical", "dense")),
    ("hybrid + names", Stages.only("lexical", "dense", "exact")),
    ("hybrid + names + use", Stages.only("lexical", "dense", "exact", "prior")),
    ("hybrid + names + use + vocabulary", Stages.only("lexical", "dense", "exact", "prior", "vocabulary")),
    (DEFAULT, Stages()),
)
"""Each line adds something to the one before it: what add-ons use often, Blender's words for the user's, a floor."""


class Release:
    """The index of one release, built if the cache has none. Close it when done."""

    def __init__(self, release: str, cache: Path, embedder: str) -> None:
        from indexer.embedders.registry import create

        if not api_index(cache, release).exists():
            build_api(release, Wanted(cache, embedder))
        self.release = release
        self.embedder: Embedder = create(embedder)
        self.store = SqliteStore(api_index(cache, release))

    def close(self) -> None:
        """Let go of the file."""
        self.store.close()


def place(chunk: Chunk) -> Place:
    """An API chunk is its symbol; it has no lines."""
    return Place("", 0, 0, chunk.symbol)


class ApiSearch:
    """The search with some of its stages."""

    def __init__(self, index: Release, name: str, stages: Stages, reranker: Reranker | None = None) -> None:
        self.name = name
        corpus = Corpus(index.store, index.release, embedder=index.embedder)
        self._searcher = Searcher(None, lambda _release: corpus, reranker=reranker, stages=stages)
        self._release = index.release

    def load(self, snapshot: Snapshot) -> None:
        """Nothing to do: the index is there."""

    def rank(self, query: str, limit: int) -> Sequence[Place]:
        """See `System.rank`."""
        answer = self._searcher.explain(query, release=self._release, kind="api", limit=limit, budget=NO_BUDGET)
        return [place(found.chunk) for found in answer.found]


class ApiWords:
    """The store's own BM25 and nothing else."""

    def __init__(self, index: Release, name: str) -> None:
        self.name = name
        self._store = index.store

    def load(self, snapshot: Snapshot) -> None:
        """Nothing to do: the index is there."""

    def rank(self, query: str, limit: int) -> Sequence[Place]:
        """See `System.rank`."""
        scored = self._store.lexical(tokens(query), limit)
        chunks = self._store.chunks(number for number, _ in scored)
        return [place(chunks[number]) for number, _ in scored]


class ApiBm25:
    """`bm25s` over the same chunks with the same tokenizer."""

    def __init__(self, index: Release, name: str) -> None:
        self.name = name
        chunks = index.store.chunks(row.id for row in index.store.names())
        self._chunks = list(chunks.values())
        self._index = Bm25([tokens(f"{c.symbol} {c.terms}\n{c.embedded}") for c in self._chunks])

    def load(self, snapshot: Snapshot) -> None:
        """Nothing to do: the index is there."""

    def rank(self, query: str, limit: int) -> Sequence[Place]:
        """See `System.rank`."""
        return [place(self._chunks[at]) for at in self._index.best(tokens(query), limit)]
