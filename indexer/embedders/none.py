"""No embedder at all: search is lexical and structural."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from indexer.embedders.base import Vectors


class NoEmbedder:
    """Embeds nothing, at no cost: every vector has no numbers."""

    name = "none"
    dimensions = 0

    def documents(self, texts: Sequence[str]) -> Vectors:
        """Shape (len(texts), 0)."""
        return np.zeros((len(texts), 0), dtype=np.float32)

    def query(self, text: str) -> Vectors:
        """Shape (0,)."""
        return np.zeros(0, dtype=np.float32)
