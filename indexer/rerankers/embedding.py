"""A stronger embedder as the second look: too slow for everything, fast enough for a hundred candidates."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence

import numpy as np

from indexer.embedders.base import Embedder, Vectors

REMEMBERED = 5_000
"""Texts whose vectors are kept in memory: the same candidates come back from question to question."""


class EmbeddingReranker:
    """Scores a text by the cosine of its vector and the question's."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._remembered: OrderedDict[str, Vectors] = OrderedDict()

    @property
    def name(self) -> str:
        """`embedding-` and the embedder's name."""
        return f"embedding-{self._embedder.name}"

    def scores(self, query: str, texts: Sequence[str]) -> list[float]:
        """The cosines, -1 to 1. Raises whatever the embedder raises."""
        if not texts:
            return []
        new = list(dict.fromkeys(text for text in texts if text not in self._remembered))
        known = {text: self._remembered[text] for text in texts if text in self._remembered}
        if new:
            known.update(zip(new, self._embedder.documents(new), strict=True))
        rows = np.stack([known[text] for text in texts])
        self._keep(known)
        return [float(score) for score in rows @ self._embedder.query(query)]

    def _keep(self, known: dict[str, Vectors]) -> None:
        for text, vector in known.items():
            self._remembered[text] = vector
            self._remembered.move_to_end(text)
        while len(self._remembered) > REMEMBERED:
            self._remembered.popitem(last=False)
