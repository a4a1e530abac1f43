"""What the code around a candidate says about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from indexer.models import Chunk
from indexer.query import Query

if TYPE_CHECKING:
    from indexer.searching.ranking import Ranked, Ranker


@dataclass(frozen=True)
class Context:
    """Where a search comes from: the files and symbols that are being worked on, most important first."""

    paths: tuple[str, ...] = ()
    symbols: tuple[str, ...] = ()


def restructure(
    ranked: Ranked,
    chunks: dict[int, Chunk],
    query: Query,
    ranker: Ranker,
    recent: Mapping[str, int],
    context: Context | None,
) -> None:
    """Move candidates by what stands around them; may read further ones."""
