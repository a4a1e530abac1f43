"""The script that installs bcrag on a runner, with the real pip, beside code of a stranger."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
BUILDING = ("hatchling", "packaging", "pathspec", "pluggy", "tomlkit", "trove-classifiers")
"""What building a package takes; of the rest the project is made of, nothing is needed here."""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A package as small as can be, with the project's own script and the project's own hashes."""
    folder = tmp_path / "project"
    (folder / "action").mkdir(parents=True)
    shutil.copy(ROOT / "action/install", folder / "action")
    locked = (ROOT / "action/requirements.txt").read_text("utf-8")
    entries = re.findall(r"^([a-z0-9.-]+)==((?:.*\\\n)*.*\n)", locked, re.M)
    chosen = [f"{name}=={rest}" for name, rest in entries if name in BUILDING]
    assert len(chosen) == len(BUILDING)
    (folder / "action/requirements.txt").write_text("".join(chosen), encoding="utf-8")
    (folder / "bot.py").write_text("def main() -> None:\n    print('bot 1')\n", encoding="utf-8")
    (folder / "pyproject.toml").write_text(
        textwrap.dedent("""\
            [build-system]
            requires = ["hatchling"]
            build-backend = "hatchling.build"
            [project]
            name = "bot"
            version = "1"
            [project.scripts]
            bot = "bot:main"
            [tool.hatch.build.targets.wheel]
            include = ["bot.py"]
            """),
        encoding="utf-8",
    )
    return folder


def install(project: Path, where: Path, tmp_path: Path) -> subprocess.CompletedProcess[str]:
    command = [project / "action/install", sys.executable, tmp_path / "environment", tmp_path / "wheels"]
    return subprocess.run(command, cwd=where, capture_output=True, text=True, check=False)


def test_nothing_in_the_folder_it_is_called_in_is_run(project: Path, tmp_path: Path) -> None:
    checkout = tmp_path / "checkout"
    checkout.mkdir()
    mark = tmp_path / "owned"
    for name in ("venv", "pip", "ensurepip", "logging", "shutil", "bot", "hatchling", "sitecustomize"):
        (checkout / f"{name}.py").write_text(f"open({str(mark)!r}, 'a').write({name!r})\n", encoding="utf-8")
    done = install(project, checkout, tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip().endswith("bot 1")
    assert not mark.exists(), mark.read_text("utf-8")


def test_a_package_from_the_cache_that_is_another_is_fetched_again(project: Path, tmp_path: Path) -> None:
    assert install(project, tmp_path, tmp_path).returncode == 0
    wheels = sorted((tmp_path / "wheels").glob("pluggy-*.whl"))
    assert len(wheels) == 1
    wheels[0].write_bytes(wheels[0].read_bytes() + b"more")
    done = install(project, tmp_path, tmp_path)
    assert done.returncode == 0 and done.stdout.strip().endswith("bot 1"), done.stderr
    assert not wheels[0].read_bytes().endswith(b"more")
