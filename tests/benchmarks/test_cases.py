"""The runner of the real cases: what the bot is shown, and how its claims are counted."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]

TRACEBACK = """\
Traceback (most recent call last):
  File "probe_addon.py", line 123, in main
    exec(code)
  File "probes/some-case.py", line 7, in <module>
  File "<bpy>/bpy/4.2/scripts/modules/bpy/ops.py", line 109, in __call__
RuntimeError: Error: Python: Traceback (most recent call last):
  File "<TMP>/scripts/addons/some.py", line 86, in execute
    a * b
TypeError: Element-wise multiplication: not supported
"""


@pytest.fixture(scope="module")
def cases() -> ModuleType:
    spec = importlib.util.spec_from_file_location("cases_benchmark", ROOT / "benchmarks" / "cases.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_only_the_frames_of_the_probe_are_taken_out(cases: ModuleType) -> None:
    kept = cases.users_traceback(TRACEBACK)
    gone = [line for line in TRACEBACK.splitlines() if line not in kept.splitlines()]
    assert gone == [TRACEBACK.splitlines()[i] for i in (1, 2, 3)]


def test_a_traceback_of_the_probe_alone_is_no_log(cases: ModuleType) -> None:
    assert cases.users_traceback("".join(TRACEBACK.splitlines(keepends=True)[:4]) + "AssertionError: 3\n") is None


def test_a_verified_patch_the_probe_refuses_is_a_false_proof(cases: ModuleType) -> None:
    lie = cases.Judged("repaired", verified=True, probe_passes=False, changed=2)
    assert lie.false_proof and not lie.won
    assert not cases.Judged("clean", verified=True, changed=0).false_proof
    told = cases.summary([cases.Outcome("x", "api-change", "4.2.23", lie, None)])
    assert "False proofs: 1" in told and ": 0 repaired" in told


def test_the_better_run_counts(cases: ModuleType) -> None:
    won = cases.Judged("repaired", verified=True, probe_passes=True, changed=2, rules=("A101",), proof="reproduced")
    lost = cases.Judged("unrepaired", why="no rule | answers <b>it</b>\nin /home/me/some/where/file.py")
    rows = cases.table(
        [cases.Outcome("x", "logic", "4.2.23", lost, won), cases.Outcome("y", "logic", "4.2.23", lost, None)]
    )
    first, second = rows.splitlines()[2:]
    assert "| yes | reproduced | yes | A101 |" in first
    assert first.count(" | ") == 10
    assert "<b>" not in second and "/home/me" not in second and second.count(" | ") == 10


def test_an_outcome_survives_its_file(cases: ModuleType, tmp_path: Path) -> None:
    judged = cases.Judged("repaired", verified=True, rules=("A101", "B202"))
    outcome = cases.Outcome("x", "logic", "4.2.23", judged, None, ("missing.png",))
    file = tmp_path / "x.json"
    file.write_text(json.dumps(asdict(outcome)))
    assert cases.read(file) == outcome


def test_a_tree_becomes_one_commit_byte_for_byte(cases: ModuleType, tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("*.txt\n")
    (tmp_path / "kept.txt").write_bytes(b"a\r\nb\n")
    cases.commit_all(tmp_path)
    shown = subprocess.run(["git", "show", "HEAD:kept.txt"], cwd=tmp_path, capture_output=True, check=True)
    assert shown.stdout == b"a\r\nb\n"
