"""Installing a managed Blender with the real pip, from a folder that holds a tiny wheel named bpy."""

from __future__ import annotations

import base64
import hashlib
import os
import shutil
import stat
import subprocess
import sys
import time
import zipfile
from collections import namedtuple
from pathlib import Path

import pytest

from bot.blender.environments import last_used, touch
from bot.blender.install import install, remove, unused
from bot.blender.pythons import fetch_python, find_python
from bot.blender.runtimes import managed_runtimes
from bot.cache import cache_root
from bot.errors import MissingError, UsageError
from bot.models.release import Release

FOUR_FIVE = Release(4, 5)

needs_python = pytest.mark.skipif(find_python((3, 11)) is None, reason="there is no Python 3.11 here")


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only place pip looks at, through the user's own pip configuration."""
    folder = tmp_path / "index"
    folder.mkdir()
    configuration = tmp_path / "pip.conf"
    configuration.write_text(f"[global]\nno-index = true\nfind-links = {folder}\n")
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", str(configuration))
    return folder


def put_wheel(index: Path, version: str) -> None:
    info = f"bpy-{version}.dist-info"
    files = {
        "bpy/__init__.py": b"",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: bpy\nVersion: {version}\n".encode(),
        f"{info}/WHEEL": b"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = []
    with zipfile.ZipFile(index / f"bpy-{version}-py3-none-any.whl", "w") as wheel:
        for name, data in files.items():
            digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
            record.append(f"{name},sha256={digest},{len(data)}")
            wheel.writestr(name, data)
        wheel.writestr(f"{info}/RECORD", "\n".join([*record, f"{info}/RECORD,,"]) + "\n")


def left_behind(cache: Path) -> list[str]:
    return [path.name for path in (cache / "blender").iterdir() if not path.name.startswith(".lock-")]


@needs_python
def test_the_newest_patch_level_is_installed_whole_and_readable_for_all(tmp_path: Path, index: Path) -> None:
    for version in ("4.5.2", "4.5.15", "5.0.1"):
        put_wheel(index, version)
    told: list[tuple[str, float]] = []
    cache = tmp_path / "cache"
    before = os.umask(0o077)
    try:
        runtime = install(FOUR_FIVE, allowed=True, progress=lambda *said: told.append(said), cache=cache)
    finally:
        os.umask(before)
    assert (runtime.version, runtime.managed) == ("4.5.15", True)
    assert "350 MB to download" in told[0][0]
    fractions = [fraction for _, fraction in told]
    assert fractions == sorted(fractions) and fractions[-1] == 1.0
    answer = subprocess.run(
        [runtime.path, "-I", "-c", "import bpy; print(bpy.__file__)"], capture_output=True, text=True, check=True
    )
    assert answer.stdout.startswith(str(cache / "blender" / "4.5.15"))
    for path in [cache, *cache.rglob("*")]:
        mode = stat.S_IMODE(path.lstat().st_mode)
        assert mode & (0o005 if path.is_dir() else 0o004) or path.name.startswith(".lock-"), path
    assert left_behind(cache) == ["4.5.15"]
    assert install(FOUR_FIVE, allowed=False, cache=cache) == runtime


@needs_python
def test_two_runs_at_once_install_it_once(tmp_path: Path, index: Path) -> None:
    put_wheel(index, "4.5.3")
    cache = tmp_path / "cache"
    script = (
        "import sys; from pathlib import Path; from bot.blender.install import install; "
        "from bot.models.release import Release; "
        "install(Release(4, 5), allowed=True, cache=Path(sys.argv[1]), progress=lambda text, _: print(text))"
    )
    both = [
        subprocess.Popen([sys.executable, "-c", script, str(cache)], stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    outputs = [process.communicate()[0] for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert sum("is installed" in output for output in outputs) == 1
    assert sum("Waiting for another run" in output for output in outputs) == 1
    assert left_behind(cache) == ["4.5.3"]


@needs_python
def test_stopping_half_way_leaves_nothing(tmp_path: Path, index: Path) -> None:
    put_wheel(index, "4.5.3")

    def stop(text: str, _fraction: float) -> None:
        if text.startswith("Preparing"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        install(FOUR_FIVE, allowed=True, progress=stop, cache=tmp_path / "cache")
    assert left_behind(tmp_path / "cache") == []


@needs_python
def test_an_index_without_it_is_told_in_pip_s_words(tmp_path: Path, index: Path) -> None:
    with pytest.raises(MissingError, match=r"No matching distribution found for bpy==4\.5\.\*") as raised:
        install(FOUR_FIVE, allowed=True, cache=tmp_path / "cache")
    assert "pip's index" in raised.value.cure
    assert left_behind(tmp_path / "cache") == []


@needs_python
def test_a_broken_environment_is_replaced(tmp_path: Path, index: Path) -> None:
    put_wheel(index, "4.5.3")
    broken = tmp_path / "cache" / "blender" / "4.5.3"
    broken.mkdir(parents=True)
    (broken / "junk").touch()
    runtime = install(FOUR_FIVE, allowed=True, cache=tmp_path / "cache")
    assert runtime.path.exists() and not (broken / "junk").exists()
    assert left_behind(tmp_path / "cache") == ["4.5.3"]


def test_without_leave_nothing_is_installed_and_the_command_is_told(tmp_path: Path) -> None:
    with pytest.raises(MissingError) as raised:
        install(FOUR_FIVE, allowed=False, cache=tmp_path / "cache")
    assert "bot blender install 4.5" in raised.value.cure
    assert not (tmp_path / "cache").exists()


def test_a_release_without_a_wheel_is_wrong_use(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"Blender 3\.6 cannot be installed"):
        install(Release(3, 6), allowed=True, cache=tmp_path)


def test_a_full_disk_is_told_before_anything_is_fetched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage(10**10, 10**10, 10**8))
    with pytest.raises(MissingError, match="95 MB are free") as raised:
        install(FOUR_FIVE, allowed=True, cache=tmp_path / "cache")
    assert "--unused" in raised.value.cure


@needs_python
def test_only_what_bcrag_installed_is_removed(tmp_path: Path, index: Path) -> None:
    put_wheel(index, "4.5.3")
    cache = tmp_path / "cache"
    runtime = install(FOUR_FIVE, allowed=True, cache=cache)
    with pytest.raises(UsageError):
        remove(runtime.model_copy(update={"managed": False}))
    assert unused([runtime], days=30) == ()
    long_ago = time.time() - 31 * 86_400
    os.utime(runtime.path.parent.parent / "bcrag.json", (long_ago, long_ago))
    assert unused([runtime], days=30) == (runtime,)
    touch(runtime)
    assert unused([runtime], days=30) == ()
    assert time.time() - (last_used(runtime) or 0) < 60
    remove(runtime)
    assert managed_runtimes(cache=cache) == () and left_behind(cache) == []


def test_a_stand_in_with_the_right_name_is_not_believed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number, text in enumerate(("exit 127", "echo nonsense", f'exec {sys.executable} "$@"')):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / "python3.9").write_text(f"#!/bin/sh\n{text}\n")
        (folder / "python3.9").chmod(0o755)
    monkeypatch.setenv("PATH", os.pathsep.join(str(tmp_path / str(number)) for number in range(3)))
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path))
    monkeypatch.setenv("UV_PYTHON_INSTALL_DIR", str(tmp_path))
    assert find_python((3, 9), cache=tmp_path) is None


def test_a_python_is_found_by_its_own_installation_not_by_an_environment(tmp_path: Path) -> None:
    found = find_python((sys.version_info[0], sys.version_info[1]), cache=tmp_path)
    assert found is not None
    assert not (found.executable.parent.parent / "pyvenv.cfg").exists()
    assert found.executable == found.executable.resolve()


def test_where_uv_may_not_fetch_a_python_the_cure_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UV_OFFLINE", "1")
    monkeypatch.setenv("PATH", "")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path))
    with pytest.raises(MissingError) as raised:
        fetch_python((3, 9), cache=tmp_path)
    assert "uv python install 3.9" in raised.value.cure


def test_the_cache_is_where_it_is_said_to_be(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("BCRAG_CACHE_DIR", str(tmp_path / "here"))
    assert cache_root() == tmp_path / "here"
    monkeypatch.delenv("BCRAG_CACHE_DIR")
    if os.geteuid() == 0:
        assert cache_root() == Path("/var/cache/bcrag")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert cache_root().name == "bcrag"
