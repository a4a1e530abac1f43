"""The command line as a user meets it: a process, its output, its exit status."""

from __future__ import annotations

import json
import os
import re
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from indexer.blender_api import stubs
from indexer.blender_api.table import ApiTable
from indexer.locking import only_one
from indexer.places import code_index, stubs_folder
from repositories import TOOLS, Repository, addon

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return addon(tmp_path / "repo")


@pytest.fixture
def indexer(tmp_path: Path, repository: Repository) -> Run:
    """Runs `indexer` in the repository, with a cache of its own."""

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "indexer", *arguments], capture_output=True, text=True, cwd=repository.root,
            timeout=120, env={**os.environ, "BCRAG_CACHE_DIR": str(tmp_path / "cache")},
        )  # fmt: skip

    return run


def test_help_teaches_and_is_quick(indexer: Run) -> None:
    begin = time.monotonic()
    result = indexer("--help")
    assert time.monotonic() - begin < 2  # seen: 0.3 s
    assert result.returncode == 0
    assert "indexer search" in result.stdout
    assert "Exit status" in result.stdout


@pytest.mark.parametrize(
    "command",
    [("build",), ("update",), ("search",), ("watch",), ("docs",), ("docs", "build"), ("docs", "diff"), ("docs", "list"),
     ("stats",), ("eval",), ("export",), ("import",)],
    ids=" ".join,
)  # fmt: skip
def test_every_command_says_what_it_is_for(command: tuple[str, ...], indexer: Run) -> None:
    result = indexer(*command, "--help")
    assert result.returncode == 0
    assert re.search(r"[A-Z].+\.", result.stdout)


def test_the_first_search_makes_the_index(indexer: Run) -> None:
    result = indexer("search", "smooth")
    assert result.returncode == 0
    assert "tools.smooth" in result.stdout
    assert "Indexing" in result.stderr
    assert indexer("search", "smooth").stderr == ""


def test_json_has_the_keys_that_are_promised(indexer: Run, repository: Repository) -> None:
    figures = json.loads(indexer("build", "--json").stdout)
    assert set(figures) == {"files", "chunks", "embedded", "reused", "removed", "seconds"}
    hit = json.loads(indexer("search", "unwrap", "--json").stdout)[0]
    assert set(hit) == {"path", "start", "end", "symbol", "kind", "release", "score", "citation", "text"}
    assert hit["symbol"] == "hello.tools.unwrap"
    commit = repository.git("rev-parse", "HEAD")
    assert hit["citation"] == f"hello/tools.py:10-12@{commit[:12]}"


def test_only_what_is_committed_is_cited_with_a_commit(indexer: Run, repository: Repository) -> None:
    repository.write("hello/tools.py", TOOLS.replace("selected", "chosen"))
    indexer("build")
    hits = {hit["symbol"]: hit["citation"] for hit in json.loads(indexer("search", "unwrap", "--json").stdout)}
    assert hits["hello.tools.unwrap"] == "hello/tools.py:10-12"


def test_an_update_says_what_it_did(indexer: Run, repository: Repository) -> None:
    assert indexer("build").returncode == 0
    assert "Nothing changed" in indexer("update").stdout
    repository.write("hello/tools.py", TOOLS.replace("selected", "chosen"))
    assert "1 embedded" in indexer("update").stdout


def test_filters_narrow_the_search(indexer: Run) -> None:
    indexer("build")
    assert {hit["kind"] for hit in json.loads(indexer("search", "hello", "--kind", "doc", "--json").stdout)} == {"doc"}
    hits = json.loads(indexer("search", "hello", "--path", "hello/__init__*", "--json").stdout)
    assert {hit["path"] for hit in hits} == {"hello/__init__.py"}


def test_nothing_found_is_status_1(indexer: Run) -> None:
    result = indexer("search", "zzzqx")
    assert result.returncode == 1
    assert "zzzqx" in result.stderr
    assert indexer("search", "zzzqx", "--json").stdout.strip() == "[]"


@pytest.mark.parametrize(
    "arguments",
    [("search",), ("search", "x", "--kind", "what"), ("search", "x", "--kind", "api"), ("nonsense",),
     ("search", "x", "--release", "latest"), ("search", "x", "--repo", "no/such/folder"), ("build", "no/such/folder"),
     ("build", "--embedder", "statik"), ("build", "--at", "no-such-commit"), ("docs", "latest"),
     ("docs", "diff", "4.5"), ("docs", "diff", "4.5", "4.0"), ("import", "README.md"),
     ("search", "x", "--reranker", "what")],
    ids=" ".join,
)  # fmt: skip
def test_wrong_use_is_status_2(
    arguments: tuple[str, ...], indexer: Run, api: Callable[[str], ApiTable], tmp_path: Path
) -> None:
    if arguments == ("docs", "diff", "4.5", "4.0"):
        for release in ("4.0", "4.5"):
            stubs.store(api(release), stubs_folder(tmp_path / "cache"))
    result = indexer(*arguments)
    assert result.returncode == 2
    assert result.stderr
    assert "Traceback" not in result.stderr


def test_a_missing_api_is_status_3_and_says_how_to_get_it(indexer: Run) -> None:
    result = indexer("search", "Mesh", "--release", "4.5", "--kind", "api")
    assert result.returncode == 3
    assert "indexer docs 4.5" in result.stderr


def test_what_became_of_a_member_is_told_with_its_source(
    indexer: Run, api: Callable[[str], ApiTable], tmp_path: Path
) -> None:
    for release in ("4.0", "4.5"):
        stubs.store(api(release), stubs_folder(tmp_path / "cache"))
    result = indexer("docs", "diff", "4.0", "4.5", "--member", "use_auto_smooth", "--json")
    assert result.returncode == 0
    rows = {row["symbol"]: row for row in json.loads(result.stdout)}
    assert rows["bpy.types.Mesh.use_auto_smooth"]["what"] == "removed"
    assert any("4.0/bpy.types.Mesh" in url for url in rows["bpy.types.Mesh.use_auto_smooth"]["citations"])
    assert indexer("docs", "diff", "4.0", "4.5", "--member", "no_such_member").returncode == 1


def test_stats_say_what_there_is_and_what_was_left_out(indexer: Run, repository: Repository) -> None:
    repository.write("picture.png", b"\x89PNG\r\n\x1a\n\0\0")
    indexer("build")
    figures = json.loads(indexer("stats", "--json").stdout)
    assert figures["files"] == 3
    assert figures["skipped"] == 1
    assert "picture.png" in indexer("stats", "--skipped").stdout
    assert "whole" in indexer("stats", "--verify").stdout


def test_an_index_can_be_carried_elsewhere(indexer: Run, repository: Repository, tmp_path: Path) -> None:
    indexer("build")
    assert indexer("export", str(tmp_path / "index.zip")).returncode == 0
    repository.git("clone", "-q", ".", str(tmp_path / "fork"))
    done = indexer("import", str(tmp_path / "index.zip"), str(tmp_path / "fork"), "--cache", str(tmp_path / "other"))
    assert done.returncode == 0, done.stderr
    update = indexer("update", str(tmp_path / "fork"), "--cache", str(tmp_path / "other"), "--json")
    assert json.loads(update.stdout)["embedded"] == 0


def test_an_interrupted_update_leaves_the_old_index(indexer: Run, repository: Repository, tmp_path: Path) -> None:
    indexer("build")
    before = json.loads(indexer("stats", "--json").stdout)
    repository.write("hello/tools.py", TOOLS.replace("selected", "chosen"))
    with only_one(code_index(tmp_path / "cache", repository.root.resolve())):  # so that it cannot end before we press
        process = subprocess.Popen(
            [sys.executable, "-m", "indexer", "update", str(repository.root), "--cache", str(tmp_path / "cache")],
            stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert process.stderr is not None
        assert "waiting" in process.stderr.readline()
        process.send_signal(2)
        _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Traceback" not in said
    assert json.loads(indexer("stats", "--json").stdout) == before
    assert "1 embedded" in indexer("update").stdout


def test_watching_ends_with_the_interrupt_and_says_what_it_did(repository: Repository, tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "indexer", "watch", str(repository.root), "--cache", str(tmp_path / "cache")],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    assert "Watching" in process.stdout.readline()
    time.sleep(0.5)
    repository.write("hello/tools.py", TOOLS.replace("selected", "chosen"))
    assert "1 embedded" in process.stdout.readline()
    process.send_signal(2)
    _, said = process.communicate(timeout=20)
    assert process.returncode == 130
    assert "Traceback" not in said


def test_a_search_makes_an_index_of_another_version_anew(indexer: Run, repository: Repository, tmp_path: Path) -> None:
    indexer("build")
    with sqlite3.connect(code_index(tmp_path / "cache", repository.root.resolve())) as connection:
        connection.execute("PRAGMA user_version=999")
    assert indexer("stats").returncode == 3
    result = indexer("search", "smooth")
    assert result.returncode == 0
    assert "another version" in result.stderr


def test_a_word_of_a_sentence_is_no_name(indexer: Run) -> None:
    def best(query: str) -> float:
        return float(json.loads(indexer("search", query, "--json").stdout)[0]["score"])

    assert best("unwrap") > 0.8
    assert best("how can it be that they unwrap") < 0.6
