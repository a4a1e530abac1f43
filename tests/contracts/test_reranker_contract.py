"""One suite over every reranker: a number per text, in the texts' order, whatever the texts are."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from indexer.rerankers.base import Reranker
from indexer.rerankers.registry import create

QUERY = "how do I smooth a mesh?"
TEXTS = ["smooth the normals of a mesh", "hide an object in the viewport", "def execute(self, context): ..."]
HOSTILE = ["", "\0", "\udc80", "a" * 50_000, "x " * 20_000, "🐒", "[SEP] [PAD]"]

Make = Callable[[], Reranker]


def none(_: Path) -> Make:
    return lambda: create("none")


def embedding(_: Path) -> Make:
    return lambda: create("embedding:static")


def cross_encoder(folder: Path) -> Make:
    pytest.importorskip("sentence_transformers", reason="needs the extra minilm")
    import tiny_models

    made = tiny_models.cross_encoder(folder)
    return lambda: create(f"cross-encoder:{made}")


def flag(folder: Path) -> Make:
    pytest.importorskip("FlagEmbedding", reason="needs the extra bge")
    import tiny_models

    made = tiny_models.bge_reranker(folder)
    return lambda: create(f"flag:{made}")


RERANKERS = {
    "none": none,
    "embedding-static": embedding,
    "cross-encoder": cross_encoder,
    "flag-bge-reranker-v2-m3": flag,
}


@pytest.fixture(scope="module", params=RERANKERS)
def make(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Make]:
    """Makes the same reranker once more."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HF_HUB_OFFLINE", "1")
        yield RERANKERS[request.param](tmp_path_factory.mktemp("model"))


@pytest.fixture(scope="module")
def reranker(make: Make) -> Reranker:
    return make()


def test_name_is_one_word_that_stays_the_same(make: Make, reranker: Reranker) -> None:
    assert reranker.name
    assert not any(character.isspace() for character in reranker.name)
    assert make().name == reranker.name


def test_every_text_has_a_number(reranker: Reranker) -> None:
    scores = reranker.scores(QUERY, TEXTS)
    assert len(scores) == len(TEXTS)
    assert all(isinstance(score, float) and math.isfinite(score) for score in scores)


def test_no_texts_no_numbers(reranker: Reranker) -> None:
    assert reranker.scores(QUERY, []) == []


def test_same_texts_same_numbers(make: Make, reranker: Reranker) -> None:
    first = reranker.scores(QUERY, TEXTS)
    assert reranker.scores(QUERY, TEXTS) == pytest.approx(first, abs=1e-5)
    assert make().scores(QUERY, TEXTS) == pytest.approx(first, abs=1e-5)


def test_numbers_stay_with_their_texts(reranker: Reranker) -> None:
    if reranker.name == "none":  # the one that scores places, not texts
        assert reranker.scores(QUERY, TEXTS) == sorted(reranker.scores(QUERY, TEXTS), reverse=True)
        return
    assert reranker.scores(QUERY, TEXTS[::-1])[::-1] == pytest.approx(reranker.scores(QUERY, TEXTS), abs=1e-4)


def test_any_text_has_a_finite_number(reranker: Reranker) -> None:
    scores = reranker.scores("\udc80 " + QUERY, HOSTILE)
    assert len(scores) == len(HOSTILE)
    assert all(math.isfinite(score) for score in scores)


def test_a_text_given_twice_has_one_number(reranker: Reranker) -> None:
    first, *_, last = reranker.scores(QUERY, [TEXTS[0], TEXTS[1], TEXTS[0]])
    if reranker.name != "none":
        assert first == pytest.approx(last, abs=1e-5)
