"""Cross-encoders of the sentence-transformers library: they read question and text together."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from indexer.embedders.extras import device, fingerprint, load, plain, weights
from indexer.errors import MissingError
from indexer.rerankers.finite import finite

EXTRA = "minilm"
WHAT = "This reranker"
MODEL = "cross-encoder/ms-marco-MiniLM-L6-v2"
BATCH = 32
MAX_TEXT = 4_000
"""Characters of a text that are looked at; such models read 512 tokens."""

CANNOT_LOAD = "The reranker in {folder} cannot be loaded: {why}"
CURE = "Check that the folder holds a whole cross-encoder that sentence-transformers can read."


class CrossEncoderReranker:
    """See the module. `model` is a folder or a name on the Hugging Face hub; nothing is loaded before use.

    Runs on the first GPU, else on the processor. Code that comes with a model is never run.
    """

    def __init__(self, model: str = MODEL) -> None:
        self._given = model

    @cached_property
    def name(self) -> str:
        """`cross-encoder-`, the model's name and a hash of its files. Raises MissingError where it is not there."""
        folder = Path(self._given).expanduser()
        title = folder.resolve().name if folder.is_dir() else self._given.rpartition("/")[2]
        return f"cross-encoder-{title}-{fingerprint(self._folder)}"

    def scores(self, query: str, texts: Sequence[str]) -> list[float]:
        """What the model says of each pair, before any squashing. Raises MissingError where it is not there."""
        if not texts:
            return []
        torch: Any = load("torch", EXTRA, WHAT)
        pairs = [(plain(query, MAX_TEXT), plain(text, MAX_TEXT)) for text in texts]
        # Squashed to 0…1 the best would all be 1.
        raw = torch.nn.Identity()
        return finite(self._model.predict(pairs, batch_size=BATCH, show_progress_bar=False, activation_fn=raw))

    @cached_property
    def _folder(self) -> Path:
        load("sentence_transformers", EXTRA, WHAT)
        return weights(self._given)

    @cached_property
    def _model(self) -> Any:
        library: Any = load("sentence_transformers", EXTRA, WHAT)
        try:
            return library.CrossEncoder(str(self._folder), device=device(), trust_remote_code=False)
        except (OSError, ValueError, KeyError, RuntimeError) as error:
            raise MissingError(CANNOT_LOAD.format(folder=self._folder, why=error), CURE) from error
