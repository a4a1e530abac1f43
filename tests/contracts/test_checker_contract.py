"""Every type checker: finds what is wrong at its place, and takes no order from the code it reads."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.models.release import Release
from bot.sandbox.base import Limits, Sandbox
from bot.validators.types.base import Checker, Copied
from bot.validators.types.mypy import Mypy
from bot.validators.types.pyright import Pyright
from bot.validators.types.ty import Ty
from checked import unpacked

R45 = Release(4, 5)
Make = Callable[[Sandbox, Limits], Checker]
CHECKERS: tuple[tuple[str, Make], ...] = (
    ("ty", lambda sandbox, limits: Ty(sandbox, limits)),
    ("mypy", lambda sandbox, limits: Mypy(sandbox, limits)),
    ("pyright", lambda sandbox, limits: Pyright(sandbox, limits)),
)
LIMITS = Limits(seconds=240, memory_bytes=4 * 1024**3, file_bytes=16 * 1024**2, processes=64)
CODE = "import bpy\n\ndef f(mesh: bpy.types.Mesh) -> None:\n    'abc'; mesh.no_such_thing\n"
PLUGIN = """\
import pathlib, sys
pathlib.Path({mark!r}).write_text("ran")
print("evil", file=sys.stderr)
def plugin(version):
    raise SystemExit(3)
"""


@pytest.fixture(params=CHECKERS, ids=[name for name, _ in CHECKERS])
def make(request: pytest.FixtureRequest) -> Make:
    return request.param[1]


def copied(folder: Path, files: dict[str, str]) -> Copied:
    copy, work = folder / "copy", folder / "work"
    for name, text in files.items():
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        (copy / name).write_text(text, encoding="utf-8")
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    folder.chmod(0o755)
    return Copied(copy, tuple(sorted(name for name in files if name.endswith(".py"))), work, unpacked(R45), R45)


def hostile(mark: Path) -> dict[str, str]:
    """Every configuration a checker is known to look for, each of which silences it, and where it can runs code."""
    plugin = PLUGIN.format(mark=str(mark))
    found: dict[str, str] = {}
    for folder in ("", "addon/"):
        found |= {
            f"{folder}evil.py": plugin,
            f"{folder}mypy.ini": "[mypy]\nplugins = evil.py\nignore_errors = True\n",
            f"{folder}.mypy.ini": "[mypy]\nplugins = evil.py\nignore_errors = True\n",
            f"{folder}setup.cfg": "[mypy]\nplugins = evil.py\nignore_errors = True\n",
            f"{folder}pyproject.toml": (
                "[tool.mypy]\nplugins = ['evil.py']\nignore_errors = true\n"
                "[tool.ty.rules]\nall = 'ignore'\n"
                "[tool.pyright]\nignore = ['**']\n[tool.basedpyright]\nignore = ['**']\n"
            ),
            f"{folder}ty.toml": "[rules]\nall = 'ignore'\n",
            f"{folder}pyrightconfig.json": json.dumps({"ignore": ["**"], "venvPath": ".", "venv": "evil"}),
            f"{folder}sitecustomize.py": plugin,
            f"{folder}usercustomize.py": plugin,
            f"{folder}mypy.py": plugin,
            f"{folder}json.py": plugin,
            f"{folder}evil.pth": "import evil\n",
        }
    return found


def test_a_finding_has_its_place_and_nothing_the_repository_holds_changes_it(
    make: Make, sandbox: Sandbox, tmp_path: Path
) -> None:
    mark = tmp_path / "work" / "mark"
    header = "# /// script\n# [tool.ty.rules]\n# all = 'ignore'\n# ///\n# mypy: plugins=evil.py\n"
    ours = {"addon/__init__.py": "", "addon/a.py": CODE, "addon/b.py": header + CODE}
    checked = make(sandbox, LIMITS).check(copied(tmp_path, {**hostile(mark), **ours}))
    assert not mark.exists()
    found = [one for one in checked.findings if "no_such_thing" in one.message]
    assert checked.problem == ""
    assert sorted((one.path, one.line, one.end_line) for one in found) == [("addon/a.py", 4, 4), ("addon/b.py", 9, 9)]
    assert {one.column for one in found} <= {12, 17}, "the expression begins in column 12, the name in 17"


def test_out_of_time_is_an_outcome(make: Make, sandbox: Sandbox, tmp_path: Path) -> None:
    checked = make(sandbox, Limits(seconds=0.01)).check(copied(tmp_path, {"addon/a.py": CODE}))
    assert "did not end within" in checked.problem and checked.findings == ()
