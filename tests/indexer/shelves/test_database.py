"""What indexes in a database promise beyond the contract of every shelf: a team shares vectors, never files."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from indexer.errors import IndexerError, MissingError
from indexer.portable import export
from indexer.repository import Checkout
from indexer.shelves import database as module
from indexer.shelves.database import Database
from indexer.shelves.files import Files
from indexer.stores.postgres import open_postgres
from indexer.stores.schema import OutdatedError
from indexer.wiring import Wanted, code_corpus, index, reading
from repositories import TOOLS, Repository, addon


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return addon(tmp_path / "repo")


@pytest.fixture
def sql(database: str) -> Iterator[Callable[..., Any]]:
    """Asks the database itself."""
    import psycopg

    with psycopg.connect(database, autocommit=True) as connection:
        yield connection.execute


def test_people_with_the_same_path_have_a_corpus_each_and_share_vectors(
    database: str, repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf = Database(database)
    wanted = Wanted(tmp_path / "cache", shelf=shelf)
    checkout = Checkout.open(repository.root)
    monkeypatch.setattr(module, "machine", lambda: "hers")
    first = index(checkout, wanted)
    assert first.embedded > 5

    monkeypatch.setattr(module, "machine", lambda: "his")
    repository.write("hello/tools.py", TOOLS.replace("selected", "chosen"))
    second = index(checkout, wanted)

    assert second.embedded == 1
    assert len(shelf.names()) == 2
    with reading(repository.root, None, shelf) as his:
        assert any("chosen" in chunk.text for chunk in his.chunks(row.id for row in his.names()).values())
    monkeypatch.setattr(module, "machine", lambda: "hers")
    with reading(repository.root, None, shelf) as hers:
        assert not any("chosen" in chunk.text for chunk in hers.chunks(row.id for row in hers.names()).values())


def test_a_machine_is_told_by_more_than_its_name(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    ids = tmp_path / "machine-id"
    monkeypatch.setattr(module, "_MACHINE_IDS", (tmp_path / "none", ids))
    shelf, root = Database("postgresql://host/x"), Path("/home/dev/addon")
    names = set()
    for known in ("", "a" * 32, "b" * 32):
        ids.write_text(f"{known}\n")
        for host in ("one", "two"):
            monkeypatch.setattr("platform.node", lambda host=host: host)
            names.add(shelf.code(root))
            assert known not in shelf.code(root) or not known
    assert len(names) == 6
    assert Files(tmp_path).code(root) not in names


def test_both_shelves_hold_and_carry_the_same(database: str, repository: Repository, tmp_path: Path) -> None:
    checkout = Checkout.open(repository.root)
    stats, exported = [], []
    for number, shelf in enumerate((Files(tmp_path / "cache"), Database(database))):
        done = index(checkout, Wanted(tmp_path / "cache", shelf=shelf))
        stats.append((done.files, done.chunks, done.embedded, done.removed))
        with reading(repository.root, None, shelf) as store:
            assert store.verify() == ""
            export(store, tmp_path / f"{number}.zip")
            exported.append(list(store.indexed()))
    assert stats[0] == stats[1]
    assert exported[0] == exported[1]


def test_a_search_sees_the_index_as_it_was_when_it_began(database: str, repository: Repository, tmp_path: Path) -> None:
    shelf = Database(database)
    wanted = Wanted(tmp_path / "cache", shelf=shelf)
    index(Checkout.open(repository.root), wanted)
    with code_corpus(Checkout.open(repository.root), shelf) as corpus:
        repository.write("hello/tools.py", "def polish(mesh):\n    pass\n")
        index(Checkout.open(repository.root), wanted)
        assert corpus.store.lexical(["unwrap"], 5)
        assert not corpus.store.lexical(["polish"], 5)
    with code_corpus(Checkout.open(repository.root), shelf) as corpus:
        assert corpus.store.lexical(["polish"], 5)


def test_a_search_that_takes_too_long_does_not_end_the_next_one(
    database: str, repository: Repository, tmp_path: Path
) -> None:
    shelf = Database(database)
    index(Checkout.open(repository.root), Wanted(tmp_path / "cache", shelf=shelf))
    with code_corpus(Checkout.open(repository.root), shelf) as corpus:
        store = corpus.store
        store._connection.execute("SET LOCAL lock_timeout = '50ms'")  # type: ignore[attr-defined]
        # As slow as can be: somebody changes the table.
        with closing(open_postgres(database, "other", write=True)) as other, other._connection.transaction():
            other._connection.execute("LOCK TABLE bcrag.postings IN ACCESS EXCLUSIVE MODE")
            with pytest.raises(IndexerError):
                store.lexical(["unwrap"], 5)
        assert store.lexical(["unwrap"], 5)


def test_tables_of_another_version_are_left_to_their_owners(
    database: str, repository: Repository, tmp_path: Path, sql: Callable[..., Any]
) -> None:
    shelf = Database(database)
    wanted = Wanted(tmp_path / "cache", shelf=shelf, fresh=True)
    index(Checkout.open(repository.root), wanted)
    sql("UPDATE bcrag.format SET layout = 99")
    for attempt in (
        lambda: index(Checkout.open(repository.root), wanted),
        lambda: shelf.read(shelf.code(repository.root)),
        shelf.names,
    ):
        with pytest.raises(OutdatedError, match="another version"):
            attempt()
    assert shelf.exists(shelf.code(repository.root))  # so that reading it says what is wrong
    assert sql("SELECT count(*) FROM bcrag.chunks").fetchone()[0] > 5


def test_a_server_that_is_not_there_is_missing_whatever_is_asked() -> None:
    pytest.importorskip("psycopg")
    shelf = Database("postgresql://me:horse@127.0.0.1:1/x")
    for attempt in (
        shelf.names,
        lambda: shelf.exists("any"),
        lambda: shelf.read("any"),
        lambda: shelf.write("any", lambda _: None, print),
    ):
        with pytest.raises(MissingError) as caught:
            attempt()
        assert "horse" not in f"{caught.value} {caught.value.cure}"
