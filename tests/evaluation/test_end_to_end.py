"""`bot eval` as a user meets it: the real command, a real repository, real Blender, and a model from a script."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from bot.blender.base import Runtime
from fixes import ANSWERS, PARTICULAR, WRONG, case, fixed, write_answers, write_cases

RELEASE = max(os.environ.get("BCRAG_TEST_RELEASES", "4.2,4.5").split(","))
SECONDS = 400


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "bot", "eval", *map(str, arguments)]


def bot(*arguments: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command(*arguments), cwd=cwd, capture_output=True, text=True, timeout=SECONDS)


def values(figures: dict[str, Any]) -> dict[str, float | None]:
    return {key: one["value"] for key, one in figures.items()}


@pytest.mark.blender
def test_a_case_is_run_judged_measured_and_kept(tmp_path: Path, runtimes: tuple[Runtime, ...]) -> None:
    assert runtimes
    cases = write_cases(tmp_path / "cases.jsonl", case(fixed(tmp_path / "repo"), runtime=RELEASE))
    script = write_answers(tmp_path / "script.json", *ANSWERS)
    asked = ("--cases", cases, "--llm", f"scripted:{script}", "--ablate", "rules-only", "--judge")
    done = bot(*asked, "--json", "--plot", "eval.png", "--jobs", 2, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    full, rules = values(found["figures"]), values(found["ablations"]["rules-only"])
    assert (full["resolved"], full["false_proofs"], full["attempts"], full["applies"]) == (1, 0, 1, 1)
    assert full["tokens_per_success"]
    assert (full["faithfulness"], full["judged_faithfulness"], full["judged_relevancy"]) == (1, 0.75, 0.5)
    assert (full["on_target"], full["hit_rate"], full["context_recall"], full["right_place"]) == (1, 1, 1, 1)
    assert (rules["resolved"], rules["applies"], rules["right_place"]) == (0, None, 1)
    assert (tmp_path / "eval.png").read_bytes().startswith(b"\x89PNG")
    out = tmp_path / ".bcrag" / "eval"
    assert "| resolved | 1.00 (1) | 0.00 (1) |" in (out / "eval.md").read_text()
    report = json.loads((out / "full" / "one" / "report.json").read_text())
    assert "CASE_TMP" not in json.dumps(report), "the bot must not see the probe"

    kept = (out / "full" / "one.json").stat().st_mtime_ns
    (out / "rules-only" / "one.json").unlink()
    again = bot(*asked, cwd=tmp_path)
    assert again.returncode == 0, again.stderr
    assert (out / "full" / "one.json").stat().st_mtime_ns == kept, "what has a result is not run again"
    assert (out / "rules-only" / "one.json").is_file()
    assert "rules-only" in again.stdout


@pytest.mark.blender
def test_a_proof_the_probe_refuses_is_told_by_the_exit_status(tmp_path: Path, runtimes: tuple[Runtime, ...]) -> None:
    assert runtimes
    made = fixed(tmp_path / "repo")
    cases = write_cases(tmp_path / "cases.jsonl", case(made, runtime=RELEASE, probe=PARTICULAR))
    script = write_answers(tmp_path / "script.json", {"role": "patcher", "reply": WRONG}, *ANSWERS)
    done = bot("--cases", cases, "--llm", f"scripted:{script}", "--json", cwd=tmp_path)
    assert done.returncode == 1, done.stderr
    found = json.loads(done.stdout)
    assert values(found["figures"])["false_proofs"] == 1
    assert values(found["figures"])["resolved"] == 0
    assert "AssertionError: 0.0" in found["results"][0]["said"]


@pytest.mark.blender
def test_a_past_fix_is_judged_by_the_tests_it_brought(tmp_path: Path, runtimes: tuple[Runtime, ...]) -> None:
    assert runtimes
    made = fixed(tmp_path / "repo")
    script = write_answers(tmp_path / "script.json", *ANSWERS)
    done = bot(made.root, "--history", 1, "--llm", f"scripted:{script}", "--blender", RELEASE, "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    (result,) = json.loads(done.stdout)["results"]
    assert (result["judged_by"], result["sound"], result["passes"], result["verified"]) == ("tests", True, True, True)


@pytest.mark.blender
def test_ctrl_c_leaves_results_that_count(tmp_path: Path, runtimes: tuple[Runtime, ...]) -> None:
    assert runtimes
    made = fixed(tmp_path / "repo")
    lines = [case(made, runtime=RELEASE, id=name) for name in ("one", "two")]
    asked = ("--cases", write_cases(tmp_path / "cases.jsonl", *lines), "--llm", "none", "--json")
    first, second = (tmp_path / ".bcrag" / "eval" / "full" / f"{name}.json" for name in ("one", "two"))
    process = subprocess.Popen(command(*asked), cwd=tmp_path, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    deadline = time.monotonic() + SECONDS
    while not first.is_file() and time.monotonic() < deadline:
        time.sleep(0.1)
    time.sleep(2)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130, said
    assert "Interrupted after 1 of 2 results" in said
    assert not second.exists()
    kept = first.read_bytes()
    done = bot(*asked, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert first.read_bytes() == kept
    assert [one["case"] for one in json.loads(done.stdout)["results"]] == ["one", "two"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--cases", "none.jsonl"), "cannot be read"),
        (("--cases", "bad.jsonl"), "line 1"),
        (("--cases", "bad.jsonl", "--history", "3"), "Choose one of"),
        (("--cases", "bad.jsonl", "--ablate", "no-brain"), "no-brain"),
        (("--cases", "bad.jsonl", "--dep", "nowhere"), "nowhere"),
        (("--history", "3"), "not in a git repository"),
    ],
)
def test_wrong_use_is_said_at_once(tmp_path: Path, arguments: tuple[str, ...], said: str) -> None:
    (tmp_path / "bad.jsonl").write_text("{}\n")
    done = bot(*arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_an_unknown_case_and_an_unknown_model_are_said(tmp_path: Path) -> None:
    cases = write_cases(tmp_path / "cases.jsonl", case(fixed(tmp_path / "repo"), runtime=RELEASE))
    done = bot("--cases", cases, "--only", "two", cwd=tmp_path)
    assert (done.returncode, "no case 'two'" in done.stderr) == (2, True)
