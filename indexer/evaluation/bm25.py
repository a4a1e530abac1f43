"""BM25 with the index's own tokenizer: the honest yardstick for everything the index adds to words."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Any

import numpy as np

from indexer.errors import MissingError

NO_BM25S = "The yardstick, bm25s, is not installed."
INSTALL = "pip install 'bcrag[eval]'"


class Bm25:
    """Documents as lists of words, ready to be ranked; `bm25s` with its own defaults (Lucene's formula)."""

    def __init__(self, documents: Sequence[Sequence[str]]) -> None:
        """Raises MissingError where bm25s is not installed."""
        try:
            bm25s: Any = import_module("bm25s")  # ships no types
        except ImportError as error:
            raise MissingError(NO_BM25S, INSTALL) from error
        self._vocabulary: dict[str, int] = {}
        numbers = self._vocabulary
        ids = [[numbers.setdefault(word, len(numbers)) for word in words] for words in documents]
        self._index: Any = None
        if numbers:
            self._index = bm25s.BM25()
            self._index.index((ids, numbers), show_progress=False)

    def best(self, words: Sequence[str], limit: int) -> list[int]:
        """The numbers of the documents that hold any of the words, best first."""
        known = list(dict.fromkeys(self._vocabulary[word] for word in words if word in self._vocabulary))
        if self._index is None or not known:
            return []
        scores = np.asarray(self._index.get_scores_from_ids(known))
        # A stable order: equal scores stay in the order of the documents.
        ranked = np.argsort(-scores, kind="stable")[:limit]
        return [int(number) for number in ranked if scores[number] > 0]
