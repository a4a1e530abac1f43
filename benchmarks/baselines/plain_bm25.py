"""`bm25s` as its manual shows it: regex chunks, its own tokenizer, English stop words."""

from __future__ import annotations

from collections.abc import Sequence

from baselines.pieces import PieceTrees, kept, places

from indexer.evaluation.bm25 import Bm25
from indexer.evaluation.systems import Place, Snapshot


class PlainBm25:
    """See the module."""

    name = "bm25s, regex chunks"

    def __init__(self, trees: PieceTrees) -> None:
        self._trees = trees
        self._words: dict[str, list[str]] = {}
        self._commit = ""

    def load(self, snapshot: Snapshot) -> None:
        """See `System.load`."""
        if snapshot.commit == self._commit:
            return
        self._pieces = self._trees.load(snapshot)
        words = kept(self._words, self._pieces, tokenized)
        self._index = Bm25([words[piece.key] for piece in self._pieces])
        self._commit = snapshot.commit

    def rank(self, query: str, limit: int) -> Sequence[Place]:
        """See `System.rank`."""
        return places(self._pieces, self._index.best(tokenized([query])[0], limit))


def tokenized(texts: list[str]) -> list[list[str]]:
    """The words of texts as bm25s splits them by default."""
    import bm25s

    if not texts:
        return []
    found: list[list[str]] = bm25s.tokenize(texts, stopwords="en", return_ids=False, show_progress=False)
    return found
