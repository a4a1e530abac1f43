"""One suite over every shelf: an index is found under its name, written by one at a time, and is no other's."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from indexer.models import Chunk, IndexedFile
from indexer.shelves.base import Shelf, api
from indexer.shelves.database import Database
from indexer.shelves.files import Files
from indexer.stores.base import Info, Store

NAME = "addon-0123456789ab"


def files(folder: Path, _: pytest.FixtureRequest) -> Shelf:
    return Files(folder / "cache")


def database(_: Path, request: pytest.FixtureRequest) -> Shelf:
    return Database(request.getfixturevalue("database"))


SHELVES = {"files": files, "database": database}


@pytest.fixture(params=SHELVES)
def shelf(request: pytest.FixtureRequest, tmp_path: Path) -> Shelf:
    return SHELVES[request.param](tmp_path, request)


def silent(message: str) -> None:
    raise AssertionError(f"nothing was to be said: {message}")


def putting(name: str) -> Callable[[Store], int]:
    """What puts a file of one chunk of that name into a store; returns how many chunks there are."""

    def work(store: Store) -> int:
        chunk = Chunk("code", "function", f"{name}.py", 1, 2, name, name, f"text of {name}")
        with store.write() as writer:
            writer.put(IndexedFile(f"{name}.py", "0" * 40, 10, "python", (chunk,)))
            writer.describe(Info("code", "c0ffee"))
        return store.count()

    return work


def held(shelf: Shelf, name: str = NAME) -> list[str]:
    """The names of the chunks of an index."""
    store = shelf.read(name)
    assert store is not None
    with closing(store):
        return sorted(row.name for row in store.names())


def test_what_was_never_written_is_not_there(shelf: Shelf) -> None:
    assert shelf.read(NAME) is None
    assert not shelf.exists(NAME)
    assert list(shelf.names()) == []
    assert list(shelf.donors(NAME, "test")) == []


def test_what_was_written_is_found_under_its_name_alone(shelf: Shelf) -> None:
    assert shelf.write(NAME, putting("one"), silent) == 1
    assert shelf.write(api("4.5"), putting("other"), silent) == 1

    assert held(shelf) == ["one"]
    assert held(shelf, api("4.5")) == ["other"]
    assert shelf.exists(NAME)
    assert not shelf.exists("addon")
    assert list(shelf.names()) == [NAME, "api-4.5"]


def test_an_index_is_added_to_unless_it_is_to_be_fresh(shelf: Shelf) -> None:
    shelf.write(NAME, putting("one"), silent)
    assert shelf.write(NAME, putting("two"), silent) == 2
    assert shelf.write(NAME, putting("three"), silent, fresh=True) == 1
    assert held(shelf) == ["three"]


def test_a_first_build_that_failed_is_no_index(shelf: Shelf) -> None:
    def fail(_: Store) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        shelf.write(NAME, fail, silent)
    assert shelf.read(NAME) is None
    assert not shelf.exists(NAME)
    shelf.write(NAME, putting("one"), silent)
    assert held(shelf) == ["one"]


def test_whoever_comes_second_waits_and_is_told_so_once(shelf: Shelf) -> None:
    first_in, told, said, seen = threading.Event(), threading.Event(), list[str](), list[int]()

    def first(store: Store) -> None:
        first_in.set()
        assert told.wait(20)
        putting("first")(store)

    def tell(message: str) -> None:
        said.append(message)
        told.set()

    def second(store: Store) -> None:
        seen.append(store.count())

    one = threading.Thread(target=shelf.write, args=(NAME, first, silent))
    one.start()
    assert first_in.wait(20)
    shelf.write(NAME, second, tell)
    one.join(20)

    assert seen == [1]
    assert len(said) == 1
    assert "waiting" in said[0]


def test_the_next_one_gets_in_after_an_error(shelf: Shelf) -> None:
    with pytest.raises(ZeroDivisionError):
        shelf.write(NAME, lambda _: 1 / 0, silent)
    assert shelf.write(NAME, putting("one"), silent) == 1


def test_every_checkout_has_a_name_of_its_own_that_lasts(shelf: Shelf, tmp_path: Path) -> None:
    places = [tmp_path / "a" / "addon", tmp_path / "b" / "addon", tmp_path / "a" / "addon 2", tmp_path / "caf\udce9"]
    names = [shelf.code(place) for place in places]
    assert len(set(names)) == len(names)
    assert [shelf.code(place) for place in places] == names
    assert names[0].startswith("addon-")
    assert all(name.isascii() and "/" not in name for name in names)
