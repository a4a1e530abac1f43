"""The command line as a user meets it: a process, its output, its exit status."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from indexer.blender_api import stubs
from indexer.blender_api.table import ApiTable


def indexer(*arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "indexer", *arguments], capture_output=True, text=True, cwd=cwd, timeout=60
    )


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    (tmp_path / "addon").mkdir()
    (tmp_path / "addon" / "ui.py").write_text("def draw_it():\n    pass\n")
    (tmp_path / "addon" / "new.py").write_text("def draw_new():\n    pass\n")
    git = ["git", "-C", str(tmp_path), "-c", "user.name=t", "-c", "user.email=t@example.org"]
    for command in (["init", "-q"], ["add", "addon/ui.py"], ["commit", "-qm", "x"]):
        subprocess.run([*git, *command], check=True)
    return tmp_path


def test_help_teaches_and_is_quick() -> None:
    begin = time.monotonic()
    result = indexer("--help")
    assert time.monotonic() - begin < 2  # seen: 0.1 s
    assert result.returncode == 0
    assert "indexer search" in result.stdout
    assert "Exit status" in result.stdout


def test_json_has_the_keys_that_are_promised(repository: Path) -> None:
    result = indexer("search", "draw_it", "--repo", str(repository), "--json")
    assert result.returncode == 0
    (hit,) = json.loads(result.stdout)
    assert set(hit) == {"path", "start", "end", "symbol", "kind", "release", "score", "citation", "text"}
    assert hit["symbol"] == "addon.ui.draw_it"
    commit = subprocess.run(
        ["git", "-C", str(repository), "rev-parse", "HEAD"], capture_output=True, text=True, check=True
    ).stdout
    assert hit["citation"] == f"addon/ui.py:1-2@{commit[:12]}"


def test_only_what_is_committed_is_cited_with_a_commit(repository: Path) -> None:
    assert json.loads(indexer("search", "draw_new", "--repo", str(repository), "--json").stdout)[0]["citation"] == (
        "addon/new.py:1-2"
    )


def test_nothing_found_is_status_1(repository: Path) -> None:
    result = indexer("search", "zzz", "--repo", str(repository))
    assert result.returncode == 1
    assert "zzz" in result.stderr
    assert indexer("search", "zzz", "--repo", str(repository), "--json").stdout.strip() == "[]"


@pytest.mark.parametrize(
    "arguments",
    [("search",), ("search", "x", "--kind", "what"), ("search", "x", "--kind", "api"), ("nonsense",),
     ("search", "x", "--release", "latest"), ("search", "x", "--repo", "/no/such/folder")],
)  # fmt: skip
def test_wrong_use_is_status_2(arguments: tuple[str, ...]) -> None:
    result = indexer(*arguments)
    assert result.returncode == 2
    assert result.stderr
    assert "Traceback" not in result.stderr


def test_a_missing_api_is_status_3_and_says_how_to_get_it(tmp_path: Path) -> None:
    result = indexer("search", "Mesh", "--release", "4.5", "--kind", "api", "--cache", str(tmp_path))
    assert result.returncode == 3
    assert "indexer docs 4.5" in result.stderr


def test_the_api_is_found_from_the_cache(tmp_path: Path, api: Callable[[str], ApiTable]) -> None:
    stubs.store(api("4.0"), tmp_path)
    result = indexer("search", "Mesh.use_auto_smooth", "--release", "4.0", "--kind", "api", "--cache", str(tmp_path))
    assert result.returncode == 0
    assert "bpy.types.Mesh.html#bpy.types.Mesh.use_auto_smooth" in result.stdout
