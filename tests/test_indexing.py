"""The index as a run uses it, in files and in a database: a help where it is there, never a condition."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot import indexing
from bot.cache import cache_root
from bot.errors import ConfigurationError
from bot.indexing import Wish, api_there, bring_up, retriever
from indexer.blender_api.table import ApiTable
from indexer.errors import MissingError
from indexer.search import Retriever
from repositories import TOOLS, Repository, addon

NOWHERE = "postgresql://me:horse@127.0.0.1:1/x"


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    monkeypatch.setenv("BCRAG_CACHE_DIR", str(tmp_path / "cache"))
    return addon(tmp_path / "repo")


@pytest.fixture(params=["files", "database"])
def kept(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Where indexes are kept."""
    if request.param == "database":
        monkeypatch.setenv("BCRAG_STORE", request.getfixturevalue("database"))
    return str(request.param)


def wish(repository: Repository) -> Wish:
    return Wish(repository.root, repository.git("rev-parse", "HEAD"), "static", "none")


def no_table(_: str) -> ApiTable | None:
    return None


def symbols(found: Retriever, query: str) -> list[str]:
    return [hit.symbol for hit in found.search(query)]


def test_a_run_searches_the_index_of_its_commit(kept: str, repository: Repository, tmp_path: Path) -> None:
    asked = wish(repository)
    repository.write("hello/later.py", "def later(): pass\n")  # not of the commit
    assert bring_up(asked).embedded > 5
    assert bring_up(asked).embedded == 0
    assert bool(list((tmp_path / "cache").rglob("*.sqlite"))) == (kept == "files")

    with retriever(asked, no_table, dict) as found:
        assert symbols(found, "unwrap")[0] == "hello.tools.unwrap"
        assert "hello.later.later" not in symbols(found, "later")
        assert found.search("unwrap")[0].citation.endswith(f"@{asked.commit[:12]}")


@pytest.mark.usefixtures("kept")
def test_an_api_that_is_not_indexed_is_said_to_be_missing(repository: Repository) -> None:
    assert not api_there("4.5", "static", install=False)


@pytest.mark.parametrize("store", [NOWHERE, "horse"])
def test_without_its_index_a_run_looks_names_up_in_the_files(
    store: str, repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("psycopg")
    monkeypatch.setenv("BCRAG_STORE", store)
    asked = wish(repository)
    if store == NOWHERE:
        with pytest.raises(MissingError):
            bring_up(asked)
    assert not api_there("4.5", "static", install=True)
    with retriever(asked, no_table, lambda: {"hello/tools.py": TOOLS.encode()}) as found:
        (hit,) = found.search("unwrap")
        assert (hit.symbol, hit.citation) == ("hello.tools.unwrap", f"hello/tools.py:10-12@{asked.commit[:12]}")


def test_a_run_survives_a_database_that_is_gone_on_the_way(
    database: str, repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    import psycopg

    monkeypatch.setenv("BCRAG_STORE", database)
    bring_up(wish(repository))
    with indexing.retriever(wish(repository), no_table, dict) as found:
        assert symbols(found, "unwrap")
        with psycopg.connect(database, autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'bcrag'"
            )
        assert found.search("smooth") == ()


@pytest.mark.parametrize(("embedder", "reranker"), [("statik", "none"), (None, "what"), ("static:x", "none")])
def test_a_model_there_is_not_is_a_wrong_configuration(embedder: str | None, reranker: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        indexing.check_models(embedder, reranker)
    assert caught.value.cure


def test_a_model_that_is_not_installed_is_no_wrong_configuration() -> None:
    indexing.check_models("flag:bge-m3", "none")
    indexing.check_models(None, "none")


def test_an_index_made_with_another_embedder_keeps_it(repository: Repository) -> None:
    from indexer.repository import Checkout
    from indexer.shelves.files import Files
    from indexer.wiring import Wanted, index

    checkout = Checkout.open(repository.root)
    cache = cache_root()
    index(checkout, Wanted(cache, "none"))
    bring_up(Wish(repository.root, checkout.commit, None, "none"))
    store = Files(cache).read(Files(cache).code(checkout.root))
    assert store is not None
    assert store.info().embedder == "none"
    store.close()
