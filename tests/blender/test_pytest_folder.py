"""pytest for the tests of repositories: fetched once, by hash, whole or not at all."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bot.blender import pytest_folder as module
from bot.blender.pytest_folder import LOCK, pytest_folder


def test_it_is_fetched_where_it_may_be_and_is_all_there_is_needed(tmp_path: Path) -> None:
    assert pytest_folder(install=False, cache=tmp_path) is None
    folder = pytest_folder(install=True, cache=tmp_path)
    assert folder is not None and pytest_folder(install=False, cache=tmp_path) == folder
    assert not list(folder.rglob("*.so")), "it has to run in the Python of any Blender"
    assert not [path for path in folder.parent.iterdir() if path != folder], "nothing is left beside it"
    script = (
        f"import sys; sys.path.insert(0, {str(folder)!r}); import pytest; print(pytest.__version__, pytest.__file__)"
    )
    said = subprocess.run(
        [sys.executable, "-I", "-c", script], capture_output=True, text=True, check=True
    ).stdout.split()
    assert f"pytest=={said[0]} " in LOCK and said[1].startswith(str(folder))


def test_another_package_than_the_one_that_is_meant_is_not_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    digest = next(line for line in LOCK.splitlines() if line.startswith("pytest==")).rpartition(":")[2]
    monkeypatch.setattr(module, "LOCK", LOCK.replace(digest, "0" * 64))
    assert pytest_folder(install=True, cache=tmp_path) is None
    assert not list((tmp_path / "pytest").iterdir())
