"""An exported index comes back as it was; what is no export, or was changed, is refused and changes nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer.embedders.registry import create
from indexer.errors import UsageError
from indexer.places import code_index
from indexer.portable import describe, export, load
from indexer.repository import Checkout
from indexer.stores.sqlite import SqliteStore
from indexer.wiring import Wanted, index
from repositories import addon

Change = Callable[[dict[str, bytes]], None]


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """An index file, and what it was exported to."""
    folder = tmp_path_factory.mktemp("exported")
    repository = addon(folder / "repo")
    index(Checkout.open(repository.root), Wanted(folder / "cache"))
    path = code_index(folder / "cache", repository.root.resolve())
    with SqliteStore(path) as store:
        size = export(store, folder / "index.zip")
    assert size == (folder / "index.zip").stat().st_size
    return path, folder / "index.zip"


@pytest.fixture
def target(tmp_path: Path) -> SqliteStore:
    return SqliteStore(tmp_path / "target.sqlite", write=True)


def changed(source: Path, target: Path, change: Change) -> Path:
    """A copy of an exported file with its members changed."""
    with ZipFile(source) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    change(members)
    with ZipFile(target, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return target


def test_what_was_exported_is_what_is_imported(exported: tuple[Path, Path], target: SqliteStore) -> None:
    path, file = exported
    files, chunks = load(file, target, create("static"))
    with SqliteStore(path) as original:
        assert (files, chunks) == (len(original.files()), original.count())
        assert list(target.indexed()) == list(original.indexed())
        assert target.verify() == ""
        vector = create("static").query("smooth a mesh")
        assert [score for _, score in target.dense(vector, 5)] == pytest.approx(
            [score for _, score in original.dense(vector, 5)], abs=1e-3
        )


def test_after_an_import_an_update_embeds_nothing(exported: tuple[Path, Path], tmp_path: Path) -> None:
    path, file = exported
    root = next(folder for folder in path.parent.parent.parent.iterdir() if folder.name == "repo")
    place = code_index(tmp_path / "cache", root.resolve())
    place.parent.mkdir(parents=True)
    with SqliteStore(place, write=True) as store:
        load(file, store, None)
    assert index(Checkout.open(root), Wanted(tmp_path / "cache")).embedded == 0


def edit_line(members: dict[str, bytes], old: str, new: str) -> None:
    data = members["files.jsonl"]
    assert old.encode() in data
    members["files.jsonl"] = data.replace(old.encode(), new.encode())


def other_vectors(members: dict[str, bytes]) -> None:
    numbers = np.frombuffer(members["vectors.f16"], dtype="<f2").copy()
    members["vectors.f16"] = np.roll(numbers, 256).tobytes()


def nan_vectors(members: dict[str, bytes]) -> None:
    members["vectors.f16"] = np.full(len(members["vectors.f16"]) // 2, np.nan, dtype="<f2").tobytes()


def other_format(members: dict[str, bytes]) -> None:
    members["manifest.json"] = json.dumps({**json.loads(members["manifest.json"]), "format": 99}).encode()


REFUSED: dict[str, Change] = {
    "a path out of the repository": lambda m: edit_line(m, '"hello/tools.py"', '"../../etc/passwd"'),
    "an absolute path": lambda m: edit_line(m, '"hello/tools.py"', '"/etc/passwd"'),
    "lines that are no chunks": lambda m: m.update({"files.jsonl": b'{"path": 1}\n'}),
    "vectors of other texts": other_vectors,
    "vectors that are no numbers": nan_vectors,
    "too few vectors": lambda m: m.update({"vectors.f16": m["vectors.f16"][:-2]}),
    "keys that are none": lambda m: m.update({"keys.txt": b"../../x"}),
    "another format": other_format,
    "one file more": lambda m: m.update({"run.py": b"print(1)"}),
    "one file less": lambda m: m.pop("keys.txt") and None,
    "a manifest that is no object": lambda m: m.update({"manifest.json": b"[]"}),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_changed_export_is_refused_and_nothing_is_lost(
    name: str, exported: tuple[Path, Path], target: SqliteStore, tmp_path: Path
) -> None:
    _, file = exported
    load(file, target, None)
    before = list(target.indexed())
    bad = changed(file, tmp_path / "bad.zip", REFUSED[name])
    with pytest.raises(UsageError) as caught:
        load(bad, target, create("static"))
    assert caught.value.cure
    assert list(target.indexed()) == before


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=300), at=st.floats(0, 1))
def test_any_damage_is_one_clear_error_or_none(
    data: bytes, at: float, exported: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory
) -> None:
    _, file = exported
    whole = file.read_bytes()
    place = int(at * len(whole))
    folder = tmp_path_factory.mktemp("damaged")
    bad = folder / "bad.zip"
    bad.write_bytes(whole[:place] + data + whole[place + len(data) :])
    with SqliteStore(folder / "target.sqlite", write=True) as store:
        try:
            load(bad, store, None)
        except UsageError:
            assert store.count() == 0


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"SQLite format 3\0" + b"\0" * 100, b"{}"])
def test_another_kind_of_file_is_named_as_such(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "other"
    file.write_bytes(content)
    with pytest.raises(UsageError, match="is no exported index"):
        describe(file)


def test_an_export_cannot_choose_whom_we_talk_to(
    exported: tuple[Path, Path], target: SqliteStore, tmp_path: Path
) -> None:
    def elsewhere(members: dict[str, bytes]) -> None:
        manifest = json.loads(members["manifest.json"])
        manifest["info"]["embedder"] = "openai:spy@https://evil.example"
        members["manifest.json"] = json.dumps(manifest).encode()

    load(changed(exported[1], tmp_path / "spy.zip", elsewhere), target, None)
    assert target.info().embedder == ""


@pytest.mark.parametrize("how", ["packed badly", "encrypted", "nested without end"])
def test_a_member_that_cannot_be_read_is_one_clear_error(
    how: str, exported: tuple[Path, Path], target: SqliteStore, tmp_path: Path
) -> None:
    bad = tmp_path / "bad.zip"
    with ZipFile(exported[1]) as source, ZipFile(bad, "w") as archive:
        for name in source.namelist():
            content = b"[" * 60_000 if how == "nested without end" and name == "manifest.json" else source.read(name)
            archive.writestr(name, content, ZIP_DEFLATED if name == "keys.txt" else None)
        packed = archive.getinfo("keys.txt")
    data = bytearray(bad.read_bytes())
    if how == "packed badly":
        start = packed.header_offset + 30 + len("keys.txt")
        data[start : start + 20] = b"\xff" * 20
    elif how == "encrypted":
        for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            data[data.rindex(mark) + at] |= 1
    bad.write_bytes(data)
    with pytest.raises(UsageError, match="is no exported index"):
        load(bad, target, None)
    assert target.count() == 0
