"""The index itself as systems under test: the whole search, and with its parts switched off.

All of them, and the yardstick BM25, read one store that is brought from tree to tree by the same
update a user's index gets: what is measured is what ships.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from indexer import git
from indexer.chunking.python import symbols
from indexer.embedders.base import Embedder
from indexer.evaluation.bm25 import Bm25
from indexer.evaluation.history import own_lines
from indexer.evaluation.systems import Place, Snapshot, System
from indexer.incremental import update
from indexer.models import Chunk, Filter, Symbol
from indexer.repository import Checkout, CommitTree
from indexer.rerankers.base import Reranker
from indexer.search import Corpus, Searcher, Stages
from indexer.stores.sqlite import SqliteStore
from indexer.tokens import tokens

CODE = Filter(kinds=("code",))
RECENT_COMMITS = 200
NO_BUDGET = 10**9

DEFAULT = "bcrag (default)"
RECENT = "bcrag + what changed lately"
BM25 = "BM25, same tokenizer and chunks"

LADDER: tuple[tuple[str, Stages], ...] = (
    ("dense alone", Stages.only("dense")),
    ("hybrid: words + dense", Stages.only("lexical", "dense")),
    ("hybrid + names", Stages.only("lexical", "dense", "exact", "vocabulary", "prior")),
    (DEFAULT, Stages()),
)
"""Each line adds something to the one before it; the last but one has everything but structure."""


class Shared:
    """One store, brought up to one tree after the other. Close it when done."""

    def __init__(self, path: Path, embedder: Embedder) -> None:
        self.embedder = embedder
        self.store = SqliteStore(path, write=True)
        self.commit = ""
        self.recent: dict[str, int] = {}
        self.embedded = 0
        self._snapshot: Snapshot | None = None
        self._symbols: dict[str, tuple[Symbol, ...]] = {}

    def close(self) -> None:
        """Let go of the file."""
        self.store.close()

    def load(self, snapshot: Snapshot) -> None:
        """Update the store to a tree."""
        if snapshot.commit == self.commit:
            return
        tree = CommitTree(Checkout(snapshot.root, snapshot.commit, git=True), snapshot.commit)
        self.embedded += update(self.store, tree, self.embedder).embedded
        self.recent = recently_changed(snapshot.root, snapshot.commit)
        self.commit = snapshot.commit
        self._snapshot = snapshot

    def place(self, chunk: Chunk) -> Place:
        """Where a chunk is; a class' chunk is not its methods'."""
        if chunk.role != "class" or chunk.language != "python":
            return Place(chunk.path, chunk.start, chunk.end, chunk.symbol)
        found = self._symbols_of(chunk.path)
        lines = next((own_lines(s, found) for s in found if s.kind == "class" and s.start == chunk.start), ())
        return Place(chunk.path, chunk.start, chunk.end, chunk.symbol, lines)

    def _symbols_of(self, path: str) -> tuple[Symbol, ...]:
        if self._snapshot is None or (blob := self._snapshot.files.get(path)) is None:
            return ()
        if blob not in self._symbols:
            self._symbols[blob] = symbols(path, next(iter(self._snapshot.read([blob])), b""))
        return self._symbols[blob]


class Search:
    """The search with some of its stages."""

    def __init__(
        self, shared: Shared, name: str, stages: Stages, reranker: Reranker | None = None, *, recent: bool = False
    ) -> None:
        self.name = name
        self._recent = recent
        self._shared = shared
        self._stages = stages
        self._reranker = reranker

    def load(self, snapshot: Snapshot) -> None:
        """See `System.load`."""
        self._shared.load(snapshot)
        corpus = Corpus(self._shared.store, commit=snapshot.commit, embedder=self._shared.embedder)
        recent = self._shared.recent if self._recent else None
        self._searcher = Searcher(corpus, reranker=self._reranker, stages=self._stages, recent=recent)

    def rank(self, query: str, limit: int) -> Sequence[Place]:
        """See `System.rank`."""
        answer = self._searcher.explain(query, kind="code", limit=limit, budget=NO_BUDGET)
        return [self._shared.place(found.chunk) for found in answer.found]


class Words:
    """The store's own BM25 (FTS5, with its weights per column) and nothing else."""

    name = "words alone (FTS5)"

    def __init__(self, shared: Shared) -> None:
        self._shared = shared

    def load(self, snapshot: Snapshot) -> None:
        """See `System.load`."""
        self._shared.load(snapshot)

    def rank(self, query: str, limit: int) -> Sequence[Place]:
        """See `System.rank`."""
        scored = self._shared.store.lexical(tokens(query), limit, CODE)
        chunks = self._shared.store.chunks(number for number, _ in scored)
        return [self._shared.place(chunks[number]) for number, _ in scored]


class SameTokenizerBm25:
    """`bm25s` over the very chunks of the index with the index's own tokenizer: path, name and text as one document."""

    name = BM25

    def __init__(self, shared: Shared) -> None:
        self._shared = shared
        self._words: dict[tuple[str, str], list[str]] = {}
        self._commit = ""
        self._chunks: list[Chunk] = []
        self._index = Bm25([])

    def load(self, snapshot: Snapshot) -> None:
        """See `System.load`."""
        self._shared.load(snapshot)
        if snapshot.commit == self._commit:
            return
        numbers = [row.id for row in self._shared.store.names()]
        self._chunks = [chunk for chunk in self._shared.store.chunks(numbers).values() if chunk.kind == "code"]
        self._index = Bm25([self._document(chunk) for chunk in self._chunks])
        self._commit = snapshot.commit

    def rank(self, query: str, limit: int) -> Sequence[Place]:
        """See `System.rank`."""
        return [self._shared.place(self._chunks[at]) for at in self._index.best(tokens(query), limit)]

    def _document(self, chunk: Chunk) -> list[str]:
        key = (chunk.path, chunk.key)
        if key not in self._words:
            self._words[key] = tokens(f"{chunk.path} {chunk.name} {chunk.terms}\n{chunk.embedded}")
        return self._words[key]


def ladder(shared: Shared) -> list[System]:
    """BM25, words alone, and the search with one part after the other switched on; the default comes last."""
    return [SameTokenizerBm25(shared), Words(shared), *(Search(shared, name, stages) for name, stages in LADDER)]


def recently_changed(root: Path, commit: str) -> dict[str, int]:
    """The rank of the paths changed by the last commits up to this one, 1 the newest."""
    listing = git.run(
        root, "log", "--no-merges", f"--max-count={RECENT_COMMITS}", "--format=", "--name-only", "-z", commit, "--"
    )
    paths = (name.decode("utf-8", "surrogateescape").strip("\n") for name in (listing or b"").split(b"\0"))
    return {path: rank for rank, path in enumerate(dict.fromkeys(filter(None, paths)), start=1)}
