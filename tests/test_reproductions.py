"""Scripts that show one fault each, as a user meets them: in the bundle of the real command, and typed by hand."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bot.blender.base import Runtime
from bot.models.release import Release

ROOT = Path(__file__).resolve().parent.parent
RELEASE = max(os.environ.get("BCRAG_TEST_RELEASES", "4.2,4.5").split(","), key=Release.parse)

pytestmark = pytest.mark.blender

BROKEN = """bl_info = {"name": "Two", "blender": (3, 0, 0), "category": "Object"}
import bpy
class OBJECT_OT_two(bpy.types.Operator):
    bl_idname = "object.two"
    bl_label = "Two"
    def execute(self, context):
        context.object.data.use_auto_smooth = True
        return {"FINISHED"}
def register():
    bpy.utils.register_class(OBJECT_OT_two)
def unregister():
    bpy.utils.unregister_class(OBJECT_OT_two)
"""
AFTER_ANOTHER = """bl_info = {"name": "Pair", "blender": (3, 0, 0), "category": "Object"}
import bpy
RAN = []
class OBJECT_OT_first(bpy.types.Operator):
    bl_idname = "object.first"
    bl_label = "First"
    def execute(self, context):
        RAN.append("first")
        return {"FINISHED"}
class OBJECT_OT_second(bpy.types.Operator):
    bl_idname = "object.second"
    bl_label = "Second"
    def execute(self, context):
        if RAN:
            context.scene.no_such_member
        return {"FINISHED"}
def register():
    bpy.utils.register_class(OBJECT_OT_first)
    bpy.utils.register_class(OBJECT_OT_second)
def unregister():
    bpy.utils.unregister_class(OBJECT_OT_second)
    bpy.utils.unregister_class(OBJECT_OT_first)
"""
TESTS = """import unittest

import two


class Names(unittest.TestCase):
    def setUp(self):
        two.register()

    def tearDown(self):
        two.unregister()

    def test_name(self):
        self.assertEqual(two.bl_info["name"], "Two")
"""

SUITE = """import bpy, os, sys, unittest
sys.path.insert(0, ".")
done = unittest.main("tests.test_repaired", exit=False)
os._exit(not done.result.wasSuccessful())
"""


def git(folder: Path, *arguments: str) -> str:
    identity = ["-c", "user.name=T", "-c", "user.email=t@example.org"]
    return subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True, text=True).stdout


def checkout(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    git(folder, "init", "-q")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "Start")
    return folder


def run(repo: Path, *arguments: str, **environment: str) -> tuple[dict[str, Any], Path]:
    """The report of `bot run` in a repository, and its bundle."""
    done = subprocess.run(
        [sys.executable, "-m", "bot", "run", "--blender", RELEASE, "--llm", "none", "--json", *arguments],
        cwd=repo, env={**os.environ, **environment}, capture_output=True, text=True, timeout=400,
        stdin=subprocess.DEVNULL, check=False,
    )  # fmt: skip
    assert done.stdout, done.stderr
    report = json.loads(done.stdout)
    return report, repo / ".bcrag" / "runs" / report["id"]


def typed(command: list[str], folder: Path) -> tuple[int, str]:
    """What a command a user types comes to."""
    environment = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/")}
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    return done.returncode, done.stdout + done.stderr


def python(runtimes: tuple[Runtime, ...], release: str) -> str | None:
    """The Python with `bpy` of a release."""
    found = (one for one in runtimes if str(one.release) == release and one.kind == "module")
    return next((str(one.path) for one in found), None)


def test_scripts_fail_on_the_untouched_example_and_pass_on_the_repaired(
    tmp_path: Path, runtimes: tuple[Runtime, ...]
) -> None:
    shutil.copytree(ROOT / "examples" / "wave_279", tmp_path / "repo" / "wave_279")
    repo = checkout(tmp_path / "repo", {"README.md": "Wave\n"})
    report, bundle = run(repo)
    assert (report["status"], report["verified"]) == ("repaired", True)
    scripts = {one["path"]: one for one in report["reproducers"]}
    assert {path.relative_to(bundle).as_posix() for path in (bundle / "reproductions").iterdir()} == set(scripts)
    raised = [fault for fault in report["faults"] if fault["proof"] == "reproduced"]
    assert len(scripts) == len(raised) > 0 and all(fault["alone"] for fault in raised)
    for one in scripts.values():
        assert one["confirmed"] and (one["before"]["came"], one["after"]["came"]) == ("shows", "passes")
        assert (bundle / one["path"]).read_text(encoding="utf-8") == one["text"]
    (newest,) = (one for one in scripts.values() if one["release"] == RELEASE)
    module, script = python(runtimes, RELEASE), str(bundle / newest["path"])
    assert module is not None
    place = f"wave_279/{newest['place'].rpartition('/')[2]}"
    status, said = typed([module, script], repo)
    assert status == 1 and "Traceback" in said and f"{newest['exception']} at " in said, said
    assert newest["place"] == place
    status, said = typed([module, script, str(repo / "wave_279")], tmp_path)
    assert status == 1, said
    status, said = typed([module, script], tmp_path / "repo" / ".git")
    assert status == 1, "the repository around the script is found as well"
    shutil.copy(script, tmp_path / "alone.py")
    status, said = typed([module, str(tmp_path / "alone.py")], tmp_path)
    assert status == 2 and "there is no wave_279/__init__.py here" in said
    executable = shutil.which("blender", path="/usr/bin")
    if executable is not None:
        for one in scripts.values():
            status, said = typed([executable, "-b", "--python", str(bundle / one["path"])], repo)
            assert status == 1 or one["release"] == RELEASE, said
    git(repo, "apply", str(bundle / "patch.diff"))
    status, said = typed([module, script], repo)
    assert status == 0 and "the fault does not show" in said, said


def test_what_shows_only_while_everything_is_tried_is_told_so(tmp_path: Path, runtimes: tuple[Runtime, ...]) -> None:
    report, bundle = run(checkout(tmp_path / "repo", {"pair.py": AFTER_ANOTHER}))
    (fault,) = report["faults"]
    (one,) = report["reproducers"]
    assert (fault["subject"], fault["proof"], fault["alone"]) == ("object.second", "reproduced", False)
    assert not one["confirmed"] and (one["before"]["came"], one["after"]) == ("passes", None)
    for name in ("report.md", "report.html"):
        text = (bundle / name).read_text(encoding="utf-8")
        assert "only while everything was tried" in text and "not confirmed" in text


def test_a_script_of_a_traceback_s_fault_raises_the_same_at_the_same_place(
    tmp_path: Path, runtimes: tuple[Runtime, ...]
) -> None:
    text = BROKEN.replace("data.use_auto_smooth = True", "name").replace("def register", HELPER + "def register", 1)
    repo = checkout(tmp_path / "repo", {"two.py": text})
    line = next(number for number, row in enumerate(text.splitlines(), 1) if "no_such_scale" in row)
    log = tmp_path / "log.txt"
    log.write_text(
        f'Traceback (most recent call last):\n  File "/home/me/addons/two.py", line {line}, in scaled\n'
        "    return mesh.no_such_scale * factor\nAttributeError: 'Mesh' object has no attribute 'no_such_scale'\n"
    )
    report, _ = run(repo, "--log", str(log))
    (one,) = report["reproducers"]
    assert (one["exception"], one["place"], one["confirmed"]) == ("AttributeError", f"two.py:{line}", True), one
    assert one["before"]["said"].startswith(f"AttributeError at two.py:{line}, as expected")


HELPER = "def scaled(mesh, factor):\n    return mesh.no_such_scale * factor\n"


@pytest.mark.parametrize("wanted", [False, True])
def test_a_repaired_fault_is_proposed_as_a_test_in_the_repository_s_style(
    wanted: bool, tmp_path: Path, runtimes: tuple[Runtime, ...]
) -> None:
    files = {"two.py": BROKEN, "tests/test_names.py": TESTS}
    if wanted:
        files["bcrag.toml"] = "tests_in_patch = true\n"
    repo = checkout(tmp_path / "repo", files)
    report, bundle = run(repo)
    assert report["status"] == "repaired"
    (test,) = report["proposed_tests"]
    (one,) = report["reproducers"]
    assert (test["path"], test["style"], test["in_patch"]) == ("tests/test_repaired.py", "unittest", wanted)
    assert one["test"] == "tests/test_repaired.py::test_object_two"
    proposed = bundle / "proposed_tests" / test["path"]
    assert proposed.read_text(encoding="utf-8") == test["text"]
    assert "class TestRepaired(unittest.TestCase):" in test["text"] and "two.register()" in test["text"]
    assert (test["path"] in report["patch"]["files"]) is wanted
    module = python(runtimes, RELEASE)
    assert module is not None
    (repo / test["path"]).write_text(test["text"], encoding="utf-8")
    suite = [module, "-c", SUITE]
    assert typed(suite, repo)[0] == 1
    if wanted:
        (repo / test["path"]).unlink()
    git(repo, "apply", str(bundle / "patch.diff"))
    status, said = typed(suite, repo)
    assert status == 0, said
