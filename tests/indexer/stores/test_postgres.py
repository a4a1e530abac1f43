"""What the store in PostgreSQL promises beyond the contract of every store."""

from __future__ import annotations

import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer.errors import IndexerError, MissingError, UsageError
from indexer.models import Chunk, Facts, Filter, IndexedFile
from indexer.stores import postgres_ranking
from indexer.stores.base import Info
from indexer.stores.postgres import PostgresStore, open_postgres
from indexer.stores.postgres_schema import described
from indexer.stores.schema import OutdatedError
from indexer.stores.sqlite import SqliteStore

MODEL = "test-8"
SECRET = "correct horse"
LEISURELY = settings(
    max_examples=25, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)

Open = Callable[..., PostgresStore]


@pytest.fixture
def opened(database: str) -> Iterator[Open]:
    """Opens corpora of an empty database; all are closed at the end."""
    stores: list[PostgresStore] = []

    def one(corpus: str = "code", *, write: bool = True) -> PostgresStore:
        stores.append(open_postgres(database, corpus, write=write))
        return stores[-1]

    yield one
    for store in stores:
        store.close()


@pytest.fixture
def sql(database: str) -> Iterator[Callable[..., Any]]:
    """Asks the database itself."""
    import psycopg

    with psycopg.connect(database, autocommit=True) as connection:
        yield connection.execute


def chunk(name: str, text: str, path: str = "a.py", **more: Any) -> Chunk:
    return Chunk("code", "function", path, 1, 2, name, f"a.{name}", text, **more)


def file(path: str, *chunks: Chunk) -> IndexedFile:
    return IndexedFile(path, "0" * 40, 10, "python", chunks)


def put(store: PostgresStore | SqliteStore, *files: IndexedFile) -> None:
    with store.write() as writer:
        for each in files:
            writer.put(each)
        writer.describe(Info("code", "c0ffee", MODEL, 8, "test"))


def unit(seed: int, count: int) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    rows = np.random.default_rng(seed).normal(size=(count, 8)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


WORDS = st.sampled_from(["mesh", "use_auto_smooth", "bpy.data", "Panel", "draw", "smoothing", "edge", "vertices"])
TEXTS = st.lists(WORDS, min_size=1, max_size=12).map(" ".join)


@LEISURELY
@given(
    texts=st.lists(st.tuples(TEXTS, TEXTS, TEXTS), min_size=1, max_size=12),
    asked=st.lists(WORDS.map(str.lower), min_size=1, max_size=4),
)
def test_words_rank_as_in_the_other_store(
    opened: Open, tmp_path_factory: pytest.TempPathFactory, texts: list[tuple[str, str, str]], asked: list[str]
) -> None:
    chunks = [chunk(name, text, terms=terms) for name, text, terms in texts]
    with (
        opened() as store,
        SqliteStore(tmp_path_factory.mktemp("index") / "index.sqlite", write=True) as other,
    ):
        store.clear()
        for each in (store, other):
            put(each, file("a.py", *chunks))
        first = {number: place for place, number in enumerate(store.in_file("a.py"))}
        ours = {first[number]: score for number, score in store.lexical(asked, 100)}
        theirs = {number - 1: score for number, score in other.lexical(asked, 100)}
        assert ours == pytest.approx(theirs, rel=1e-4)
        assert dict(store.frequencies(asked)) == dict(other.frequencies(asked))


PLACES = st.text("ab[]^-\\%_./*?é", min_size=1, max_size=6)


@LEISURELY
@given(paths=st.lists(PLACES, min_size=1, max_size=12, unique=True), patterns=st.lists(PLACES, min_size=1, max_size=3))
def test_path_patterns_mean_what_they_mean_in_the_other_store(
    opened: Open, tmp_path_factory: pytest.TempPathFactory, paths: list[str], patterns: list[str]
) -> None:
    files = [file(path, chunk("f", "mesh", path)) for path in paths]
    where = Filter(paths=tuple(patterns))
    found = []
    with opened() as store, SqliteStore(tmp_path_factory.mktemp("index") / "index.sqlite", write=True) as other:
        store.clear()
        for each in (store, other):
            put(each, *files)
            hits = each.lexical(["mesh"], 100, where)
            found.append({hit.path for hit in each.chunks(number for number, _ in hits).values()})
    assert found[0] == found[1]


@pytest.mark.parametrize(
    ("pattern", "path"), [("*.py", "a/b.py"), ("[a-c]?*", "bx"), ("[^a]", "é"), ("[]]", "]"), ("a[%]b", "a%b")]
)
def test_a_pattern_takes_a_path_it_should(opened: Open, pattern: str, path: str) -> None:
    store = opened()
    put(store, file(path, chunk("f", "mesh", path)), file("other.txt", chunk("f", "mesh", "other.txt")))
    assert len(store.lexical(["mesh"], 10, Filter(paths=(pattern,)))) == 1


def test_corpora_are_kept_apart(opened: Open) -> None:
    one, two = opened("one"), opened("two")
    put(one, file("a.py", chunk("f", "vertex", facts=Facts(calls=("mesh.update",)))))
    put(two, file("a.py", chunk("g", "edge")))
    assert one.count() == two.count() == 1
    assert two.lexical(["vertex"], 10) == []
    assert two.calling("update", 10) == []
    assert dict(two.frequencies(["vertex"])) == {}
    (number,) = one.in_file("a.py")
    assert two.chunks([number]) == {}
    two.clear()
    assert one.count() == 1


def test_what_one_corpus_embedded_no_other_has_to(opened: Open) -> None:
    one, two = opened("one"), opened("two")
    same = chunk("f", "same text")
    for store in (one, two):
        put(store, file("a.py", same))
    one.add_vectors(MODEL, [same.key], unit(1, 1))
    assert two.missing(MODEL, [same.key]) == []
    assert list(two.unembedded(MODEL)) == []
    assert len(two.dense(unit(1, 1)[0], 5)) == 1


def test_vectors_come_back_as_they_were_kept(opened: Open) -> None:
    store = opened()
    keys = [f"{number:064x}" for number in range(20)]
    kept = unit(2, 20)
    kept[3, 0] = np.inf
    store.add_vectors(MODEL, keys, kept)
    found = dict(store.vectors(MODEL, [*keys, "f" * 64]))
    assert set(found) == set(keys)
    assert not found[keys[3]].any()
    for key, row in zip(keys, kept, strict=True):
        if np.isfinite(row).all():
            assert found[key] == pytest.approx(row, abs=1e-3)


def test_unused_vectors_stay_while_somebody_may_need_them(opened: Open) -> None:
    store, other = opened("one"), opened("two")
    used, spare = chunk("f", "used"), chunk("f", "spare")
    put(other, file("a.py", used))
    store.add_vectors(MODEL, [used.key, spare.key], unit(1, 2))

    assert store.forget_vectors(0) == 0
    other.close()
    assert store.forget_vectors(1) == 0
    assert store.forget_vectors(0) == 1
    assert store.missing(MODEL, [used.key, spare.key]) == [spare.key]


def test_of_many_vectors_a_sample_tells_whether_to_count(
    opened: Open, sql: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("indexer.stores.postgres.SAMPLED", 400)
    store = opened()
    chunks = [chunk(f"f{number}", f"text {number}") for number in range(2_000)]
    store.add_vectors(MODEL, [each.key for each in chunks], unit(7, 2_000))
    put(store, file("a.py", *chunks[::2]))  # every other one is needed, on every page
    sql("ANALYZE bcrag.vectors")

    assert store._few_unneeded(1_500)
    assert not store._few_unneeded(500)
    assert store.forget_vectors(1_500) == 0
    assert store.forget_vectors(2_000) == 0
    assert store.forget_vectors(500) == 1_000
    assert store.missing(MODEL, [each.key for each in chunks]) == [each.key for each in chunks[1::2]]


def test_writers_of_one_corpus_come_one_after_the_other(opened: Open) -> None:
    first, second, began = opened(), opened(), threading.Event()

    def write() -> None:
        began.set()
        put(second, file("b.py", chunk("second", "edge", "b.py")))

    thread = threading.Thread(target=write)
    with first.write() as writer:
        writer.put(file("a.py", chunk("first", "vertex")))
        thread.start()
        began.wait()
        time.sleep(0.3)
        assert thread.is_alive()
        elsewhere = opened("elsewhere")
        put(elsewhere, file("a.py", chunk("f", "x")))  # another corpus does not wait
    thread.join(10)
    assert first.count() == 2
    assert first.info().generation == 2


def test_who_waits_too_long_is_told_so(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    first = opened()
    monkeypatch.setattr("indexer.stores.postgres_schema.BUSY_SECONDS", 1)
    second = opened()
    with first.write(), pytest.raises(IndexerError, match="else is writing"), second.write():
        pass
    put(second, file("a.py", chunk("f", "x")))


def test_a_connection_that_breaks_leaves_the_old_state(opened: Open, sql: Callable[..., Any]) -> None:
    store = opened()
    put(store, file("a.py", chunk("kept", "vertex")))
    with pytest.raises(IndexerError) as caught, store.write() as writer:
        writer.remove("a.py")
        assert store.count() == 0
        sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'bcrag'")
        store.count()
    assert caught.value.cure
    again = opened()
    assert again.count() == 1
    assert again.lexical(["vertex"], 5)


def test_many_chunks_are_seen_before_and_after_the_commit(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("indexer.stores.postgres_writer.PENDING", 7)
    store = opened()
    with store.write() as writer:
        for number in range(30):
            writer.put(file(f"{number}.py", chunk(f"f{number}", "mesh", f"{number}.py")), "then")
        writer.touch("29.py", "now")
        writer.touch("0.py", "now")
        writer.remove("1.py")
        assert len(store.files()) == 29
    assert len(store.lexical(["mesh"], 100)) == 29
    assert {path for path, state in store.files().items() if state.stat == "now"} == {"0.py", "29.py"}


def test_names_are_those_of_now(opened: Open) -> None:
    reader, writer = opened(), opened()
    put(writer, file("a.py", chunk("old", "x")))
    assert [row.name for row in reader.names()] == ["old"]
    put(writer, file("a.py", chunk("new", "x")))
    assert [row.name for row in reader.names()] == ["new"]


def test_texts_no_table_can_hold_are_kept_spelled_out(opened: Open) -> None:
    store = opened()
    long = "d" * 200 + "/" + "".join(chr(97 + number % 26) * (number % 7) for number in range(2_000))
    put(store, file(long, chunk("f\0", "a \0 b \udcff", long, facts=Facts(calls=("x" * 9_000, "m.run")))))
    (number,) = store.in_file(long)
    assert store.chunks([number])[number].text == "a \\x00 b \\udcff"
    assert store.chunks([number])[number].facts.calls == ("x" * 9_000, "m.run")
    assert store.calling("run", 5) == [number]
    assert [each.path for each in store.indexed()] == [long]


def test_a_large_corpus_is_searched_by_an_index_that_finds_the_same(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = opened()
    chunks = [chunk(f"f{number}", f"text {number}", "odd.py" if number % 50 == 1 else "a.py") for number in range(600)]
    store.add_vectors(MODEL, [each.key for each in chunks], unit(5, 600))
    put(store, file("a.py", *chunks))
    asked = unit(6, 20)
    exact = [[number for number, _ in store.dense(vector, 10)] for vector in asked]

    monkeypatch.setattr(postgres_ranking, "APPROXIMATE", 500)
    put(store)
    assert postgres_ranking.indexed(store._connection, MODEL, 8)
    near = [[number for number, _ in store.dense(vector, 10)] for vector in asked]

    found = [len(set(a) & set(b)) for a, b in zip(exact, near, strict=True)]
    assert sum(found) >= 0.95 * 200
    assert len(store.dense(asked[0], 12, Filter(paths=("odd*",)))) == 12


def test_damage_is_noticed(opened: Open, sql: Callable[..., Any]) -> None:
    store = opened()
    only = chunk("f", "vertex")
    put(store, file("a.py", only))
    assert "without a vector" in store.verify()
    store.add_vectors(MODEL, [only.key], unit(1, 1))
    assert not store.verify()
    sql("DELETE FROM bcrag.postings")
    assert "0 of them to be searched" in store.verify()
    sql("DROP TABLE bcrag.texts")
    with pytest.raises(IndexerError, match="not as they should be") as caught:
        store.chunks([1])
    assert "indexer build" in caught.value.cure


def test_reading_needs_what_was_written(opened: Open, database: str) -> None:
    with pytest.raises(MissingError, match="no index") as caught:
        opened(write=False)
    assert "indexer build" in caught.value.cure
    put(opened(), file("a.py", chunk("f", "x")))
    with pytest.raises(MissingError, match="no index other"):
        opened("other", write=False)
    reader = opened(write=False)
    assert reader.count() == 1
    with pytest.raises(UsageError, match="to be read"), reader.write():
        pass
    with pytest.raises(IndexerError, match="read-only"):
        reader.add_vectors(MODEL, ["0" * 64], unit(1, 1))


def test_tables_of_others_are_left_alone(opened: Open, sql: Callable[..., Any]) -> None:
    sql("CREATE SCHEMA bcrag")
    sql("CREATE TABLE bcrag.files (theirs int)")
    with pytest.raises(UsageError, match="not made by bcrag"):
        opened()
    assert sql("SELECT count(*) FROM bcrag.files").fetchone() == (0,)


def test_tables_of_another_version_are_not_touched(opened: Open, sql: Callable[..., Any]) -> None:
    put(opened(), file("a.py", chunk("f", "x")))
    sql("UPDATE bcrag.format SET layout = 99")
    with pytest.raises(OutdatedError, match="another version"):
        opened()
    assert sql("SELECT count(*) FROM bcrag.chunks").fetchone() == (1,)


def test_without_pgvector_its_administrator_is_named(database: str, sql: Callable[..., Any]) -> None:
    sql("DROP EXTENSION IF EXISTS vector CASCADE")
    sql("DROP ROLE IF EXISTS somebody")
    sql("CREATE ROLE somebody LOGIN")
    try:
        import psycopg

        theirs = psycopg.conninfo.make_conninfo(database, user="somebody")
        with pytest.raises(MissingError, match="may not switch pgvector on") as caught:
            open_postgres(theirs, "code", write=True)
        assert "CREATE EXTENSION vector" in caught.value.cure
        open_postgres(database, "code", write=True).close()
        with pytest.raises(MissingError, match="may not do this") as caught:
            open_postgres(theirs, "code")
        assert "grant" in caught.value.cure
    finally:
        sql("DROP ROLE somebody")


@pytest.mark.parametrize("form", ["postgresql://me:{}@127.0.0.1:{}/x", "host=127.0.0.1 user=me password='{}' port={}"])
def test_a_server_that_is_not_there_is_named_without_the_password(database: str, form: str) -> None:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))  # nobody listens
        dsn = form.format(SECRET.replace(" ", "%20") if "://" in form else SECRET, taken.getsockname()[1])
        with pytest.raises(MissingError, match=r"127\.0\.0\.1") as caught:
            open_postgres(dsn, "code")
    assert "horse" not in f"{caught.value} {caught.value.cure} {caught.value.__cause__}"
    assert caught.value.__suppress_context__


@pytest.mark.parametrize("dsn", [f"postgresql//me:{SECRET}@host/x", f"host=x secret={SECRET}", "=", "nothing"])
def test_an_address_that_is_none_is_not_repeated(database: str, dsn: str) -> None:
    with pytest.raises(UsageError) as caught:
        described(dsn)
    assert "horse" not in str(caught.value)
    assert caught.value.__suppress_context__
    assert "postgresql://" in caught.value.cure


@pytest.mark.parametrize("name", ["", "x" * 201, "a\0b", "\udc80"])
def test_a_corpus_needs_a_name(name: str) -> None:
    with pytest.raises(UsageError, match="name"):
        open_postgres("", name)


def test_without_the_extra_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(MissingError, match="psycopg") as caught:
        open_postgres("postgresql://host/x", "code")
    assert "bcrag[postgres]" in caught.value.cure


def test_a_summary_counts_by_kind_role_and_language(opened: Open, tmp_path: Path) -> None:
    chunks = [chunk("f", "x", language="python"), chunk("g", "y"), Chunk("doc", "section", "b", 1, 2, "T", "T", "t")]
    with SqliteStore(tmp_path / "index.sqlite", write=True) as other:
        for store in (opened(), other):
            put(store, file("a.py", *chunks))
            assert store.summary() == {
                "kinds": {"code": 2, "doc": 1}, "roles": {"function": 2, "section": 1}, "languages": {"python": 1},
            }  # fmt: skip
