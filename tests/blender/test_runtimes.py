"""Finding Blenders: what the user named, what bcrag installed, what the machine has."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from bot.blender.base import Runtime
from bot.blender.environments import environment_runtime
from bot.blender.executables import Versions
from bot.blender.releases import WHEELS, documentation, stubs, wheel
from bot.blender.runtimes import find_runtimes, managed_runtimes, pick
from bot.errors import UsageError
from bot.models.release import Release


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    folder = tmp_path / "cache"
    folder.mkdir()
    return folder


def executable(path: Path, version: str) -> Path:
    """A program that answers `--version` as Blender does, and notes each time it is asked."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\necho x >> {path}.asked\necho 'Blender {version}'\necho '  build date: today'\n")
    path.chmod(0o755)
    return path


def environment(folder: Path, version: str, *, managed: bool = True) -> Path:
    """The files an environment with `bpy` is known by."""
    info = folder / "lib" / "python3.11" / "site-packages" / f"bpy-{version}.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").touch()
    (folder / "bin").mkdir()
    (folder / "bin" / "python").symlink_to(sys.executable)
    (folder / "pyvenv.cfg").touch()
    if managed:
        (folder / "bcrag.json").write_text("{}")
    return folder


def versions(runtimes: tuple[Runtime, ...]) -> list[str]:
    return [runtime.version for runtime in runtimes]


def test_an_executable_is_known_by_what_it_says(tmp_path: Path, cache: Path) -> None:
    path = executable(tmp_path / "blender-4.1" / "blender", "4.1.1")
    (runtime,) = find_runtimes([path], cache=cache, search=False)
    assert (runtime.release, runtime.version, runtime.kind, runtime.managed) == (
        Release(4, 1),
        "4.1.1",
        "executable",
        False,
    )
    assert runtime.readable == (path.parent,)


def test_its_folder_is_as_good_as_itself(tmp_path: Path, cache: Path) -> None:
    path = executable(tmp_path / "blender", "4.1.1")
    assert find_runtimes([path.parent], cache=cache, search=False)[0].path == path


def test_an_executable_is_asked_once_until_it_changes(tmp_path: Path, cache: Path) -> None:
    path = executable(tmp_path / "blender", "4.1.1")
    for _ in range(3):
        find_runtimes([path], cache=cache, search=False)
    assert Path(f"{path}.asked").read_text() == "x\n"
    executable(path, "4.2.10")
    assert versions(find_runtimes([path], cache=cache, search=False)) == ["4.2.10"]


@pytest.mark.parametrize("damage", ["", "[]", '{"a": 1}', "not json", '{"/bin/ls|1|1": "4.5; rm"}'])
def test_a_damaged_memory_of_versions_does_no_harm(tmp_path: Path, cache: Path, damage: str) -> None:
    path = executable(tmp_path / "blender", "4.1.1")
    (cache / "known").mkdir()
    (cache / "known" / "executables.json").write_text(damage)
    assert Versions(cache).of(path) == "4.1.1"


@pytest.mark.parametrize("text", ["#!/bin/sh\nexit 1\n", "#!/bin/sh\necho Gimp 3.0\n", "no program"])
def test_what_is_named_and_no_blender_is_an_error(tmp_path: Path, cache: Path, text: str) -> None:
    path = tmp_path / "program"
    path.write_text(text)
    path.chmod(0o755)
    with pytest.raises(UsageError, match="is no Blender that starts") as raised:
        find_runtimes([path], cache=cache)
    assert "executable" in raised.value.cure


def test_what_is_named_and_absent_is_an_error(tmp_path: Path, cache: Path) -> None:
    with pytest.raises(UsageError, match="is not there"):
        find_runtimes([tmp_path / "nothing"], cache=cache)


def test_path_and_the_usual_places_are_searched(tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    on_path = executable(tmp_path / "bin" / "blender", "3.6.1")
    executable(tmp_path / "bin" / "blender-3.3", "3.3.2")
    executable(tmp_path / "home" / "blender-2.93-linux" / "blender", "2.93.18")
    monkeypatch.setenv("PATH", str(on_path.parent))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    found = find_runtimes(cache=cache)
    assert {"2.93.18", "3.3.2", "3.6.1"} <= set(versions(found))
    assert list(found) == sorted(found, key=lambda runtime: runtime.release)
    assert find_runtimes(cache=cache, search=False) == ()


def test_a_relative_folder_on_path_is_not_searched(
    tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    executable(tmp_path / "blender", "3.6.1")
    monkeypatch.setenv("PATH", f".{os.pathsep}")
    monkeypatch.chdir(tmp_path)
    assert "3.6.1" not in versions(find_runtimes(cache=cache))


def test_environments_are_known_without_being_started(cache: Path) -> None:
    folder = environment(cache / "blender" / "4.5.15", "4.5.15")
    (runtime,) = managed_runtimes(cache=cache)
    assert (runtime.version, runtime.kind, runtime.managed) == ("4.5.15", "module", True)
    assert runtime.path == folder / "bin" / "python"
    assert runtime.label == "Blender 4.5.15 (bpy)"


def test_an_environment_shows_the_python_it_links_to(tmp_path: Path) -> None:
    python = tmp_path / "pythons" / "cpython-3.11.9" / "bin" / "python3.11"
    python.parent.mkdir(parents=True)
    python.touch(mode=0o755)
    (tmp_path / "pythons" / "cpython-3.11").symlink_to("cpython-3.11.9")
    folder = environment(tmp_path / "environment", "4.5.15")
    (folder / "bin" / "python").unlink()
    (folder / "bin" / "python").symlink_to("python3.11")
    (folder / "bin" / "python3.11").symlink_to(tmp_path / "pythons" / "cpython-3.11" / "bin" / "python3.11")
    runtime = environment_runtime(folder)
    assert runtime is not None
    assert runtime.readable == (
        folder,
        tmp_path / "pythons" / "cpython-3.11",
        tmp_path / "pythons" / "cpython-3.11.9",
    )


def test_half_an_environment_is_none(cache: Path) -> None:
    environment(cache / "blender" / ".new-4.5-abc", "4.5.15")
    unmarked = environment(cache / "blender" / "4.4.0", "4.4.0", managed=False)
    gone = environment(cache / "blender" / "4.3.0", "4.3.0")
    (gone / "bin" / "python").unlink()
    (gone / "bin" / "python").symlink_to("/nowhere/python3.11")
    (cache / "blender" / "4.2.0").mkdir()
    assert managed_runtimes(cache=cache) == ()
    assert versions(find_runtimes([unmarked], cache=cache, search=False)) == ["4.4.0"]


def test_the_user_s_choice_comes_first_then_the_newest_managed_one(tmp_path: Path, cache: Path) -> None:
    for version in ("4.5.2", "4.5.15", "4.2.9"):
        environment(cache / "blender" / version, version)
    named = executable(tmp_path / "mine" / "blender", "4.5.0")
    found = find_runtimes(cache=cache, search=False)
    assert versions(found) == ["4.2.9", "4.5.15", "4.5.2"]
    found = find_runtimes([named], cache=cache, search=False)
    assert versions(found) == ["4.2.9", "4.5.0", "4.5.15", "4.5.2"]
    chosen = pick(found, Release(4, 5))
    assert chosen is not None and chosen.path == named
    assert pick(found, Release(4, 4)) is None


def test_facts_of_releases() -> None:
    assert documentation(Release(4, 5)) == "https://docs.blender.org/api/4.5/"
    assert stubs(Release(2, 80)) == "fake-bpy-module-2.80"
    assert stubs(Release(2, 78)) is None
    five_one = wheel(Release(5, 1))
    assert five_one is not None and five_one.python_text == "3.13"
    assert wheel(Release(3, 6)) is None
    assert list(WHEELS) == sorted(WHEELS)
