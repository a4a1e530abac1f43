"""Any model of the sentence-transformers library, from a folder or by its name on the Hugging Face hub."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from indexer.embedders.base import Vectors
from indexer.embedders.extras import device, fingerprint, load, plain, unit, weights
from indexer.errors import MissingError

EXTRA = "minilm"
BATCH = 32
MAX_TEXT = 20_000
"""Characters of a text that are looked at: no such model reads more than 8,192 tokens."""

CANNOT_LOAD = "The model in {folder} cannot be loaded: {why}"
CURE = "Check that the folder holds a whole model that sentence-transformers can read."


class SentenceTransformersEmbedder:
    """See the module. Runs on the first GPU, else on the processor; nothing is loaded before it is used.

    Where the model has a prompt for queries (`config_sentence_transformers.json`) it is used, and one
    for documents likewise. Code that comes with a model is never run.
    """

    def __init__(self, model: str, batch: int = BATCH) -> None:
        self._given = model
        self._batch = batch

    @cached_property
    def name(self) -> str:
        """`sentence-transformers-`, the model's own name, and a hash of its files.

        Raises MissingError where there is no such model; loads no weights.
        """
        title = Path(self._given).expanduser().resolve().name if self._folder_given else self._given.rpartition("/")[2]
        return f"sentence-transformers-{title}-{fingerprint(self._folder)}"

    @cached_property
    def dimensions(self) -> int:
        """Numbers per vector. Loads the model."""
        model = self._model
        # Its name changed with release 5.
        read = getattr(model, "get_embedding_dimension", None) or model.get_sentence_embedding_dimension
        return int(read())

    def documents(self, texts: Sequence[str]) -> Vectors:
        """The vectors of texts, in batches."""
        return self._encode(list(texts), "encode_document")

    def query(self, text: str) -> Vectors:
        """The vector of a question, with the model's prompt for questions where it has one."""
        row: Vectors = self._encode([text], "encode_query")[0]
        return row

    def _encode(self, texts: list[str], method: str) -> Vectors:
        if not texts:
            return unit([], self.dimensions)
        found = getattr(self._model, method)(
            [plain(text, MAX_TEXT) for text in texts],
            batch_size=self._batch,
            normalize_embeddings=True,
            convert_to_numpy=True,
            show_progress_bar=False,
        )
        return unit(found)

    @property
    def _folder_given(self) -> bool:
        return Path(self._given).expanduser().is_dir()

    @cached_property
    def _folder(self) -> Path:
        load("sentence_transformers", EXTRA, "This embedder")
        return weights(self._given)

    @cached_property
    def _model(self) -> Any:
        library: Any = load("sentence_transformers", EXTRA, "This embedder")
        try:
            return library.SentenceTransformer(str(self._folder), device=device(), trust_remote_code=False)
        except (OSError, ValueError, KeyError, RuntimeError) as error:
            raise MissingError(CANNOT_LOAD.format(folder=self._folder, why=error), CURE) from error
