"""`bot run` on repositories with tests of their own: what failed is repaired, what passed still does."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bot.blender.base import Runtime

RELEASE = os.environ.get("BCRAG_TEST_RELEASES", "4.2,4.5").split(",")[-1]
ADDON = f"""bl_info = {{"name": "Tiles", "blender": ({RELEASE.replace(".", ", ")}, 0), "category": "Object"}}


def smooth(mesh):
    mesh.use_auto_smooth = True
    return len(mesh.vertices)


def register():
    pass


def unregister():
    pass
"""
LINE = 5
CONFTEST = """import bpy
import pytest


@pytest.fixture
def mesh():
    mesh = bpy.data.meshes.new("M")
    mesh.from_pydata([(0, 0, 0), (1, 0, 0), (1, 1, 0)], [], [(0, 1, 2)])
    return mesh
"""
TEST = """from tiles import smooth


def test_smooth(mesh):
    assert smooth(mesh) == 3


def test_of_itself():
    assert True
"""
FLAKY = """import os


def test_flaky():
    assert "again" in os.getcwd()
"""


def run(folder: Path, files: dict[str, str]) -> tuple[dict[str, Any], Path, str]:
    """The report of a run on a repository with these files, its bundle, and what the terminal showed."""
    repository, out = folder / "repository", folder / "out"
    for name, text in files.items():
        file = repository / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    identity = ["-c", "user.name=T", "-c", "user.email=t@example.org"]
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "Start"]):
        subprocess.run(["git", *identity, *command], cwd=repository, check=True)
    done = subprocess.run(
        [sys.executable, "-m", "bot", "run", "--llm", "none", "--blender", RELEASE, "--out", str(out)],
        cwd=repository,
        env={**os.environ, "COLUMNS": "200"},
        capture_output=True,
        text=True,
        timeout=400,
        stdin=subprocess.DEVNULL,
    )
    assert (out / "report.json").exists(), done.stderr
    return json.loads((out / "report.json").read_text()), out, done.stdout


@pytest.mark.blender
def test_a_broken_add_on_s_test_is_fail_to_pass_and_proves_the_repair(
    tmp_path: Path, runtimes: tuple[Runtime, ...]
) -> None:
    files = {
        "tiles/__init__.py": ADDON, "tests/conftest.py": CONFTEST, "tests/test_smooth.py": TEST,
        "tests/test_flaky.py": FLAKY,
    }  # fmt: skip
    report, out, shown = run(tmp_path, files)
    assert (report["status"], report["verified"]) == ("repaired", True), report["summary"]
    fault = next(fault for fault in report["faults"] if fault["source"] == "test")
    assert (fault["kind"], fault["proof"]) == ("test", "reproduced")
    assert (fault["path"], fault["line"]) == ("tiles/__init__.py", LINE)
    assert fault["subject"] == "tests/test_smooth.py::test_smooth"
    (row,) = (row for row in report["validation"] if row["validator"] == "test suite")
    assert row["fixed"] == ["test:tests/test_smooth.py::test_smooth"] and row["broken"] == []
    line = f"tests {RELEASE}: 1 passes, 1 fails -> 2 pass (1 flaky left out)"
    assert line in shown
    assert line in (out / "report.md").read_text()
    assert line.replace(">", "&gt;") in (out / "report.html").read_text()
    flaky = next(one for one in report["untried"] if one["check"] == "test:tests/test_flaky.py::test_flaky")
    assert "changes by itself" in flaky["why"]


@pytest.mark.blender
def test_a_repair_that_breaks_a_test_is_turned_down(tmp_path: Path, runtimes: tuple[Runtime, ...]) -> None:
    test = """import tiles


def test_the_source_stays_as_it_is():
    assert "use_auto_smooth = True" in open(tiles.__file__).read()
"""
    files = {
        "tiles/__init__.py": ADDON,
        "tests/conftest.py": CONFTEST,
        "tests/test_smooth.py": TEST,
        "tests/test_source.py": test,
    }
    report, _, shown = run(tmp_path, files)
    assert report["patch"] is None and report["status"] == "unrepaired"
    assert report["attempts"], "a repair was tried"
    assert "test:tests/test_source.py::test_the_source_stays_as_it_is" in report["attempts"][0]["verdict"]["reason"]
    assert f"tests {RELEASE}: 2 pass, 1 fails" in shown


@pytest.mark.blender
def test_the_repository_can_do_without(tmp_path: Path, runtimes: tuple[Runtime, ...]) -> None:
    files = {
        "tiles/__init__.py": ADDON.replace("mesh.use_auto_smooth = True", "pass"),
        "tests/test_smooth.py": "def test_a():\n    assert False\n",
        "bcrag.toml": "test_seconds = 0\n",
    }
    report, _, shown = run(tmp_path, files)
    assert report["status"] == "clean"
    assert "tests " not in shown
