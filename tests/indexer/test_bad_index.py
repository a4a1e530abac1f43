"""An index that cannot be used is one clear sentence; what can be made anew is, and nothing else is touched."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from indexer.errors import IndexerError, MissingError, UsageError
from indexer.locking import only_one
from indexer.places import code_index
from indexer.repository import Checkout
from indexer.shelves.files import Files
from indexer.stores.base import Store
from indexer.stores.schema import CorruptError, OutdatedError
from indexer.stores.sqlite import SqliteStore
from indexer.wiring import Wanted, index, reading
from repositories import TOOLS, Repository, addon


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return addon(tmp_path / "repo")


@pytest.fixture
def path(repository: Repository, tmp_path: Path) -> Path:
    """A good index."""
    index(Checkout.open(repository.root), Wanted(tmp_path / "cache"))
    return code_index(tmp_path / "cache", repository.root.resolve())


def rebuild(repository: Repository, path: Path) -> list[str]:
    """Update again; returns what was said."""
    said: list[str] = []
    index(Checkout.open(repository.root), Wanted(path.parent.parent), notice=said.append)
    with SqliteStore(path) as store:
        assert store.verify() == ""
        assert store.count() > 5
    return said


def test_a_file_that_is_no_index_is_left_as_it_is(repository: Repository, path: Path) -> None:
    path.write_text("my diary")
    with pytest.raises(UsageError, match="is no index"):
        rebuild(repository, path)
    assert path.read_text() == "my diary"


def test_another_programs_database_is_left_as_it_is(repository: Repository, path: Path) -> None:
    path.unlink()
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE diary (entry)")
    before = path.read_bytes()
    with pytest.raises(UsageError, match="is no index"):
        rebuild(repository, path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("part", ["its first page", "its middle", "its end"])
def test_a_damaged_index_is_put_aside_and_made_anew(repository: Repository, path: Path, part: str) -> None:
    data = bytearray(path.read_bytes())
    third = len(data) // 3
    if part == "its first page":
        data[100:4_000] = b"\xff" * 3_900
    elif part == "its middle":
        data[third : 2 * third] = b"\xff" * third
    else:
        del data[2 * third :]
    path.write_bytes(data)

    try:
        with SqliteStore(path) as store:
            assert store.verify()
    except CorruptError as error:
        assert "build" in error.cure
    said = rebuild(repository, path)
    assert any("damaged" in line for line in said)
    assert list(path.parent.glob("*.damaged-*"))


def test_an_index_of_another_version_is_made_anew(repository: Repository, path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version=999")
    with pytest.raises(OutdatedError) as caught:
        Files(path.parent.parent).read(path.stem)
    assert "indexer update" in caught.value.cure
    assert any("another version" in line for line in rebuild(repository, path))


def test_no_index_says_how_to_make_one(repository: Repository, tmp_path: Path) -> None:
    with pytest.raises(MissingError) as caught, reading(repository.root, None, Files(tmp_path / "none")):
        pass
    assert "indexer build" in caught.value.cure


def test_a_first_build_that_was_killed_is_no_index(repository: Repository, tmp_path: Path) -> None:
    shelf = Files(tmp_path / "cache")
    name = shelf.code(repository.root)
    with pytest.raises(KeyboardInterrupt):
        shelf.write(name, interrupted, print)
    assert not shelf.exists(name)
    shelf.path(name).write_bytes(b"")
    assert not shelf.exists(name)
    index(Checkout.open(repository.root), Wanted(tmp_path / "cache"))
    assert shelf.exists(name)


def interrupted(_: Store) -> None:
    raise KeyboardInterrupt


def test_a_cache_that_cannot_be_written_is_named(repository: Repository, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(MissingError, match="cannot be written"):
        index(Checkout.open(repository.root), Wanted(tmp_path / "file"))


def test_an_index_in_a_read_only_folder_can_be_searched(path: Path) -> None:
    data = path.read_bytes()
    other = path.parent.parent / "read_only"
    other.mkdir()
    (other / path.name).write_bytes(data)
    (other / path.name).chmod(0o444)
    other.chmod(0o555)
    try:
        with SqliteStore(other / path.name) as store:
            assert store.lexical(["smooth"], 5)
    finally:
        other.chmod(0o755)


def test_two_updates_at_once_both_end_well(repository: Repository, path: Path) -> None:
    for number in range(30):
        repository.write(f"hello/more_{number}.py", TOOLS.replace("smooth", f"smooth_{number}"))
    command = [sys.executable, "-m", "indexer", "update", str(repository.root), "--cache", str(path.parent.parent)]
    both = [subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    assert [(process.communicate(timeout=60)[1].count("Traceback"), process.returncode) for process in both] == [
        (0, 0),
        (0, 0),
    ]
    with SqliteStore(path) as store:
        assert store.verify() == ""
        assert len(store.files()) == 33


def test_waiting_for_another_update_ends_with_a_sentence(path: Path) -> None:
    with only_one(path), pytest.raises(IndexerError, match="Another update"), only_one(path, wait=0.2):
        pass


def test_the_lock_is_free_again_after_an_error(path: Path) -> None:
    with pytest.raises(ZeroDivisionError), only_one(path):
        _ = 1 / 0
    with only_one(path, wait=0.2):
        pass


@pytest.mark.parametrize("name", ["no/such/folder", "bare"])
def test_what_is_no_checkout_is_status_2(name: str, tmp_path: Path) -> None:
    Repository(tmp_path / "any").git("init", "-q", "--bare", str(tmp_path / "bare"))
    with pytest.raises(UsageError) as caught:
        Checkout.open(tmp_path / name)
    assert caught.value.exit_status == 2
    assert caught.value.cure


def test_git_starts_nothing_the_repository_names(repository: Repository, path: Path) -> None:
    marker = path.parent / "ran"
    script = repository.write("evil.sh", f"#!/bin/sh\ntouch {marker}\ncat\n")
    script.chmod(0o755)
    for key in ("core.fsmonitor", "filter.evil.clean", "filter.evil.smudge", "diff.evil.textconv", "diff.external"):
        repository.git("config", key, str(script))
    repository.write(".gitattributes", "* filter=evil diff=evil\n")
    repository.write("hello/tools.py", TOOLS.replace("True", "False"))
    rebuild(repository, path)
    assert not marker.exists()
