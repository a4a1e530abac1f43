from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.models.addon import Addon, AddonKind
from bot.models.validation import Observation, Outcome
from bot.sandbox.base import Command, Finished, Sandbox
from bot.sandbox.bubblewrap import Bubblewrap
from bot.sandbox.plain import Plain
from bot.validators.base import Subject
from bot.validators.compare import difference
from bot.validators.ruff import RuffValidator

BROKEN = b"import os\nimport bpy\n\n\ndef f():\n    return bpy.data, undefined_name\n"


@pytest.fixture(params=["bubblewrap", "none"])
def sandbox(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    if request.param == "none":
        yield Plain()
    elif shutil.which("bwrap") is None:
        pytest.skip("bubblewrap is not installed (Debian: apt install bubblewrap)")
    else:
        yield Bubblewrap.find()


def observe(sandbox: Sandbox, folder: Path, files: dict[str, bytes]) -> Observation:
    root, work = folder / "root", folder / "work"
    for path, data in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(data)
    work.mkdir(parents=True)
    addon = Addon(
        path="addon", module="addon", kind=AddonKind.LEGACY, single_file=False, name="A", declared_minimum=None,
        files=tuple(files),
    )  # fmt: skip
    python = {path: data for path, data in files.items() if path.endswith(".py")}
    (observation,) = RuffValidator(sandbox).observe(Subject(root, work, addon, python))
    return observation


def test_findings_are_failing_checks(sandbox: Sandbox, tmp_path: Path) -> None:
    seen = observe(sandbox, tmp_path, {"addon/__init__.py": BROKEN})
    assert seen.reached, seen.note
    assert seen.findings_only
    found = {check.fault.message.split(":")[0]: check.fault for check in seen.checks if check.fault}
    assert {code: fault.place for code, fault in found.items()} == {
        "F401": "addon/__init__.py:1",
        "F821": "addon/__init__.py:6",
    }
    assert all(check.outcome is Outcome.FAIL for check in seen.checks)


def test_a_finding_keeps_its_id_when_lines_move(tmp_path: Path) -> None:
    before = observe(Plain(), tmp_path / "a", {"addon/a.py": BROKEN})
    after = observe(Plain(), tmp_path / "b", {"addon/a.py": b"# one\n# two\n" + BROKEN + b"\n\nnew_finding\n"})
    change = difference(before, after)
    assert len(change.broken) == 1
    assert "F821" in change.broken[0]
    assert not change.fixed


def test_a_finding_keeps_its_id_when_its_line_is_rewritten(tmp_path: Path) -> None:
    before = observe(Plain(), tmp_path / "a", {"addon/a.py": b"def f(ob):\n    ob.draw_type = missing\n"})
    after = observe(Plain(), tmp_path / "b", {"addon/a.py": b"def f(ob):\n    ob.display_type = missing\n"})
    assert not difference(before, after).broken
    more = observe(Plain(), tmp_path / "c", {"addon/a.py": b"def f(ob):\n    missing.display_type = missing\n"})
    assert len(difference(before, more).broken) == 1


def test_equal_lines_are_told_apart(tmp_path: Path) -> None:
    seen = observe(Plain(), tmp_path, {"addon/a.py": b"missing\nmissing\n"})
    assert len({check.id for check in seen.checks}) == 2


def test_the_repository_configures_nothing(tmp_path: Path) -> None:
    seen = observe(
        Plain(),
        tmp_path,
        {
            "addon/a.py": b"# ruff: noqa\nmissing  # noqa\n",
            "ruff.toml": b'extend-exclude = ["addon"]\n[lint]\nignore = ["F821"]\n',
            "pyproject.toml": b'[tool.ruff]\nrequired-version = "0.0.1"\n',
        },
    )
    assert [check.fault.line for check in seen.checks if check.fault] == [2]


def test_annotated_properties_are_no_findings(tmp_path: Path) -> None:
    code = b"""import bpy
from bpy.props import StringProperty


class Op(bpy.types.Operator):
    text: StringProperty(name="Some text", description="not a name, at all")
    mode: bpy.props.EnumProperty(items=[("A", "First one", ""), ("B", "Second", "")], default="A")
"""
    assert observe(Plain(), tmp_path, {"addon/a.py": code}).checks == ()


def test_a_syntax_error_is_found(tmp_path: Path) -> None:
    seen = observe(Plain(), tmp_path, {"addon/a.py": b"def f(:\n    pass\n"})
    assert seen.reached
    assert seen.checks[0].fault is not None
    assert seen.checks[0].fault.line == 1


def test_names_of_files_are_only_names(tmp_path: Path) -> None:
    files = {"addon/--fix.py": b"missing\n", "addon/a b$(x).py": b"missing\n", "addon/@list.py": b"missing\n"}
    seen = observe(Plain(), tmp_path, files)
    assert sorted(check.fault.path for check in seen.checks if check.fault) == sorted(files)


def test_no_files_no_run(tmp_path: Path) -> None:
    assert observe(Plain(), tmp_path, {}).checks == ()


class Broken:
    """A sandbox whose command ends as it is told."""

    name = "broken"

    def __init__(self, status: int | None) -> None:
        self.status = status

    def run(self, command: Command) -> Finished:
        return Finished(self.status, "", 0.0)


@pytest.mark.parametrize("status", [None, -9, 2, 0])
def test_a_ruff_that_does_not_answer_is_said_so(tmp_path: Path, status: int | None) -> None:
    seen = observe(Broken(status), tmp_path, {"addon/a.py": b"x = 1\n"})
    assert not seen.reached
    assert "ruff could not look" in seen.note
    assert seen.checks == ()
