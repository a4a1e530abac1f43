"""`bot check` without Blender: logs, formats, files and baselines, on real repositories."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from bot.cli import app
from bot.commands.common import MAX_STREAM, MAX_TEXT, _end, asked
from bot.errors import UsageError
from repositories import Repository

KILN = """\
bl_info = {"name": "Kiln", "blender": (3, 6, 0), "category": "Object"}
import bpy


def fire(mesh):
    mesh.glaze = True
"""
LOG = """\
Traceback (most recent call last):
  File "/home/u/.config/blender/4.2/scripts/addons/kiln/__init__.py", line 6, in fire
    mesh.glaze = True
AttributeError: 'Mesh' object has no attribute 'glaze'
"""
OTHER = """\
Traceback (most recent call last):
  File "/home/u/.config/blender/4.2/scripts/addons/kiln/__init__.py", line 2, in <module>
    import bpy
ImportError: no such thing
"""
Check = Callable[..., Result]


@pytest.fixture
def repo(tmp_path: Path) -> Repository:
    made = Repository(tmp_path / "checkout")
    made.write("kiln/__init__.py", KILN)
    made.git("add", "-A")
    made.git("commit", "-q", "-m", "kiln")
    return made


@pytest.fixture
def check(repo: Repository, tmp_path: Path) -> Check:
    def run(*arguments: str, log: str | bytes = "", stdin: str = "") -> Result:
        given = list(arguments)
        if log:
            file = tmp_path / "blender.log"
            file.write_bytes(log if isinstance(log, bytes) else log.encode())
            given += ["--log", str(file)]
        return CliRunner().invoke(app, ["check", str(repo.root), "--static", "--no-install", *given], input=stdin)

    return run


def faults(result: Result) -> Any:
    return json.loads(result.stdout)


def places(result: Result) -> list[str]:
    return [f"{fault['path']}:{fault['line']}" for fault in faults(result)]


def refused(result: Result) -> str:
    assert isinstance(result.exception, UsageError), result.output
    return str(result.exception)


def test_a_clean_code_says_what_to_do_next(check: Check) -> None:
    done = check()
    assert done.exit_code == 0
    assert "bot check kiln" in done.stdout.splitlines()[-1]


def test_a_log_has_its_place(check: Check) -> None:
    done = check("--format", "json", log=LOG.encode("utf-16"))
    assert done.exit_code == 1
    assert places(done) == ["kiln/__init__.py:6"]
    assert faults(done)[0]["release"] == "4.2"


def test_an_issue_comes_through_a_pipe(check: Check) -> None:
    assert places(check("--format", "json", "--issue-file", "-", stdin=LOG)) == ["kiln/__init__.py:6"]


def test_two_texts_do_not_come_through_one_pipe() -> None:
    with pytest.raises(UsageError, match="both"):
        asked(None, Path("-"), Path("-"))


def test_an_issue_is_task_and_log(tmp_path: Path) -> None:
    issue, log = tmp_path / "issue.md", tmp_path / "log"
    issue.write_text("It fails:\n" + LOG)
    log.write_bytes(OTHER.encode("utf-16"))
    told = asked("mend it", issue, log)
    assert told.task == "mend it\n\nIt fails:\n" + LOG
    assert told.log.index(OTHER) < told.log.index(LOG) < told.log.index("mend it")


def test_the_end_of_a_long_text_counts(tmp_path: Path) -> None:
    log = tmp_path / "log"
    for encoding in ("utf-8", "utf-16"):
        log.write_bytes(("Saved x\n" * 900_000 + LOG).encode(encoding))
        told = asked(None, None, log)
        assert told.log.endswith(LOG)
        assert len(told.log) <= MAX_TEXT


@pytest.mark.parametrize("name", ["nowhere.log", "."])
def test_a_log_that_is_not_there_is_an_error(name: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        asked(None, None, tmp_path / name)


def test_a_stream_without_end_is_read_no_further_than_needed() -> None:
    class Endless(io.RawIOBase):
        taken = 0

        def read(self, size: int = -1) -> bytes:
            self.taken += size
            return b"x" * size

    stream = Endless()
    assert len(_end(stream)) <= MAX_TEXT + 1  # type: ignore[arg-type]
    assert stream.taken <= MAX_STREAM + (1 << 20)


def test_text_in_a_pipe_is_a_line_a_fault(check: Check) -> None:
    # the log's release is not one that is looked at
    done = check("--blender", "5.0", log=LOG + OTHER)
    assert "Blender 4.2  2 faults" in done.stdout
    lines = [line for line in done.stdout.splitlines() if "kiln/__init__.py:" in line]
    assert ["static" in line and "Error" in line for line in lines] == [True, True]
    assert done.stdout.splitlines()[-1] == "2 faults. Repair what can be: bot run kiln"


@pytest.mark.parametrize("form", ["text", "json", "sarif", "github"])
def test_every_format_can_be_a_file(check: Check, tmp_path: Path, form: str) -> None:
    file = tmp_path / "out"
    done = check("--format", form, "--out", str(file), log=LOG)
    assert (done.exit_code, done.stdout) == (1, "")
    assert "kiln/__init__.py" in file.read_text()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["blender.log", "checkout", "out"]


def test_a_file_that_cannot_be_written_is_said_before_the_work(check: Check, tmp_path: Path) -> None:
    assert "no such folder" in refused(check("--out", str(tmp_path / "no" / "x")))
    assert "a folder" in refused(check("--out", str(tmp_path)))


def test_an_unknown_format_names_the_known_ones(check: Check) -> None:
    done = check("--format", "xml")
    assert done.exit_code == 2
    assert all(name in done.output for name in ("text", "json", "sarif", "github"))


def test_against_a_baseline_only_new_faults_count(check: Check, repo: Repository, tmp_path: Path) -> None:
    known = str(tmp_path / "known.json")
    assert check("--write-baseline", known, log=LOG).exit_code == 0
    assert check("--baseline", known, log=LOG).exit_code == 0
    # the lines move, and the fault with them
    repo.write("kiln/__init__.py", KILN.replace("import bpy\n", "import bpy\nimport bmesh\n\n"))
    repo.git("commit", "-qam", "more")
    moved = LOG.replace("line 6", "line 8")
    assert check("--baseline", known, log=moved).exit_code == 0
    done = check("--baseline", known, "--format", "json", log=moved + OTHER)
    assert done.exit_code == 1
    assert places(done) == ["kiln/__init__.py:2"]
    mended = check("--baseline", known)
    assert mended.exit_code == 0
    assert "1 fault of the baseline is gone:" in mended.stdout
    assert "Mesh.glaze" in mended.stdout
    assert f"bot check kiln --write-baseline {known}" in mended.stdout


def test_a_baseline_is_written_the_same_twice(check: Check, tmp_path: Path) -> None:
    one, other = tmp_path / "one.json", tmp_path / "other.json"
    check("--write-baseline", str(one), log=LOG + OTHER)
    check("--write-baseline", str(other), log=OTHER + LOG)
    assert one.read_bytes() == other.read_bytes()


def test_a_baseline_overwrites_nobody_elses_file(check: Check, repo: Repository) -> None:
    readme = repo.write("README.md", "# Kiln\n")
    assert "is there already" in refused(check("--write-baseline", str(readme), log=LOG))
    assert readme.read_text() == "# Kiln\n"


def test_a_baseline_that_is_none_is_an_error(check: Check, repo: Repository) -> None:
    assert "no baseline of bcrag" in refused(check("--baseline", str(repo.write("README.md", "# Kiln\n"))))
    assert "cannot be read" in refused(check("--baseline", "nowhere.json"))
    assert "two different wishes" in refused(check("--baseline", "a", "--write-baseline", "b"))


LOST = """\
bl_info = {"name": "Kiln", "blender": (3, 6, 0), "category": "Object"}
import bpy


def fire(context):
    scene = context.scene
    scene.render.engine = "BLENDER_EEVEE"
    bones = bpy.data.armatures["Kiln"].layers
    return bones


def guarded(mesh):
    if hasattr(mesh, "use_auto_smooth"):
        mesh.use_auto_smooth = True
"""


def test_the_code_alone_is_held_against_the_stubs_of_the_release(repo: Repository) -> None:
    repo.write("kiln/__init__.py", LOST)
    repo.git("commit", "-q", "-a", "-m", "As of 3.6")
    given = ["check", str(repo.root), "--static", "--blender", "4.5", "--format", "json"]
    found = {(fault["line"], fault["member"]): fault for fault in faults(CliRunner().invoke(app, given))}
    assert set(found) == {(7, "engine"), (8, "layers")}
    assert {fault["proof"] for fault in found.values()} == {"static"}
    assert found[7, "engine"]["rule"] == "RND101"
    assert found[8, "layers"]["source"] == "types"
    before = CliRunner().invoke(app, [*given[:4], "3.6", *given[5:]])
    assert (before.exit_code, faults(before)) == (0, [])
