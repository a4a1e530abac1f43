"""BAAI's models through FlagEmbedding: `bge-code-v1`, which knows code, and `bge-m3`, which also weighs words."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from indexer.embedders.base import Vectors
from indexer.embedders.extras import device, fingerprint, load, plain, unit, weights
from indexer.errors import MissingError

EXTRA = "bge"
WHAT = "This model"
MAX_TOKENS = 1024
"""Of a text; chunks have 1,500 characters and a context, about 600 tokens."""

BATCH = {"cpu": 8}
GPU_BATCH = 64

HUB = "BAAI/"

INSTRUCTION = (
    "Given a question that consists of a mix of text and code snippets, retrieve relevant answers that also "
    "consist of a mix of text and code snippets, and can help answer the question."
)
"""What bge-code-v1 was trained with for questions like ours (its StackOverFlow-QA task)."""

INSTRUCTION_FORMAT = "<instruct>{}\n<query>{}"

MAX_TEXT = 20_000
"""Characters of a text that are looked at."""

CANNOT_LOAD = "The model in {folder} cannot be loaded: {why}"
CURE = "Check that the folder holds the whole model, and that there is memory enough for it."


class _Flag(ABC):
    """What the two share: where the weights are, when they are read, what the model is called."""

    title: str

    def __init__(self, model: str = "") -> None:
        self._given = model or HUB + self.title

    @cached_property
    def name(self) -> str:
        """`flag-`, the model's name and a hash of its files. Raises MissingError where it is not there."""
        return f"flag-{self.title}-{fingerprint(self._folder)}"

    @cached_property
    def dimensions(self) -> int:
        """Numbers per vector. Loads the model."""
        core = self._model.model
        return int(getattr(core, "model", core).config.hidden_size)

    @cached_property
    def _folder(self) -> Path:
        load("FlagEmbedding", EXTRA, WHAT)
        return weights(self._given)

    @cached_property
    def _device(self) -> str:
        return device()

    @property
    def _options(self) -> dict[str, Any]:
        gpu = self._device != "cpu"
        return {
            "use_fp16": gpu,
            # One device: several would each start a process of its own.
            "devices": self._device,
            "batch_size": GPU_BATCH if gpu else BATCH["cpu"],
            "query_max_length": MAX_TOKENS,
            "passage_max_length": MAX_TOKENS,
            # bge-code-v1 is a plain Qwen2: the code beside its weights is not needed, and not run.
            "trust_remote_code": False,
        }

    @cached_property
    def _model(self) -> Any:
        library: Any = load("FlagEmbedding", EXTRA, WHAT)
        try:
            return self._load(library)
        except (OSError, ValueError, KeyError, RuntimeError) as error:
            raise MissingError(CANNOT_LOAD.format(folder=self._folder, why=error), CURE) from error

    @abstractmethod
    def _load(self, library: Any) -> Any:
        """The model itself, by the class of FlagEmbedding it needs."""


class BgeCode(_Flag):
    """`BAAI/bge-code-v1` (1.5 billion parameters: wants a GPU). `model` is a folder or a name on the hub."""

    title = "bge-code-v1"

    def documents(self, texts: Sequence[str]) -> Vectors:
        """The vectors of texts, as they are."""
        if not texts:
            return unit([], self.dimensions)
        return unit(self._model.encode_corpus([plain(text, MAX_TEXT) for text in texts]))

    def query(self, text: str) -> Vectors:
        """The vector of a question, behind the instruction the model was trained with."""
        row: Vectors = unit(self._model.encode_queries([plain(text, MAX_TEXT)]))[0]
        return row

    def _load(self, library: Any) -> Any:
        return library.FlagLLMModel(
            str(self._folder),
            query_instruction_for_retrieval=INSTRUCTION,
            query_instruction_format=INSTRUCTION_FORMAT,
            **self._options,
        )


class BgeM3(_Flag):
    """`BAAI/bge-m3`, dense and sparse. It takes no instruction."""

    title = "bge-m3"

    def documents(self, texts: Sequence[str]) -> Vectors:
        """The dense vectors of texts."""
        if not texts:
            return unit([], self.dimensions)
        return unit(self._dense(self._model.encode_corpus, texts))

    def query(self, text: str) -> Vectors:
        """The dense vector of a question."""
        row: Vectors = unit(self._dense(self._model.encode_queries, [text]))[0]
        return row

    def sparse_documents(self, texts: Sequence[str]) -> list[Mapping[str, float]]:
        """The weight of each token of each text, by the token as the model writes it."""
        return self._sparse(self._model.encode_corpus, texts) if texts else []

    def sparse_query(self, text: str) -> Mapping[str, float]:
        """The weight of each token of a question."""
        return self._sparse(self._model.encode_queries, [text])[0]

    def _dense(self, encode: Any, texts: Sequence[str]) -> Any:
        return encode(
            [plain(text, MAX_TEXT) for text in texts], return_dense=True, return_sparse=False, return_colbert_vecs=False
        )["dense_vecs"]

    def _sparse(self, encode: Any, texts: Sequence[str]) -> list[Mapping[str, float]]:
        found = encode(
            [plain(text, MAX_TEXT) for text in texts], return_dense=False, return_sparse=True, return_colbert_vecs=False
        )
        tokens = self._model.tokenizer.convert_ids_to_tokens
        return [{tokens(int(key)): float(value) for key, value in row.items()} for row in found["lexical_weights"]]

    def _load(self, library: Any) -> Any:
        return library.BGEM3FlagModel(str(self._folder), normalize_embeddings=True, **self._options)
