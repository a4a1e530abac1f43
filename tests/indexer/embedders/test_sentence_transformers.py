"""What is particular about sentence-transformers models: prompts, lengths, names."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from indexer.embedders.sentence_transformers import SentenceTransformersEmbedder

pytest.importorskip("sentence_transformers", reason="needs the extra minilm")

import tiny_models


@pytest.fixture(scope="module", autouse=True)
def _offline() -> object:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HF_HUB_OFFLINE", "1")
        yield


def test_the_models_prompt_stands_before_questions_only(tmp_path: Path) -> None:
    asking = SentenceTransformersEmbedder(
        str(tiny_models.sentence_transformer(tmp_path, {"query": "query: ", "document": ""}))
    )
    np.testing.assert_allclose(asking.query("mesh"), asking.documents(["query: mesh"])[0], atol=1e-5)
    assert not np.allclose(asking.query("mesh"), asking.documents(["mesh"])[0], atol=1e-3)


def test_without_prompts_questions_and_texts_are_read_alike(tmp_path: Path) -> None:
    plain = SentenceTransformersEmbedder(str(tiny_models.sentence_transformer(tmp_path)))
    np.testing.assert_allclose(plain.query("mesh"), plain.documents(["mesh"])[0], atol=1e-5)


def test_the_name_is_known_without_loading(tmp_path: Path) -> None:
    folder = tiny_models.sentence_transformer(tmp_path)
    for weights in folder.rglob("*.safetensors"):
        weights.write_bytes(b"not a model")
    assert SentenceTransformersEmbedder(str(folder)).name.startswith("sentence-transformers-tiny-")
