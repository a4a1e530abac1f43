"""`bot blender` and `bot doctor` as a user types them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.blender.base import Runtime


def bot(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        env={**os.environ, "COLUMNS": "200", **environment},
        capture_output=True,
        text=True,
        timeout=120,
        stdin=subprocess.DEVNULL,
    )


@pytest.fixture
def empty(tmp_path: Path) -> dict[str, str]:
    """A machine without any Blender: an empty cache, a home without one, nothing but git on PATH."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in ("git", "bwrap"):
        for folder in ("/usr/bin", "/usr/local/bin"):
            if Path(folder, name).exists() and not (programs / name).exists():
                (programs / name).symlink_to(Path(folder, name))
    return {"BCRAG_CACHE_DIR": str(tmp_path / "cache"), "HOME": str(tmp_path), "PATH": str(programs)}


def test_list_shows_what_is_installed(runtimes: tuple[Runtime, ...]) -> None:
    answer = bot("blender", "list", "--json")
    assert answer.returncode == 0, answer.stderr
    listed = json.loads(answer.stdout)
    assert {str(runtime.path) for runtime in runtimes} <= {one["path"] for one in listed}
    assert set(listed[0]) == {"release", "version", "kind", "path", "managed", "last_used"}
    text = bot("blender", "list").stdout
    assert all(runtime.version in text for runtime in runtimes)


def test_list_with_none_says_how_to_get_one(empty: dict[str, str]) -> None:
    answer = bot("blender", "list", "--json", **empty)
    if json.loads(answer.stdout):
        pytest.skip("a Blender is installed where every user has it")
    assert "bot blender install 5.0" in bot("blender", "list", **empty).stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["install", "four"], "'four' is no Blender release."),
        (["install", "3.6"], "Blender 3.6 cannot be installed by bcrag."),
        (["remove"], "No release is named."),
        (["remove", "4.4.99"], "bcrag has installed no Blender 4.4.99."),
    ],
)
def test_wrong_use_is_told_with_a_cure(empty: dict[str, str], arguments: list[str], said: str) -> None:
    answer = bot("blender", *arguments, **empty)
    assert answer.returncode == 2
    first, cure = answer.stderr.strip().splitlines()
    assert first == f"bot: {said}"
    assert cure


def test_removing_what_is_unused_when_nothing_is(empty: dict[str, str]) -> None:
    answer = bot("blender", "remove", "--unused", **empty)
    assert (answer.returncode, answer.stderr) == (0, "")
    assert "nothing is removed" in answer.stdout


def test_doctor_finds_everything_where_runs_are_possible(runtimes: tuple[Runtime, ...]) -> None:
    answer = bot("doctor", "--json")
    told = json.loads(answer.stdout)
    wrong = [check for check in told["checks"] if check["needed"] and not check["ok"]]
    assert (answer.returncode, wrong) == (0, [])
    assert told["ok"] is True
    names = {check["name"] for check in told["checks"]}
    assert {"Python", "git", "sandbox", "cache", "Blender in the sandbox", "system libraries", "disk space"} <= names


def test_doctor_names_the_command_that_mends_each_thing(empty: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "bin" / "git").unlink(missing_ok=True)
    answer = bot("doctor", **empty)
    assert answer.returncode == 3
    assert "apt-get install git" in answer.stdout
    assert "A run is not possible yet" in answer.stdout


def test_doctor_says_so_where_the_cache_cannot_be_made(empty: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    answer = bot("doctor", "--json", **{**empty, "BCRAG_CACHE_DIR": str(tmp_path / "file" / "cache")})
    assert answer.returncode == 3
    (check,) = [check for check in json.loads(answer.stdout)["checks"] if check["name"] == "cache"]
    assert check["ok"] is False and "BCRAG_CACHE_DIR" in check["cure"]
