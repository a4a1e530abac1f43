"""What a reranker is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol


class Reranker(Protocol):
    """Reads query and text together and says how well they go with each other."""

    @property
    def name(self) -> str:
        """The model and its version."""
        ...

    def scores(self, query: str, texts: Sequence[str]) -> list[float]:
        """One number per text; a larger one is a better answer. Only their order means anything."""
        ...
