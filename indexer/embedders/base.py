"""What an embedder is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
"""One row per text, each of length 1 (a text without a known word has a row of zeros)."""


class Embedder(Protocol):
    """Gives texts vectors whose dot product says how near they are in meaning."""

    @property
    def name(self) -> str:
        """The model and its version: vectors of one name can be compared, and are kept under it."""
        ...

    @property
    def dimensions(self) -> int:
        """Numbers per vector; 0 when it embeds nothing."""
        ...

    def documents(self, texts: Sequence[str]) -> Vectors:
        """The vectors of texts to be found: float32, shape (len(texts), dimensions)."""
        ...

    def query(self, text: str) -> Vectors:
        """The vector of what is asked: float32, shape (dimensions,)."""
        ...


@runtime_checkable
class SparseEmbedder(Protocol):
    """An embedder that also weighs words (as `bge-m3` does)."""

    def sparse_documents(self, texts: Sequence[str]) -> list[Mapping[str, float]]:
        """The weight of each word of each text."""
        ...

    def sparse_query(self, text: str) -> Mapping[str, float]:
        """The weight of each word of what is asked."""
        ...
