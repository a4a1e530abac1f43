"""The straightforward pipeline: regex chunks, a sentence-transformers model, a flat FAISS index."""

from __future__ import annotations

from collections.abc import Sequence

from baselines.encoder import Encoder
from baselines.pieces import PieceTrees, places

from indexer.evaluation.systems import Place, Snapshot


class Straightforward:
    """See the module; rebuilt in full for every tree (vectors come from the encoder's cache where they can)."""

    name = "straightforward (regex chunks, MiniLM, flat FAISS)"

    def __init__(self, trees: PieceTrees, encode: Encoder) -> None:
        self._trees = trees
        self._encode = encode
        self._commit = ""

    def load(self, snapshot: Snapshot) -> None:
        """See `System.load`."""
        if snapshot.commit == self._commit:
            return
        import faiss

        self._pieces = self._trees.load(snapshot)
        vectors = self._encode([piece.text for piece in self._pieces])
        self._index = faiss.IndexFlatIP(vectors.shape[1] or 1)
        if len(vectors):
            self._index.add(vectors)
        self._commit = snapshot.commit

    def rank(self, query: str, limit: int) -> Sequence[Place]:
        """See `System.rank`."""
        if not self._pieces:
            return []
        _, numbers = self._index.search(self._encode([query]), min(limit, len(self._pieces)))
        return places(self._pieces, [int(number) for number in numbers[0] if number >= 0])
