"""The command line with its indexes in a real PostgreSQL: the same answers, and failures without the password."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from repositories import TOOLS, Repository, addon

PASSWORD = "correct-horse"
SITE = Path(__file__).parent / "blender_api" / "site"

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return addon(tmp_path / "repo")


@pytest.fixture
def indexer(tmp_path: Path, repository: Repository) -> Run:
    """Runs `indexer` in the repository, with its indexes in `store` and a cache of its own."""

    def run(*arguments: str, store: str, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "indexer", *arguments], capture_output=True, text=True, cwd=repository.root,
            timeout=120, env={**os.environ, "BCRAG_CACHE_DIR": str(tmp_path / "cache"), "BCRAG_STORE": store, **more},
        )  # fmt: skip

    return run


@pytest.fixture
def documentation(tmp_path: Path) -> Iterator[str]:
    """The address of a small Sphinx site."""
    pytest.importorskip("selectolax")
    sphobjinv = pytest.importorskip("sphobjinv")
    folder = tmp_path / "site"
    shutil.copytree(SITE, folder)
    made = sphobjinv.Inventory()
    made.project, made.version = "Tiny", "4.5.0"
    for name, role in (("bpy.types.Lamp", "class"), ("bpy.types.Lamp.energy", "attribute")):
        entry = {"name": name, "role": role, "uri": "bpy.types.Lamp.html#$"}
        made.objects.append(sphobjinv.DataObjStr(**entry, domain="py", priority="1", dispname="-"))
    head = made.data_file(contract=True).split(b"\n", 4)
    (folder / "objects.inv").write_bytes(b"\n".join(head[:4]) + b"\n" + zlib.compress(head[4]))
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Nobody reads it."""


def test_a_repository_is_built_searched_updated_and_counted(
    indexer: Run, database: str, repository: Repository, tmp_path: Path
) -> None:
    built = indexer("build", "--json", store=database)
    assert built.returncode == 0, built.stderr
    assert json.loads(built.stdout)["embedded"] > 5
    assert not list((tmp_path / "cache").rglob("*.sqlite"))

    hit = json.loads(indexer("search", "unwrap", "--json", store=database).stdout)[0]
    commit = repository.git("rev-parse", "HEAD")
    assert (hit["symbol"], hit["citation"]) == ("hello.tools.unwrap", f"hello/tools.py:10-12@{commit[:12]}")

    assert "Nothing changed" in indexer("update", store=database).stdout
    repository.write("hello/tools.py", TOOLS.replace("selected", "chosen"))
    assert "1 embedded" in indexer("update", store=database).stdout
    (hit, *_) = json.loads(indexer("search", "nothing chosen", "--json", store=database).stdout)
    assert hit["citation"] == "hello/tools.py:10-12"

    said = indexer("stats", "--verify", store=database).stdout
    assert "whole" in said
    figures = json.loads(indexer("stats", "--json", store=database).stdout)
    assert figures["files"] == 3
    assert figures["path"].startswith("repo-")
    assert figures["bytes"] > 10_000


def test_the_first_search_makes_the_index_there(indexer: Run, database: str) -> None:
    result = indexer("search", "smooth", store=database)
    assert result.returncode == 0, result.stderr
    assert "tools.smooth" in result.stdout
    assert "Indexing" in result.stderr
    assert indexer("search", "smooth", store=database).stderr == ""


def test_documentation_is_kept_and_searched_there(indexer: Run, database: str, documentation: str) -> None:
    built = indexer("docs", "4.5", "--site", documentation, store=database)
    assert built.returncode == 0, built.stderr
    assert "4.5" in indexer("docs", "list", store=database).stdout
    assert "api 4.5" in indexer("stats", "--release", "4.5", store=database).stdout
    found = indexer("search", "Lamp.energy", "--release", "4.5", "--kind", "api", "--json", store=database)
    assert json.loads(found.stdout)[0]["symbol"] == "bpy.types.Lamp.energy"
    gone = indexer("search", "Lamp", "--release", "4.4", "--kind", "api", store=database)
    assert (gone.returncode, "indexer docs 4.4" in gone.stderr) == (3, True)


@pytest.mark.parametrize("there", [True, False], ids=["from the database", "to the database"])
def test_an_index_can_be_carried_between_a_database_and_files(
    there: bool, indexer: Run, database: str, tmp_path: Path
) -> None:
    source, target = (database, "") if there else ("", database)
    indexer("build", store=source)
    carried = str(tmp_path / "index.zip")
    assert indexer("export", carried, store=source).returncode == 0
    done = indexer("import", carried, store=target)
    assert done.returncode == 0, done.stderr
    update = indexer("update", "--json", store=target)
    assert json.loads(update.stdout)["embedded"] == 0


ASKED = (("build",), ("search", "x"), ("stats",), ("docs", "list"), ("export", "x.zip"))


@pytest.mark.parametrize("arguments", ASKED, ids=" ".join)
def test_a_server_that_does_not_answer_is_status_3(arguments: tuple[str, ...], indexer: Run) -> None:
    pytest.importorskip("psycopg")
    result = indexer(*arguments, store=f"postgresql://me:{PASSWORD}@127.0.0.1:1/team")
    assert result.returncode == 3
    assert "team on 127.0.0.1:1 does not answer" in result.stderr
    silent_about_it(result)


def test_a_wrong_password_is_status_3(indexer: Run, guarded: str) -> None:
    result = indexer("build", store=guarded.format(password=f"not-{PASSWORD}"))
    assert result.returncode == 3
    assert "password" in result.stderr
    assert PASSWORD not in result.stdout + result.stderr
    silent_about_it(result)


def test_the_right_password_is_let_in_and_not_shown(indexer: Run, guarded: str) -> None:
    store = guarded.format(password=PASSWORD)
    result = indexer("stats", store=store)
    assert result.returncode == 3
    assert "There is no index of" in result.stderr
    silent_about_it(result)


def test_a_missing_client_is_status_3_and_says_what_to_install(indexer: Run, tmp_path: Path) -> None:
    (tmp_path / "psycopg.py").write_text("raise ImportError('no libpq')\n")
    result = indexer("build", store=f"postgresql://me:{PASSWORD}@host/x", PYTHONPATH=str(tmp_path))
    assert result.returncode == 3
    assert "bcrag[postgres]" in result.stderr
    silent_about_it(result)


@pytest.mark.parametrize("store", [f"mysql://me:{PASSWORD}@host/x", f"postgresql://me:{PASSWORD}@host:port/x?y=z"])
def test_an_address_that_is_none_is_status_2(store: str, indexer: Run) -> None:
    pytest.importorskip("psycopg")
    result = indexer("build", store=store)
    assert result.returncode == 2
    assert "postgresql://" in result.stderr
    silent_about_it(result)


def silent_about_it(result: subprocess.CompletedProcess[str]) -> None:
    """One sentence and its cure, without the password."""
    assert PASSWORD not in result.stdout + result.stderr
    assert "Traceback" not in result.stderr
    assert len(result.stderr.splitlines()) <= 3


@pytest.fixture
def guarded(database: str) -> Iterator[str]:
    """The address of the same server for a user who needs a password: `{password}` is left to be filled in."""
    import psycopg

    with psycopg.connect(database, autocommit=True) as connection:
        (rules,) = connection.execute("SHOW hba_file").fetchone() or ("",)
        if not os.access(rules, os.W_OK):
            pytest.skip("who may connect to the server given in BCRAG_TEST_POSTGRES is not ours to say")
        before = Path(rules).read_text()
        connection.execute("DROP ROLE IF EXISTS guarded")
        connection.execute(f"CREATE ROLE guarded LOGIN PASSWORD '{PASSWORD}'")
        asked = "local all guarded scram-sha-256\nhost all guarded all scram-sha-256\n"
        try:
            Path(rules).write_text(asked + before)
            connection.execute("SELECT pg_reload_conf()")
            address = urlsplit(database)
            where = address.netloc.rpartition("@")[2]
            yield address._replace(netloc=f"guarded:{{password}}@{where}").geturl()
        finally:
            Path(rules).write_text(before)
            connection.execute("SELECT pg_reload_conf()")
            connection.execute("DROP ROLE guarded")
