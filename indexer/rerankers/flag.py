"""BAAI's reranker `bge-reranker-v2-m3` through FlagEmbedding."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from indexer.embedders.extras import device, fingerprint, load, plain, weights
from indexer.errors import MissingError
from indexer.rerankers.finite import finite

EXTRA = "bge"
WHAT = "This reranker"
TITLE = "bge-reranker-v2-m3"
HUB = "BAAI/"
BATCH = 8
GPU_BATCH = 64
MAX_TOKENS = 1024
MAX_TEXT = 8_000
"""Characters of a text that are looked at."""

CANNOT_LOAD = "The reranker in {folder} cannot be loaded: {why}"
CURE = "Check that the folder holds the whole model, and that there is memory enough for it."


class FlagReranker:
    """See the module. `model` is a folder or a name on the Hugging Face hub; nothing is loaded before use."""

    def __init__(self, model: str = "") -> None:
        self._given = model or HUB + TITLE

    @cached_property
    def name(self) -> str:
        """`flag-bge-reranker-v2-m3-` and a hash of its files. Raises MissingError where it is not there."""
        return f"flag-{TITLE}-{fingerprint(self._folder)}"

    def scores(self, query: str, texts: Sequence[str]) -> list[float]:
        """What the model says of each pair, before any squashing. Raises MissingError where it is not there."""
        if not texts:
            return []
        return finite(self._model.compute_score([(plain(query, MAX_TEXT), plain(text, MAX_TEXT)) for text in texts]))

    @cached_property
    def _folder(self) -> Path:
        load("FlagEmbedding", EXTRA, WHAT)
        return weights(self._given)

    @cached_property
    def _model(self) -> Any:
        library: Any = load("FlagEmbedding", EXTRA, WHAT)
        where = device()
        try:
            return library.FlagReranker(
                str(self._folder),
                use_fp16=where != "cpu",
                devices=where,
                batch_size=BATCH if where == "cpu" else GPU_BATCH,
                max_length=MAX_TOKENS,
                trust_remote_code=False,
            )
        except (OSError, ValueError, KeyError, RuntimeError) as error:
            raise MissingError(CANNOT_LOAD.format(folder=self._folder, why=error), CURE) from error
