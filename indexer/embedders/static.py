"""The default embedder: a vector per word piece, averaged. No model runs, so it is fast everywhere.

The vectors are a distillation of all-MiniLM-L6-v2 that ships with the package (`indexer/data/static`,
made by `benchmarks/distil.py`): what the model says of each piece alone, in 256 dimensions, weighted so
that common words count little, eight bits a number.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

import numpy as np

from indexer.embedders.base import Vectors
from indexer.embedders.wordpiece import WordPieces
from indexer.errors import MissingError

MODEL = Path(__file__).resolve().parent.parent / "data" / "static"
"""Where the package keeps the model."""

BROKEN = "The embedding model in {folder} is missing or damaged ({why})."
REINSTALL = "Install bcrag again: pip install --force-reinstall --no-deps bcrag"


class StaticEmbedder:
    """See the module. The same text gives the same vector to the last bit, whatever stands beside it.

    The model is read on first use; reading its `name` reads a small file only. `folder` holds
    `model.json` (name and provenance), `words.txt` (the pieces, one a line), `vectors.npy` (int8, a row
    a piece) and `scales.npy` (float32, what a row is multiplied with).
    """

    def __init__(self, folder: Path = MODEL) -> None:
        self._folder = folder

    @cached_property
    def name(self) -> str:
        """`static-minilm-256-` and the first eight digits of the hash of its vectors.

        Raises MissingError where the model is missing or damaged, as everything else here.
        """
        return str(self._about["name"])

    @cached_property
    def dimensions(self) -> int:
        """Numbers per vector."""
        return int(str(self._about["dimensions"]))

    def documents(self, texts: Sequence[str]) -> Vectors:
        """The vectors of texts: their first 512 word pieces count."""
        table, pieces = self._table, self._pieces
        found = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for row, text in enumerate(texts):
            numbers = pieces.numbers(text)
            if numbers:
                # One text at a time: the sum's order, and so its last bit, never depends on the batch.
                np.add.reduce(table.take(numbers, axis=0), axis=0, out=found[row])
        lengths = np.sqrt(np.einsum("ij,ij->i", found, found))
        lengths[lengths == 0] = 1
        found /= lengths[:, None]
        return found

    def query(self, text: str) -> Vectors:
        """The vector of a question: questions and documents are read alike."""
        row: Vectors = self.documents([text])[0]
        return row

    @cached_property
    def _about(self) -> dict[str, object]:
        try:
            about = json.loads((self._folder / "model.json").read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise self._broken(error) from error
        if not isinstance(about, dict) or not {"name", "dimensions"} <= about.keys():
            raise self._broken("model.json has no name or dimensions")
        return about

    @cached_property
    def _pieces(self) -> WordPieces:
        try:
            return WordPieces((self._folder / "words.txt").read_text("utf-8").splitlines())
        except (OSError, ValueError) as error:
            raise self._broken(error) from error

    @cached_property
    def _table(self) -> Vectors:
        try:
            vectors = np.load(self._folder / "vectors.npy", allow_pickle=False)
            scales = np.load(self._folder / "scales.npy", allow_pickle=False)
        except (OSError, ValueError, EOFError) as error:
            raise self._broken(error) from error
        if (
            vectors.dtype != np.int8
            or vectors.shape != (len(self._pieces), self.dimensions)
            or len(scales) != len(vectors)
        ):
            raise self._broken(f"vectors.npy is {vectors.dtype} {vectors.shape}")
        table: Vectors = vectors * scales.astype(np.float32)[:, None]
        return table

    def _broken(self, why: object) -> MissingError:
        return MissingError(BROKEN.format(folder=self._folder, why=why), REINSTALL)
