"""`bot run` and `bot check` as a user meets them: the real command, real Blender, examples and bad input."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import jsonschema
import pytest
from PIL import Image
from unidiff import PatchSet

from bot.blender.base import Runtime

ROOT = Path(__file__).resolve().parent.parent
RELEASES = os.environ.get("BCRAG_TEST_RELEASES", "4.2,4.5")


def bot(*arguments: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        cwd=cwd,
        env={**os.environ, "COLUMNS": "200", **environment},
        capture_output=True,
        text=True,
        timeout=400,
        stdin=subprocess.DEVNULL,
    )


def git(folder: Path, *arguments: str) -> str:
    identity = ["-c", "user.name=T", "-c", "user.email=t@example.org"]
    return subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True, text=True).stdout


def checkout(folder: Path, **files: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    git(folder, "init", "-q")
    for name, text in files.items():
        path = folder / name.replace("__", "/").replace("_py", ".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "Start", "--allow-empty")
    return folder


def example(tmp_path: Path, name: str) -> Path:
    shutil.copytree(ROOT / "examples" / name, tmp_path / "repo" / name)
    return checkout(tmp_path / "repo")


def snapshot(folder: Path) -> dict[str, tuple[bytes, int]]:
    return {
        str(path.relative_to(folder)): (path.read_bytes(), path.stat().st_mode)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".bcrag" not in path.relative_to(folder).parts
    }


BROKEN = """bl_info = {"name": "Two", "blender": (3, 0, 0), "category": "Object"}
import bpy
class OBJECT_OT_two(bpy.types.Operator):
    bl_idname = "object.two"
    bl_label = "Two"
    def execute(self, context):
        context.scene.render.engine = "BLENDER_EEVEE"
        return {"FINISHED"}
def register():
    bpy.utils.register_class(OBJECT_OT_two)
def unregister():
    bpy.utils.unregister_class(OBJECT_OT_two)
"""


@pytest.mark.blender
@pytest.mark.parametrize("name", ["wave_279", "studio_36"])
def test_a_broken_example_is_repaired_and_verified(tmp_path: Path, name: str, runtimes: tuple[Runtime, ...]) -> None:
    repo = example(tmp_path, name)
    before = snapshot(repo)
    done = bot("run", name, "--blender", RELEASES, "--json", cwd=repo)
    report = json.loads(done.stdout)
    assert done.returncode == 0, done.stderr
    assert (report["status"], report["verified"]) == ("repaired", True)
    assert snapshot(repo) == before, "the checkout is not as it was"
    assert git(repo, "status", "--porcelain") == ""

    jsonschema.validate(report, json.loads((ROOT / "docs" / "report.schema.json").read_text()))
    bundle = repo / ".bcrag" / "runs" / report["id"]
    patch = bundle / report["patch"]["path"]
    git(repo, "apply", "--check", str(patch))
    assert {file.path for file in PatchSet(patch.read_text())} == set(report["patch"]["files"])
    for when in ("before", "after"):
        with Image.open(bundle / "renders" / f"{when}.png") as picture:
            assert picture.size == (512, 512)
            colours = len(picture.convert("RGB").getcolors(512 * 512) or range(512 * 512))
        # the operator that makes something does not run before: the same empty scene, by the same camera
        assert (colours > 50) == (when == "after"), f"{when}: {colours} colours"
    for text in ("report.md", "report.html"):
        assert name in (bundle / text).read_text()
    assert " pixels differ (" in (bundle / "report.html").read_text()
    if name == "studio_36":  # one of its functions wants a material, which nobody has to give
        assert {one["outcome"] for one in report["untried"] if "material" in one["why"]} == {"skipped"}
    own = Counter(one["release"] for one in report["reproducers"] for tried in (one["before"], one["after"]) if tried)
    assert all(starts - own[release] <= 4 for release, starts in report["blender_starts"].items())
    assert {fault["proof"] for fault in report["faults"]} <= {"reproduced", "api"}
    assert any(citation["url"] and "docs.blender.org" in citation["url"] for citation in report["citations"])

    git(repo, "apply", str(patch))
    git(repo, "commit", "-qam", "Repair")
    again = bot("run", name, "--blender", RELEASES, "--json", cwd=repo)
    assert json.loads(again.stdout)["status"] == "clean", "a repaired add-on is not clean"


@pytest.mark.blender
def test_a_healthy_add_on_comes_back_clean_with_no_patch(tmp_path: Path, runtimes: tuple[Runtime, ...]) -> None:
    repo = example(tmp_path, "healthy_bolt")
    done = bot("run", "--blender", RELEASES, "--out", str(tmp_path / "out"), "--json", cwd=repo)
    report = json.loads(done.stdout)
    assert done.returncode == 0, done.stderr
    assert (report["status"], report["patch"], report["faults"]) == ("clean", None, [])
    assert not (tmp_path / "out" / "patch.diff").exists()


@pytest.mark.blender
def test_apply_and_branch_hand_the_repair_over(tmp_path: Path, runtimes: tuple[Runtime, ...]) -> None:
    release = RELEASES.split(",")[-1]
    repo = checkout(tmp_path / "repo", two_py=BROKEN)
    done = bot("run", "--blender", release, "--branch", "bcrag/two", cwd=repo)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (repo / "two.py").read_text() == BROKEN
    assert "Bcrag-Rule: RND101" in git(repo, "log", "-1", "--format=%B", "bcrag/two")
    assert bot("run", "--blender", release, "--apply", cwd=repo).returncode == 0
    assert (repo / "two.py").read_text() == git(repo, "show", "bcrag/two:two.py")


@pytest.mark.blender
def test_a_traceback_aims_the_run(tmp_path: Path, runtimes: tuple[Runtime, ...]) -> None:
    repo = checkout(tmp_path / "repo", two_py=BROKEN.replace("return {", "1 / self.missing()\n        return {"))
    log = tmp_path / "log.txt"
    log.write_text(
        'Traceback (most recent call last):\n  File "/home/me/addons/two.py", line 8, in execute\n'
        "    1 / self.missing()\nAttributeError: 'OBJECT_OT_two' object has no attribute 'missing'\n"
    )
    release = RELEASES.split(",")[-1]
    done = bot("run", "--blender", release, "--log", str(log), "--json", cwd=repo)
    report = json.loads(done.stdout)
    assert done.returncode == 1
    assert report["status"] == "partial"
    assert not report["verified"], "what the log tells of is still there"
    (fault,) = [fault for fault in report["remaining"] if fault["line"] == 8]
    assert (fault["path"], fault["proof"], fault["exception"]) == ("two.py", "reproduced", "AttributeError")


@pytest.mark.blender
def test_a_syntax_error_is_reported_at_its_place(tmp_path: Path, runtimes: tuple[Runtime, ...]) -> None:
    repo = checkout(tmp_path / "repo", two_py=BROKEN + "def broken(:\n    pass\n")
    done = bot("check", "--blender", RELEASES.split(",")[-1], "--format", "json", cwd=repo)
    assert done.returncode == 1
    assert {(fault["path"], fault["line"]) for fault in json.loads(done.stdout)} == {("two.py", 13)}


@pytest.mark.blender
def test_check_finds_without_changing_anything(tmp_path: Path, runtimes: tuple[Runtime, ...]) -> None:
    repo = checkout(tmp_path / "repo", two_py=BROKEN)
    before = snapshot(repo)
    release = RELEASES.split(",")[-1]
    done = bot("check", "--blender", release, "--format", "json", cwd=repo)
    (fault,) = json.loads(done.stdout)
    assert done.returncode == 1
    assert (fault["line"], fault["proof"], fault["release"]) == (7, "reproduced", release)
    annotated = bot("check", "--blender", release, "--format", "github", cwd=repo)
    assert annotated.stdout.startswith("::error file=two.py,line=7,")
    assert "two.py:7" in bot("check", "--blender", release, cwd=repo).stdout
    assert snapshot(repo) == before
    assert not (repo / ".bcrag").exists()


@pytest.mark.blender
def test_an_add_on_that_kills_blender_is_an_outcome(tmp_path: Path, runtimes: tuple[Runtime, ...]) -> None:
    deadly = BROKEN.replace('context.scene.render.engine = "BLENDER_EEVEE"', "import os; os.kill(os.getpid(), 11)")
    repo = checkout(tmp_path / "repo", two_py=deadly)
    done = bot("run", "--blender", RELEASES.split(",")[-1], "--json", cwd=repo)
    report = json.loads(done.stdout)
    assert done.returncode == 1
    assert [fault["kind"] for fault in report["faults"]] == ["crash"]
    assert report["status"] == "unrepaired"


def test_no_repository(tmp_path: Path) -> None:
    done = bot("run", cwd=tmp_path)
    assert done.returncode == 2
    assert "not in a git repository" in done.stderr
    assert "git init" in done.stderr


def test_no_add_on(tmp_path: Path) -> None:
    done = bot("run", cwd=checkout(tmp_path / "repo", main_py="print(1)\n"))
    assert done.returncode == 2
    assert "No Blender add-on" in done.stderr


def test_several_add_ons_are_listed(tmp_path: Path) -> None:
    done = bot("run", cwd=checkout(tmp_path / "repo", one_py=BROKEN, two_py=BROKEN))
    assert done.returncode == 2
    assert "one.py" in done.stderr
    assert "--addon one.py" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["--blender", "new"], 2, "is no Blender release"),
        (["--addon", "three.py"], 2, "no add-on at"),
        (["--llm", "oracle"], 2, "no model provider named"),
        (["--issue", "7"], 2, "GITHUB_REPOSITORY"),
        (["--resume", "nothing"], 2, "No interrupted run"),
        (["--log", "nowhere.txt"], 2, "cannot be read"),
        (["--apply", "--branch", "x"], 2, "Choose one"),
        (["--branch", "a..b"], 2, "is no name for a branch"),
        (["--blender-path", "nowhere/blender"], 2, "nowhere/blender"),
        (["--frobnicate"], 2, "No such option"),
        (["nowhere"], 2, "no folder"),
    ],
)
def test_wrong_use_is_one_clear_error(tmp_path: Path, arguments: list[str], status: int, words: str) -> None:
    repo = checkout(tmp_path / "repo", two_py=BROKEN)
    before = snapshot(repo)
    done = bot("run", *arguments, cwd=repo)
    assert done.returncode == status, done.stderr
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert snapshot(repo) == before


def _bare_path(tmp_path: Path) -> str:
    folder = tmp_path / "bin"
    folder.mkdir()
    for tool in ("git", "bwrap", "setpriv", "prlimit"):
        found = shutil.which(tool)
        if found:
            (folder / tool).symlink_to(found)
    return str(folder)


def test_no_blender_and_no_permission_to_install_one(tmp_path: Path) -> None:
    repo = checkout(tmp_path / "repo", two_py=BROKEN)
    done = bot(
        "run", "--no-install", cwd=repo,
        PATH=_bare_path(tmp_path), BCRAG_CACHE_DIR=str(tmp_path / "cache"), HOME=str(tmp_path),
    )  # fmt: skip
    assert done.returncode == 3
    assert "bot blender install" in done.stderr


def test_a_blender_that_dies_is_a_sentence_and_no_traceback(tmp_path: Path) -> None:
    fake = tmp_path / "fake" / "blender"
    fake.parent.mkdir()
    fake.write_text('#!/bin/sh\n[ "$1" = --version ] && { echo "Blender 4.5.1"; exit 0; }\nkill -SEGV $$\n')
    fake.chmod(0o755)
    repo = checkout(tmp_path / "repo", two_py=BROKEN)
    done = bot(
        "run", "--no-install", "--json", "--blender-path", str(fake), cwd=repo, PATH=_bare_path(tmp_path),
        HOME=str(tmp_path), BCRAG_CACHE_DIR=str(tmp_path / "cache"),
    )  # fmt: skip
    assert done.returncode == 3, done.stderr
    report = json.loads(done.stdout)
    assert report["status"] == "error"
    assert "4.5" in report["error"]
    assert "crashed" in report["error"]
    looked = bot(
        "check", "--no-install", "--blender-path", str(fake), cwd=repo, PATH=str(tmp_path / "bin"),
        HOME=str(tmp_path), BCRAG_CACHE_DIR=str(tmp_path / "cache"),
    )  # fmt: skip
    assert looked.returncode == 3, "a Blender that dies is no clean bill of health"
    assert "crashed" in looked.stderr


@pytest.mark.blender
def test_ctrl_c_leaves_nothing_behind_and_the_run_can_be_taken_up(
    tmp_path: Path, runtimes: tuple[Runtime, ...]
) -> None:
    slow = BROKEN.replace("return {", "import time; time.sleep(8)\n        return {")
    repo = checkout(tmp_path / "repo", two_py=slow)
    before = snapshot(repo)
    release = RELEASES.split(",")[-1]
    command = [sys.executable, "-m", "bot", "run", "--blender", release, "--max-attempts", "1"]
    running = subprocess.Popen(
        command,
        cwd=repo,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        # a test run in the background inherits that interrupts are ignored; a user's shell does not
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    assert running.stderr is not None
    said = ""
    while "look" not in said:  # the first step is over; the second one runs the operator, which takes its time
        said += running.stderr.readline()
    time.sleep(1)
    os.killpg(running.pid, signal.SIGINT)
    _, rest = running.communicate(timeout=60)
    said += rest
    assert running.returncode == 130, said
    assert "--resume" in said
    assert snapshot(repo) == before
    run_id = said.split("--resume ")[1].split()[0]
    again = bot("run", "--resume", run_id, "--json", cwd=repo)
    assert json.loads(again.stdout)["id"] == run_id, again.stderr
