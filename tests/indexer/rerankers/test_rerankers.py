"""Rerankers by name, and the one that is an embedder."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from indexer.embedders.base import Vectors
from indexer.embedders.static import StaticEmbedder
from indexer.errors import UsageError
from indexer.rerankers.embedding import EmbeddingReranker
from indexer.rerankers.finite import LOWEST, finite
from indexer.rerankers.registry import FACTORIES, FORMS, create


class Counting(StaticEmbedder):
    """The real embedder, and how much it was asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.embedded = 0

    def documents(self, texts: Sequence[str]) -> Vectors:
        self.embedded += len(texts)
        return super().documents(texts)


def test_the_nearer_text_scores_higher() -> None:
    reranker = create("embedding:static")
    near, far = reranker.scores("hide an object", ["Hide the object in the viewport", "Length of the audio file"])
    assert near > far


def test_scores_are_cosines() -> None:
    embedder = StaticEmbedder()
    texts = ["mesh", "smooth mesh", "audio"]
    expected = embedder.documents(texts) @ embedder.query("smooth")
    np.testing.assert_allclose(EmbeddingReranker(embedder).scores("smooth", texts), expected, atol=1e-6)


def test_a_text_is_embedded_once() -> None:
    embedder = Counting()
    reranker = EmbeddingReranker(embedder)
    reranker.scores("one", ["a mesh", "a bone", "a mesh"])
    before = embedder.embedded
    reranker.scores("two", ["a bone", "a mesh"])
    assert embedder.embedded - before == 1, "only the question"


def test_every_name_has_its_form() -> None:
    assert FORMS.keys() == FACTORIES.keys()
    assert create().name == "none"


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ("cross_encoder", "Did you mean cross-encoder?"),
        ("nune", "Did you mean none?"),
        ("flag:bge-reranker", "Did you mean bge-reranker-v2-m3?"),
        ("none:x", "takes nothing"),
        ("embedding", "which embedder"),
        ("embedding:statik", "Did you mean static?"),
    ],
)
def test_a_wrong_name_is_answered_with_the_right_one(spec: str, said: str) -> None:
    with pytest.raises(UsageError) as caught:
        create(spec)
    assert said in str(caught.value)
    assert caught.value.cure


def test_what_is_no_number_comes_last() -> None:
    assert finite([1.0, float("nan"), float("inf")]) == [1.0, LOWEST, LOWEST]
    assert finite([[0.1, 0.9], [0.8, 0.2]]) == [0.9, 0.2]
