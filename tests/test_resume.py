"""A run that was stopped, however rudely, is taken up where it was and comes to the same report."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bot.blender.base import Runtime
from bot.cache import cache_root
from processes import gone
from repositories import Repository

ROOT = Path(__file__).resolve().parent.parent
RELEASE = os.environ.get("BCRAG_TEST_RELEASES", "4.2,4.5").split(",")[-1]
KILLED = Path(__file__).parent / "support" / "killed.py"
DEATHS = [
    ("evidence", "during"), ("retrieve", "before"), ("plan", "before"), ("patch", "before"), ("validate", "after"),
    ("critique", "before"), ("heal", "after"), ("report", "during"), ("report", "after"),
]  # fmt: skip
"""Every step; those with Blender in them in the middle too."""
PASSING = {"id", "timings", "seconds", "started"}
"""Keys of a report that differ from run to run."""


def run(command: list[str], cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *command],
        cwd=cwd,
        env={**os.environ, "COLUMNS": "200", **environment},
        capture_output=True,
        text=True,
        timeout=400,
        stdin=subprocess.DEVNULL,
    )


def lasting(value: Any) -> Any:
    """A report without what differs from run to run."""
    if isinstance(value, dict):
        return {key: lasting(item) for key, item in value.items() if key not in PASSING}
    return [lasting(item) for item in value] if isinstance(value, list) else value


@pytest.fixture
def studio(tmp_path: Path) -> Repository:
    repository = Repository(tmp_path / "repo")
    shutil.copytree(ROOT / "examples" / "studio_36", repository.root / "studio_36")
    repository.commit("Start")
    return repository


@pytest.mark.blender
def test_a_run_killed_at_every_step_comes_to_the_same_report(
    studio: Repository, tmp_path: Path, runtimes: tuple[Runtime, ...]
) -> None:
    folder = studio.root
    asked = ["run", "--no-install", "--blender", RELEASE, "--json"]
    whole = run(["-m", "bot", *asked, "--out", str(tmp_path / "whole")], folder)
    assert whole.returncode == 0, whole.stderr
    head = studio.git("rev-parse", "HEAD")

    arguments = [*asked, "--out", str(tmp_path / "out"), "--branch", "bcrag/studio"]
    run_id = ""
    for step, place in DEATHS:
        died = run([str(KILLED), step, place, *arguments], folder)
        assert died.returncode == -signal.SIGKILL, f"{step} {place}: {died.stderr}"
        if not run_id:
            (left,) = json.loads(run(["-m", "bot", "run", "--resume", "--json"], folder).stdout)
            run_id = left["id"]
        assert gone(run_id), f"{step} {place}: something still runs"
        assert studio.git("status", "--porcelain") == ""
        arguments = ["run", "--resume", run_id, "--json"]
    done = run(["-m", "bot", *arguments], folder)
    assert done.returncode == 0, done.stderr

    report = json.loads(done.stdout)
    assert report["id"] == run_id
    assert lasting(report) == lasting(json.loads(whole.stdout))
    for name in ("patch.diff", "renders/before.png", "renders/after.png"):
        assert (tmp_path / "out" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes(), name
    assert json.loads((tmp_path / "out" / "report.json").read_text()) == report
    assert studio.git("rev-parse", "HEAD") == head
    assert f"Bcrag-Run: {run_id}" in studio.git("log", "-1", "--format=%B", "bcrag/studio")
    assert not list((cache_root() / "checkpoints").glob(f"*/{run_id}"))
    assert not [path for path in (cache_root() / "work").iterdir() if run_id in path.name]
    again = run(["-m", "bot", *arguments], folder)
    assert again.returncode == 2
    assert "No interrupted run" in again.stderr
