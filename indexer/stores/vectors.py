"""The nearest vectors: a FAISS index derived from a store, kept beside it and made anew when it is not of today."""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.embedders.base import Vectors

MIN_KEPT = 2_000
"""Fewer vectors are put together faster than a file is opened."""

Ids = NDArray[np.int64]


@dataclass(frozen=True)
class FaissIndex:
    """An exact inner-product index over the chunks of a store, by their numbers."""

    index: Any
    dimensions: int

    @classmethod
    def open(cls, store: Path, state: str, dimensions: int, load: Callable[[], tuple[Vectors, Ids]]) -> FaissIndex:
        """The index of a store in a certain state: from the file beside it, else from its vectors.

        The file holds nothing the store does not: one that is missing, of another state or unreadable
        is written anew, and where it cannot be written nothing is lost but a moment.
        """
        path = store.with_name(f"{store.stem}.{hashlib.sha256(state.encode()).hexdigest()[:16]}.faiss")
        if (kept := _read(path, dimensions)) is not None:
            return cls(kept, dimensions)
        vectors, ids = load()
        built = _build(vectors, ids, dimensions)
        if len(ids) >= MIN_KEPT:
            _keep(built, path, store.stem)
        return cls(built, dimensions)

    def search(self, vector: Vectors, limit: int, allowed: Ids | None = None) -> list[tuple[int, float]]:
        """The nearest chunks, best first; of the `allowed` ones only, if given."""
        import faiss

        if self.index.ntotal == 0 or vector.shape != (self.dimensions,):
            return []
        # One question is a millisecond's work; handing it to several threads takes twenty.
        faiss.omp_set_num_threads(1)
        query = np.ascontiguousarray(vector, dtype=np.float32)[None, :]
        if allowed is None:
            scores, ids = self.index.search(query, min(limit, self.index.ntotal))
        else:
            make: Any = faiss.SearchParameters  # its stub knows no arguments
            parameters = make(sel=faiss.IDSelectorBatch(allowed))
            scores, ids = self.index.search(query, min(limit, self.index.ntotal), params=parameters)
        return [(int(number), float(score)) for number, score in zip(ids[0], scores[0], strict=True) if number >= 0]


def _build(vectors: Vectors, ids: Ids, dimensions: int) -> Any:
    import faiss

    index = faiss.IndexIDMap2(faiss.IndexFlatIP(max(dimensions, 1)))
    if len(ids) and dimensions and vectors.shape == (len(ids), dimensions):
        index.add_with_ids(np.ascontiguousarray(vectors), ids)
    return index


def _read(path: Path, dimensions: int) -> Any:
    import faiss

    if not path.is_file():
        return None
    with contextlib.suppress(RuntimeError, OSError):
        index = faiss.read_index(str(path))
        if index.d == dimensions and index.metric_type == faiss.METRIC_INNER_PRODUCT:
            return index
    return None


def _keep(index: Any, path: Path, stem: str) -> None:
    import faiss

    # A read-only cache, or a full disk: it is built again next time.
    with contextlib.suppress(OSError, RuntimeError):
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{stem}-", suffix=".faiss")
        os.close(handle)
        try:
            faiss.write_index(index, temporary)
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
        for other in path.parent.glob(f"{stem}.*.faiss"):
            if other != path:
                other.unlink(missing_ok=True)
