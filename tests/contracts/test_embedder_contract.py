"""One suite over every embedder: shapes, lengths, order, sameness, and texts nobody would write.

Models on disk have random weights here: what they say means nothing, how they say it is the contract.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pytest

from indexer.embedders.base import Embedder, SparseEmbedder
from indexer.embedders.registry import create

TEXTS = [
    "smooth the normals of a mesh",
    "class OBJECT_OT_smooth(bpy.types.Operator):\n    bl_idname = 'object.smooth'\n",
    "hide an object in the viewport",
    "def execute(self, context):\n    context.object.data.use_auto_smooth = True\n    return {'FINISHED'}",
    "Größe und Länge: 3D-Modelle, 模型, модель",
]
HOSTILE = ["", " \n\t", "\0", "\udc80\udcff", "a" * 100_000, "x " * 50_000, "!?%&/()", "🐒" * 500, "[CLS] [PAD] <s>"]

Make = Callable[[], Embedder]


def static(_: Path, __: ExitStack) -> Make:
    return lambda: create("static")


def none(_: Path, __: ExitStack) -> Make:
    return lambda: create("none")


def openai(_: Path, stack: ExitStack) -> Make:
    import embeddings_server

    endpoint = stack.enter_context(embeddings_server.serving())
    return lambda: create(f"openai:tiny@{endpoint.url}")


def sentence_transformers(folder: Path, _: ExitStack) -> Make:
    pytest.importorskip("sentence_transformers", reason="needs the extra minilm")
    import tiny_models

    made = tiny_models.sentence_transformer(folder, {"query": "query: ", "document": ""})
    return lambda: create(f"sentence-transformers:{made}")


def flag_m3(folder: Path, _: ExitStack) -> Make:
    pytest.importorskip("FlagEmbedding", reason="needs the extra bge")
    import tiny_models

    made = tiny_models.bge_m3(folder)
    return lambda: create(f"flag:{made}")


def flag_code(folder: Path, _: ExitStack) -> Make:
    pytest.importorskip("FlagEmbedding", reason="needs the extra bge")
    import tiny_models

    made = tiny_models.bge_code(folder)
    return lambda: create(f"flag:{made}")


EMBEDDERS = {
    "static": static,
    "none": none,
    "openai": openai,
    "sentence-transformers": sentence_transformers,
    "flag-bge-m3": flag_m3,
    "flag-bge-code-v1": flag_code,
}


@pytest.fixture(scope="module", params=EMBEDDERS)
def make(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Make]:
    """Makes the same embedder once more."""
    with ExitStack() as stack:
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        patch.setenv("HF_HUB_OFFLINE", "1")
        yield EMBEDDERS[request.param](tmp_path_factory.mktemp("model"), stack)


@pytest.fixture(scope="module")
def embedder(make: Make) -> Embedder:
    return make()


def test_name_is_one_word_that_stays_the_same(make: Make, embedder: Embedder) -> None:
    assert embedder.name
    assert not any(character.isspace() for character in embedder.name)
    assert make().name == embedder.name


def test_documents_have_a_row_each(embedder: Embedder) -> None:
    found = embedder.documents(TEXTS)
    assert found.dtype == np.float32
    assert found.shape == (len(TEXTS), embedder.dimensions)


def test_no_documents_have_no_rows(make: Make) -> None:
    embedder = make()
    assert embedder.documents([]).shape == (0, embedder.dimensions)
    assert embedder.documents([]).dtype == np.float32


def test_query_is_one_row(embedder: Embedder) -> None:
    found = embedder.query("how do I smooth a mesh?")
    assert found.dtype == np.float32
    assert found.shape == (embedder.dimensions,)


def test_vectors_have_length_one(embedder: Embedder) -> None:
    if embedder.dimensions == 0:
        return
    for rows in (embedder.documents(TEXTS), embedder.query(TEXTS[0])[None]):
        assert np.linalg.norm(rows, axis=1) == pytest.approx(1, abs=1e-3)


def test_same_text_same_vector(make: Make, embedder: Embedder) -> None:
    again = make()
    np.testing.assert_allclose(embedder.documents(TEXTS), again.documents(TEXTS), atol=1e-5)
    np.testing.assert_allclose(embedder.query(TEXTS[0]), again.query(TEXTS[0]), atol=1e-5)


def test_neighbours_in_a_batch_do_not_matter(embedder: Embedder) -> None:
    alone = np.concatenate([embedder.documents([text]) for text in TEXTS])
    np.testing.assert_allclose(embedder.documents(TEXTS), alone, atol=1e-4)


def test_rows_keep_their_texts_order(embedder: Embedder) -> None:
    # Models sort by length inside: the order must come back.
    backwards = embedder.documents(TEXTS[::-1])
    np.testing.assert_allclose(backwards[::-1], embedder.documents(TEXTS), atol=1e-4)


def test_different_texts_differ(embedder: Embedder) -> None:
    if embedder.dimensions == 0:
        return
    found = embedder.documents(TEXTS[:3])
    assert len(np.unique(np.round(found, 4), axis=0)) == 3


def test_any_text_gives_a_row_of_length_one_or_zero(embedder: Embedder) -> None:
    found = embedder.documents(HOSTILE)
    assert found.shape == (len(HOSTILE), embedder.dimensions)
    assert np.isfinite(found).all()
    for length in np.linalg.norm(found, axis=1):
        assert length == pytest.approx(1, abs=1e-3) or length == 0
    assert embedder.query(HOSTILE[3]).shape == (embedder.dimensions,)


def test_what_a_batch_gives_is_the_callers_own(embedder: Embedder) -> None:
    found = embedder.documents(TEXTS)
    kept = found.copy()
    embedder.documents(TEXTS[::-1])
    embedder.query("something else")
    np.testing.assert_array_equal(found, kept)


def test_sparse_weights_are_of_words_in_the_text(embedder: Embedder) -> None:
    if not isinstance(embedder, SparseEmbedder):
        return
    weights = embedder.sparse_documents(["smooth the mesh", "hide an object"])
    assert len(weights) == 2
    assert embedder.sparse_documents([]) == []
    for row in [*weights, embedder.sparse_query("smooth the mesh")]:
        assert all(isinstance(word, str) and word and weight > 0 for word, weight in row.items())
    assert not {"hide", "object"} & set(weights[0])
    assert not {"smooth", "mesh"} & set(weights[1])
    assert embedder.sparse_query("smooth the mesh") == pytest.approx(weights[0], abs=1e-4)
