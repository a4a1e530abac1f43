from __future__ import annotations

import json
import socket
import time
import venv
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from indexer.blender_api import stubs
from indexer.blender_api.reader import read_stubs
from indexer.blender_api.table import ApiTable
from indexer.errors import MissingError, Unreachable, UsageError

TYPES = '''
class bpy_struct:
    def keys(self) -> list[str]: ...
class Thing[T](bpy_struct):
    """A thing. It has more to say."""

    size: float
    """ How large it is"""

    mode: bpy.stub_internal.rna_enums.ModeItems
    @property
    def parent(self) -> Thing | None: ...
    @property
    def text(self) -> str: ...
    @text.setter
    def text(self, value: str) -> None: ...
    def scale[V](self, factor: float, /, by: float = 1.0, *, axis: typing.Literal["X", "Y"] = "X", **more) -> None:
        """Scale it."""
    @typing.overload
    def at(self, index: int) -> float: ...
    @typing.overload
    def at(self, x: float, y: float) -> float: ...
'''
OPS = """
class enlarge(bpy.ops._BPyOpsSubModOp):
    def __new__(
        cls, execution_context: int | str | None = None, undo: bool | None = None, /, *, factor: float = 2.0
    ) -> None:
        '''Make it larger'''
"""
ENUMS = 'type ModeItems = typing.Literal["A",  # An item. Says "B".\n    "C",\n]\n'


@pytest.fixture
def wheel(tmp_path: Path) -> Path:
    path = tmp_path / "fake_bpy_module_9_9-20300101-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("bpy-stubs/__init__.pyi", "context: bpy.types.Context\n")
        archive.writestr("bpy-stubs/types/__init__.pyi", TYPES)
        archive.writestr("bpy-stubs/ops/thing/__init__.pyi", OPS)
        archive.writestr("bpy-stubs/stub_internal/rna_enums/__init__.pyi", ENUMS)
        archive.writestr("fake_bpy_module_9_9-20300101.dist-info/METADATA", "")
    return path


def test_stubs_become_a_table(wheel: Path) -> None:
    table = read_stubs(wheel, "9.9")
    thing = "bpy.types.Thing"
    assert table.stubs == "20300101"
    assert table.entries[thing].text == "A thing."
    assert table.entries[f"{thing}.size"].text == "How large it is"
    assert table.entries[f"{thing}.scale"].signatures == ("factor, /, by=, *, axis=, **more",)
    assert table.entries[f"{thing}.at"].signatures == ("index", "x, y")
    assert table.entries["bpy.ops.thing.enlarge"].kind == "operator"
    assert table.has_member(thing, "keys") is True
    assert table.is_writable(thing, "parent") is False
    assert table.is_writable(thing, "text") is True
    assert table.has_enum_item(f"{thing}.mode", "C") is True
    assert table.has_enum_item(f"{thing}.mode", "B") is False
    assert table.has_enum_item(f"{thing}.scale.axis", "Y") is True
    assert table.has_keyword(f"{thing}.scale", "factor") is True  # through **more
    assert table.accepts_positional(f"{thing}.at", 2) is True
    assert table.accepts_positional(f"{thing}.at", 3) is False
    assert table.has_keyword("bpy.ops.thing.enlarge", "factor") is True
    assert table.has_keyword("bpy.ops.thing.enlarge", "undo") is False


def test_the_cache_gives_back_what_was_stored(wheel: Path, tmp_path: Path) -> None:
    table = read_stubs(wheel, "9.9")
    path = stubs.store(table, tmp_path / "cache")
    again = stubs.load("9.9", tmp_path / "cache")
    assert path.name == "9.9-20300101.v1.json"
    assert again is not None
    assert {symbol: e.signatures for symbol, e in again.entries.items()} == {
        symbol: e.signatures for symbol, e in table.entries.items()
    }
    assert again.has_enum_item("bpy.types.Thing.mode", "C") is True
    assert not list((tmp_path / "cache").glob(".table-*"))


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b'{"format": 1}', b"\xff\xfe",
     b'{"format": 1, "release": "9.8", "stubs": "1", "items": [], "entries": {}}',
     b'{"format": 1, "release": "9.9", "stubs": "1", "items": [], "entries": {"a": [99]}}',
     b'{"format": 1, "release": "9.9", "stubs": "1", "items": [], "entries": {"a": [0, "", [], [], {"": 3}]}}'],
)  # fmt: skip
def test_a_damaged_file_is_as_good_as_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "9.9-20300101.v1.json").write_bytes(content)
    assert stubs.load("9.9", tmp_path) is None


def test_nothing_is_cached_at_first(tmp_path: Path) -> None:
    assert stubs.load("4.5", tmp_path / "nowhere") is None
    assert stubs.obtain("4.5", tmp_path / "nowhere", install=False) is None


@pytest.mark.parametrize("release", ["4", "../4.5", "4.5.1", "latest", "4.5;x", ""])
def test_only_releases_are_asked_for(tmp_path: Path, release: str) -> None:
    with pytest.raises(UsageError, match=r"no Blender release"):
        stubs.fetch(release, tmp_path)


def test_a_file_that_is_no_wheel_is_named(tmp_path: Path) -> None:
    path = tmp_path / "x.whl"
    path.write_bytes(b"no zip")
    with pytest.raises(MissingError, match=r"x\.whl cannot be read"):
        read_stubs(path, "4.5")


def test_a_wheel_of_something_else_is_named(tmp_path: Path) -> None:
    path = tmp_path / "x.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("something/__init__.py", "")
    with pytest.raises(MissingError, match="holds no stubs"):
        read_stubs(path, "4.5")


def test_an_index_that_does_not_answer_is_said_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as closed:  # bound and not listening: every connection is refused
        closed.bind(("127.0.0.1", 0))
        monkeypatch.setenv("PIP_INDEX_URL", f"http://127.0.0.1:{closed.getsockname()[1]}/simple")
        monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
        for name in ("PIP_EXTRA_INDEX_URL", "PIP_FIND_LINKS", "PIP_RETRIES"):
            monkeypatch.delenv(name, raising=False)
        with pytest.raises(Unreachable, match=r"fake-bpy-module-4\.5") as caught:
            stubs.fetch("4.5", tmp_path)
    assert "pip download" in caught.value.cure


def test_a_python_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(MissingError, match="cannot be started"):
        stubs.fetch("4.5", tmp_path, python=str(tmp_path / "python"))


def test_a_release_is_fetched_and_loads_fast(tmp_path: Path, api: Callable[[str], ApiTable]) -> None:
    api("4.5")  # skips without an index
    path = stubs.fetch("4.5", tmp_path)
    assert json.loads(path.read_text())["release"] == "4.5"
    took: list[float] = []
    for _ in range(3):  # the least of three: whatever else the machine does only adds to it
        begin = time.process_time()
        assert stubs.load("4.5", tmp_path) is not None
        took.append(time.process_time() - begin)
    assert min(took) < 0.5


def test_a_wheel_can_have_been_unpacked(wheel: Path, tmp_path: Path) -> None:
    folder = tmp_path / "unpacked"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    unpacked, packed = read_stubs(folder, "9.9"), read_stubs(wheel, "9.9")
    assert unpacked.stubs == packed.stubs
    assert unpacked.entries == packed.entries


def test_an_environment_without_pip_will_do(tmp_path: Path, api: Callable[[str], ApiTable]) -> None:
    api("4.5")  # skips without an index
    venv.create(tmp_path / "bare", with_pip=False)
    stubs.fetch("4.5", tmp_path / "cache", python=str(tmp_path / "bare" / "bin" / "python"))
    assert stubs.known("4.5", tmp_path / "cache")
    assert not stubs.known("4.4", tmp_path / "cache")


def test_stubs_are_unpacked_once_and_whole(wheel: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    with zipfile.ZipFile(wheel, "a") as archive:
        archive.writestr("bpy-stubs/../../../evil.pyi", "x: int")
        archive.writestr("/bpy-stubs/evil.pyi", "x: int")
        archive.writestr("bpy-stubs/evil.py", "raise SystemExit")
        archive.writestr("evil.pyi", "x: int")
    folder = stubs.unpack(wheel, "4.5", cache)
    with zipfile.ZipFile(wheel) as archive:
        wanted = {name for name in archive.namelist() if name.endswith(".pyi") and "evil" not in name}
    assert {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} == wanted
    assert not list(tmp_path.rglob("evil*"))
    assert [path.name for path in cache.iterdir()] == [folder.name], "nothing half-made is left"
    (folder / "mark").touch()
    assert stubs.unpack(wheel, "4.5", cache) == folder and (folder / "mark").exists(), "whoever comes second takes it"
    assert stubs.unpacked("4.5", cache, install=False) == folder
    assert stubs.unpacked("4.4", cache, install=False) is None


def test_a_cache_that_cannot_be_written_is_named(wheel: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(MissingError, match="cannot be written"):
        stubs.unpack(wheel, "4.5", tmp_path / "file" / "cache")
