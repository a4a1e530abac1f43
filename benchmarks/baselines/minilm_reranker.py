"""all-MiniLM-L6-v2 as a reranker: the cosine of query and text."""

from __future__ import annotations

from collections.abc import Sequence

from baselines.encoder import Encoder


class MiniLm:
    """See the module; vectors are the encoder's, kept on disk."""

    name = "all-MiniLM-L6-v2"

    def __init__(self, encode: Encoder) -> None:
        self._encode = encode

    def scores(self, query: str, texts: Sequence[str]) -> list[float]:
        """See `indexer.rerankers.base.Reranker`."""
        return [float(score) for score in self._encode(list(texts)) @ self._encode([query])[0]]
