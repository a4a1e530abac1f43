"""One suite over every store: what is put in comes out, a transaction is all or nothing, ranks are honest."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer.models import Chunk, Facts, Filter, IndexedFile
from indexer.stores.base import Info, Store
from indexer.stores.postgres import open_postgres
from indexer.stores.sqlite import SqliteStore
from indexer.tokens import tokens

MODEL = "test-8"

Open = Callable[[], Store]


def sqlite(folder: Path, _: pytest.FixtureRequest) -> Open:
    return lambda: SqliteStore(folder / "index.sqlite", write=True)


def postgres(folder: Path, request: pytest.FixtureRequest) -> Open:
    dsn = request.getfixturevalue("database")
    return lambda: open_postgres(dsn, "code", write=True)


STORES = {"sqlite": sqlite, "postgres": postgres}


@pytest.fixture(params=STORES)
def reopen(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Open]:
    """Opens the same store once more; everything opened is closed at the end."""
    opened: list[Store] = []
    open_one = STORES[request.param](tmp_path, request)

    def again() -> Store:
        opened.append(open_one())
        return opened[-1]

    yield again
    for store in opened:
        store.close()


@pytest.fixture
def store(reopen: Open) -> Store:
    return reopen()


def chunk(name: str, text: str, path: str = "a.py", start: int = 1, **more: object) -> Chunk:
    return Chunk("code", "function", path, start, start + 1, name, f"a.{name}", text, **more)  # type: ignore[arg-type]


def file(path: str, *chunks: Chunk, blob: str = "0" * 40, imports: tuple[str, ...] = ()) -> IndexedFile:
    return IndexedFile(path, blob, 10, "python", chunks, imports)


def put(store: Store, *files: IndexedFile) -> None:
    with store.write() as writer:
        for each in files:
            writer.put(each)
        writer.describe(Info("code", "c0ffee", MODEL, 8, "test"))


def found(store: Store, text: str, where: Filter | None = None) -> list[str]:
    hits = store.lexical(tokens(text), 10, where)
    chunks = store.chunks(number for number, _ in hits)
    return [chunks[number].name for number, _ in hits]


def axis(number: int) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    vector = np.zeros(8, dtype=np.float32)
    vector[number] = 1
    return vector


def test_an_empty_store_answers_everything_with_nothing(store: Store) -> None:
    assert store.info() == Info()
    assert dict(store.files()) == {}
    assert store.count() == 0
    assert store.lexical(["mesh"], 10) == []
    assert store.dense(axis(0), 10) == []
    assert store.chunks([1, 2]) == {}
    assert list(store.names()) == []


def test_a_chunk_comes_back_as_it_was_put(store: Store, reopen: Open) -> None:
    original = chunk(
        "Panel.draw", "self.layout.label()", context="class Panel:", language="python", part=2, terms="Sidebar",
        facts=Facts(("persistent",), ("Panel",), ("layout.label",), ("ValueError",), "panel", "VIEW3D_PT_x"),
        prior=0.25, commit="c0ffee",
    )  # fmt: skip
    put(store, file("a.py", original, imports=("bpy", "a.b")))

    for each in (store, reopen()):
        (row,) = each.names()
        assert each.chunks([row.id]) == {row.id: original}
        assert (row.path, row.name, row.symbol, row.part, row.prior) == ("a.py", "Panel.draw", "a.Panel.draw", 2, 0.25)
        assert each.imports() == {"a.py": ("bpy", "a.b")}
        assert each.info() == Info("code", "c0ffee", MODEL, 8, "test", generation=1)


def test_a_file_put_again_replaces_what_it_was(store: Store) -> None:
    put(store, file("a.py", chunk("old", "def old(): vertex")), file("b.py", chunk("other", "edge", "b.py")))
    put(store, file("a.py", chunk("new", "def new(): polygon")))

    assert found(store, "vertex") == []
    assert found(store, "polygon") == ["new"]
    assert found(store, "edge") == ["other"]
    assert store.count() == 2


def test_a_removed_file_is_gone_from_every_lookup(store: Store) -> None:
    put(store, file("a.py", chunk("gone", "vertex", facts=Facts(calls=("mesh.update",))), imports=("bpy",)))
    with store.write() as writer:
        writer.remove("a.py")

    assert found(store, "vertex") == []
    assert store.calling("update", 10) == []
    assert store.in_file("a.py") == []
    assert dict(store.imports()) == {}
    assert dict(store.files()) == {}
    assert dict(store.frequencies(["vertex"])) == {}


def test_an_exception_undoes_the_whole_transaction(store: Store, reopen: Open) -> None:
    put(store, file("a.py", chunk("kept", "vertex")))

    with pytest.raises(RuntimeError, match="stop"), store.write() as writer:
        writer.remove("a.py")
        writer.put(file("b.py", chunk("never", "edge", "b.py")))
        raise RuntimeError("stop")

    for each in (store, reopen()):
        assert found(each, "vertex edge") == ["kept"]
        assert each.info().generation == 1


def test_a_reader_sees_nothing_of_an_open_transaction(store: Store, reopen: Open) -> None:
    put(store, file("a.py", chunk("old", "vertex")))
    reader = reopen()
    with store.write() as writer:
        writer.put(file("a.py", chunk("new", "edge")))
        assert found(reader, "vertex edge") == ["old"]
    assert found(reader, "vertex edge") == ["new"]


def test_a_word_in_the_name_counts_more_than_one_in_the_text(store: Store) -> None:
    filler = " ".join(["word"] * 5)
    put(store, file("a.py", chunk("other", f"smooth {filler}"), chunk("smooth", f"unrelated {filler}", start=5)))
    assert found(store, "smooth") == ["smooth", "other"]


def test_rare_words_count_more_than_common_ones(store: Store) -> None:
    common = [chunk(f"f{n}", f"context object {n}", start=n + 1) for n in range(20)]
    put(store, file("a.py", *common, chunk("rare", "context armature", start=50)))
    assert found(store, "context armature")[0] == "rare"


def test_identifiers_are_found_whole_by_their_parts_and_inflected(store: Store) -> None:
    put(store, file("a.py", chunk("f", "mesh.use_auto_smooth = True"), chunk("g", "nothing at all", start=9)))
    for asked in ("use_auto_smooth", "auto smooth", "smoothing", "mesh.use_auto_smooth"):
        assert found(store, asked) == ["f"], asked


@pytest.mark.parametrize(
    "hostile", ['"', "'; DROP TABLE chunks; --", "a AND", "NEAR(", "*", "-x", "\0", "a:b", "\udc80"]
)
def test_a_term_is_never_a_query(store: Store, hostile: str) -> None:
    put(store, file("a.py", chunk("f", "plain words")))
    store.lexical([hostile], 10)
    assert store.count() == 1


def test_the_nearest_vector_comes_first(store: Store) -> None:
    chunks = [chunk(f"f{n}", f"text {n}", start=n + 1) for n in range(4)]
    put(store, file("a.py", *chunks))
    store.add_vectors(MODEL, [each.key for each in chunks], np.stack([axis(n) for n in range(4)]))
    query = (0.9 * axis(2) + 0.1 * axis(3)).astype(np.float32)

    hits = store.dense(query, 2)

    named = store.chunks(number for number, _ in hits)
    assert [named[number].name for number, _ in hits] == ["f2", "f3"]
    assert hits[0][1] == pytest.approx(0.9, abs=0.01)


def test_equal_texts_are_embedded_once_and_both_found(store: Store) -> None:
    twins = (chunk("f", "same text"), chunk("f", "same text", "b.py"))
    put(store, file("a.py", twins[0]), file("b.py", twins[1]))
    assert store.missing(MODEL, [each.key for each in twins]) == [twins[0].key]
    store.add_vectors(MODEL, [twins[0].key], axis(0)[None, :])
    assert len(store.dense(axis(0), 10)) == 2
    assert store.missing(MODEL, [each.key for each in twins]) == []


def test_vectors_outlive_the_chunk_they_were_made_for(store: Store) -> None:
    first = chunk("f", "before the switch")
    put(store, file("a.py", first))
    store.add_vectors(MODEL, [first.key], axis(0)[None, :])
    put(store, file("a.py", chunk("f", "after the switch")))
    assert store.missing(MODEL, [first.key]) == []
    assert store.dense(axis(0), 10) == []


def test_models_are_kept_apart(store: Store) -> None:
    only = chunk("f", "text")
    put(store, file("a.py", only))
    store.add_vectors("another", [only.key], axis(0)[None, :])
    assert store.missing(MODEL, [only.key]) == [only.key]
    assert list(store.unembedded(MODEL)) == [(only.key, only.embedded)]
    assert list(store.unembedded("another")) == []


def test_a_filter_holds_for_words_and_for_vectors(store: Store) -> None:
    code = chunk("code", "mesh", "src/a.py", language="python")
    doc = Chunk("doc", "section", "docs/a.md", 1, 2, "Doc", "Doc", "mesh", language="markdown")
    put(store, file("src/a.py", code), IndexedFile("docs/a.md", "1" * 40, 10, "markdown", (doc,)))
    store.add_vectors(MODEL, [code.key, doc.key][:1], axis(0)[None, :])
    store.add_vectors(MODEL, [doc.key], axis(0)[None, :])
    for where, name in (
        (Filter(kinds=("doc",)), "Doc"),
        (Filter(paths=("src/*",)), "code"),
        (Filter(languages=("markdown",)), "Doc"),
        (Filter(kinds=("code", "doc"), paths=("*.md",)), "Doc"),
    ):
        assert found(store, "mesh", where) == [name]
        numbers = [number for number, _ in store.dense(axis(0), 5, where)]
        assert [each.name for each in store.chunks(numbers).values()] == [name]


def test_structure_is_looked_up_by_name_and_by_file(store: Store) -> None:
    caller = chunk("caller", "x", facts=Facts(calls=("self.layout.label", "label")), start=10)
    put(store, file("a.py", caller, chunk("first", "y", start=1)))
    (number,) = store.calling("label", 5)
    assert store.chunks([number])[number].name == "caller"
    named = store.chunks(store.in_file("a.py"))
    assert [named[each].name for each in store.in_file("a.py")] == ["first", "caller"]
    assert sorted(store.keys_of(["a.py", "unknown.py"])) == sorted(each.key for each in named.values())


def test_touching_a_file_changes_nothing_that_is_derived(store: Store) -> None:
    put(store, file("a.py", chunk("f", "x")))
    before = store.info()
    with store.write() as writer:
        writer.touch("a.py", "new times")
        writer.describe(before)
    assert store.info() == before
    assert store.files()["a.py"].stat == "new times"


def test_a_path_of_any_bytes_can_be_kept(store: Store) -> None:
    odd = "caf\udce9/\n'\".py"
    put(store, file(odd, chunk("f", "text \udcff here", odd)))
    assert store.count() == 1
    with store.write() as writer:
        writer.remove(odd)
    assert store.count() == 0
    assert found(store, "text here") == []


def test_a_pinned_reader_sees_one_state_whatever_is_written(store: Store, reopen: Open) -> None:
    put(store, file("a.py", chunk("old", "vertex")))
    reader = reopen()
    reader.pin()
    put(store, file("a.py", chunk("new", "edge")))

    assert found(reader, "vertex edge") == ["old"]
    assert [row.name for row in reader.names()] == ["old"]
    assert reader.info().generation == 1
    assert reader.dense(axis(0), 10) == []
    assert found(reopen(), "vertex edge") == ["new"]


def test_all_of_a_store_can_be_taken_by_another(store: Store) -> None:
    files = (
        file("a.py", chunk("f", "vertex", facts=Facts(calls=("m.run",)), prior=0.5), chunk("g", "edge", start=7)),
        file("b.py", imports=("bpy", "a.b")),
        IndexedFile("c.png", "1" * 40, 9, skipped="no text"),
    )
    put(store, *reversed(files))
    assert tuple(store.indexed()) == files


def test_a_summary_counts_by_kind_role_and_language(store: Store) -> None:
    doc = Chunk("doc", "section", "b.md", 1, 2, "T", "T", "text", language="markdown")
    put(store, file("a.py", chunk("f", "x", language="python"), chunk("g", "y"), doc))
    assert store.summary() == {
        "kinds": {"code": 2, "doc": 1}, "roles": {"function": 2, "section": 1},
        "languages": {"markdown": 1, "python": 1},
    }  # fmt: skip


def test_unneeded_vectors_go_when_there_are_too_many(store: Store) -> None:
    used, *spare = chunk("used", "vertex"), chunk("one", "edge"), chunk("two", "face")
    put(store, file("a.py", used))
    keys = [each.key for each in (used, *spare)]
    store.add_vectors(MODEL, keys, np.stack([axis(n) for n in range(3)]))

    assert store.forget_vectors(2) == 0
    assert store.missing(MODEL, keys) == []
    assert store.forget_vectors(1) == 2
    assert store.missing(MODEL, keys) == [each.key for each in spare]


def test_a_store_says_where_it_is_how_large_and_what_is_wrong(store: Store) -> None:
    only = chunk("f", "vertex")
    put(store, file("a.py", only))
    assert store.place
    assert store.size() > 1_000
    assert "without a vector" in store.verify()
    store.add_vectors(MODEL, [only.key], axis(0)[None, :])
    assert store.verify() == ""


def weighed(store: Store, weights: Mapping[str, float], where: Filter | None = None) -> list[str]:
    hits = store.sparse(weights, 10, where)
    chunks = store.chunks(number for number, _ in hits)
    return [chunks[number].name for number, _ in hits]


def test_weighted_words_are_compared_by_their_dot_product(store: Store) -> None:
    one, two, three = chunk("one", "x"), chunk("two", "y"), chunk("three", "z")
    put(store, file("a.py", one, two, three))
    keys = [one.key, two.key, three.key]
    store.add_sparse(MODEL, keys, [{"mesh": 0.5, "edge": 0.25}, {"mesh": 1.0}, {"face": 1.0}])

    assert weighed(store, {"mesh": 1.0}) == ["two", "one"]
    assert weighed(store, {"mesh": 0.25, "edge": 2.0, "none": 9.0}) == ["one", "two"]
    ((_, best), _) = store.sparse({"mesh": 0.25, "edge": 2.0}, 10)
    assert best == pytest.approx(0.625)
    assert [number for number, _ in store.sparse({"mesh": 1.0}, 1)] == [store.sparse({"mesh": 1.0}, 5)[0][0]]
    assert store.sparse({}, 10) == store.sparse({"mesh": 1.0}, 0) == store.sparse({"other": 1.0}, 10) == []


def test_an_empty_store_has_no_weighted_words(store: Store) -> None:
    assert store.sparse({"mesh": 1.0}, 10) == []
    assert list(store.weights(MODEL, ["0" * 64])) == []


def test_weights_are_kept_apart_by_model_and_outlive_their_chunk(store: Store) -> None:
    first = chunk("f", "before the switch")
    put(store, file("a.py", first))
    store.add_sparse("another", [first.key], [{"mesh": 1.0}])
    assert store.sparse({"mesh": 1.0}, 10) == []
    store.add_sparse(MODEL, [first.key], [{"edge": 1.0}])
    put(store, file("a.py", chunk("f", "after the switch")))
    assert store.sparse({"edge": 1.0}, 10) == []
    put(store, file("a.py", first), file("b.py", chunk("f", first.text, "b.py")))
    assert weighed(store, {"edge": 1.0}) == ["f", "f"]
    assert list(store.weights("another", [first.key])) == [(first.key, {"mesh": 1.0})]


def test_a_filter_holds_for_weighted_words(store: Store) -> None:
    code = chunk("code", "mesh", "src/a.py", language="python")
    doc = Chunk("doc", "section", "docs/a.md", 1, 2, "Doc", "Doc", "mesh", language="markdown")
    put(store, file("src/a.py", code), IndexedFile("docs/a.md", "1" * 40, 10, "markdown", (doc,)))
    store.add_sparse(MODEL, [code.key, doc.key], [{"mesh": 1.0}, {"mesh": 0.5}])
    assert weighed(store, {"mesh": 1.0}) == ["code", "Doc"]
    assert weighed(store, {"mesh": 1.0}, Filter(kinds=("doc",))) == ["Doc"]
    assert weighed(store, {"mesh": 1.0}, Filter(paths=("src/*",))) == ["code"]
    assert weighed(store, {"mesh": 1.0}, Filter(languages=("markdown",))) == ["Doc"]


def test_weights_said_again_are_said_once(store: Store, reopen: Open) -> None:
    only = chunk("f", "x")
    put(store, file("a.py", only))
    store.add_sparse(MODEL, [only.key], [{"mesh": 1.0}])
    store.add_sparse(MODEL, [only.key, only.key], [{"mesh": 0.5}, {"mesh": 0.5}])
    assert list(reopen().weights(MODEL, [only.key, only.key, "0" * 64])) == [(only.key, {"mesh": 0.5})]
    with pytest.raises(ValueError, match="zip"):
        store.add_sparse(MODEL, [only.key], [])


def test_of_strange_weights_only_the_plain_ones_are_kept(store: Store) -> None:
    only = chunk("f", "x")
    put(store, file("a.py", only))
    strange = {
        "": 1.0, "a\0b": 1.0, "\udc80": 1.0, "x" * 201: 1.0, "nan": math.nan, "inf": math.inf, "large": 1e300,
        "minus": -1.0, "none": 0.0, "tiny": 1e-300, "'; DROP TABLE sparse; --": 0.5, "▁Würfel": 0.25,
        "\U0001f600": 2e-40,
    }  # fmt: skip
    store.add_sparse(MODEL, [only.key], [strange])
    kept = dict(store.weights(MODEL, [only.key]))[only.key]
    assert dict(kept) == pytest.approx(
        {"'; DROP TABLE sparse; --": 0.5, "▁Würfel": 0.25, "\U0001f600": 2e-40}, rel=1e-3
    )
    assert store.sparse(strange, 10)[0][1] == pytest.approx(0.3125)


def test_only_the_heaviest_words_of_a_text_are_kept(store: Store) -> None:
    only = chunk("f", "x")
    put(store, file("a.py", only))
    store.add_sparse(MODEL, [only.key], [{f"w{n}": n / 1024 for n in range(1, 1_025)}])
    kept = dict(store.weights(MODEL, [only.key]))[only.key]
    assert sorted(kept) == sorted(f"w{n}" for n in range(513, 1_025))


def test_unneeded_weights_go_with_unneeded_vectors(store: Store) -> None:
    used, *spare = chunk("used", "vertex"), chunk("one", "edge"), chunk("two", "face")
    put(store, file("a.py", used))
    keys = [each.key for each in (used, *spare)]
    store.add_sparse(MODEL, keys, [{"mesh": 1.0}] * 3)
    store.add_vectors(MODEL, keys, np.stack([axis(n) for n in range(3)]))
    assert store.forget_vectors(2) == 0
    assert len(list(store.weights(MODEL, keys))) == 3
    assert store.forget_vectors(1) == 2
    assert [key for key, _ in store.weights(MODEL, keys)] == [used.key]


WEIGHTS = st.dictionaries(st.sampled_from(["mesh", "edge", "face", "▁bpy", "ß"]), st.floats(1 / 64, 8, width=16))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(WEIGHTS, min_size=1, max_size=8), asked=WEIGHTS, limit=st.integers(1, 8))
def test_weighted_words_rank_as_a_brute_force_dot_product_does(
    store: Store, texts: list[dict[str, float]], asked: dict[str, float], limit: int
) -> None:
    with store.write() as writer:
        for path in store.files():
            writer.remove(path)
    # The number of the example is in the text: what is said of a text stays said.
    salt = store.info().generation
    chunks = [chunk(f"f{n}", f"{salt} {n}", start=n + 1) for n in range(len(texts))]
    put(store, file("a.py", *chunks))
    store.add_sparse(MODEL, [each.key for each in chunks], texts)

    expected = {f"f{n}": sum(asked[w] * text[w] for w in asked.keys() & text) for n, text in enumerate(texts)}
    shared = {name: score for name, score in expected.items() if score}

    hits = store.sparse(asked, limit)
    named = store.chunks(number for number, _ in hits)
    assert len(hits) == min(limit, len(shared))
    assert [score for _, score in hits] == pytest.approx(sorted(shared.values(), reverse=True)[:limit])
    assert {named[number].name: score for number, score in hits} == pytest.approx(
        {named[number].name: expected[named[number].name] for number, _ in hits}
    )
