"""No second look: candidates stay in the order search found them."""

from __future__ import annotations

from collections.abc import Sequence


class NoReranker:
    """Agrees with whatever order it is shown."""

    name = "none"

    def scores(self, query: str, texts: Sequence[str]) -> list[float]:
        """Falling from 0 on, so that sorting by them changes nothing."""
        return [float(-place) for place in range(len(texts))]
