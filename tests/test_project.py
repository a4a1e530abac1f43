"""The project as a whole: versions, licence, the README's commands, the entry points, how fast help is."""

from __future__ import annotations

import importlib
import re
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import pytest

import bot

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^```sh\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def test_the_version_is_the_same_everywhere() -> None:
    newest = re.search(r"^## \[(\d+\.\d+\.\d+)\]", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert newest, "CHANGELOG.md names no version; write `## [0.1.0] - YYYY-MM-DD`"
    assert PROJECT["version"] == bot.__version__ == newest[1]


def test_the_licence_is_the_one_that_is_named() -> None:
    head = " ".join((ROOT / "LICENSE").read_text(encoding="utf-8")[:200].split())
    assert head.startswith("GNU GENERAL PUBLIC LICENSE Version 3")
    assert PROJECT["license"] == "GPL-3.0-or-later"


def test_the_readme_opens_with_two_commands() -> None:
    assert len(COMMANDS) >= 2, "README.md needs two ```sh blocks: one that repairs an example, one that runs the tests"
    assert "bot run examples/" in COMMANDS[0]
    assert COMMANDS[1].rstrip().endswith("pytest")


def test_the_examples_of_the_readme_exist() -> None:
    for named in re.findall(r"\bexamples/(\w+)", README):
        assert (ROOT / "examples" / named / "__init__.py").is_file(), f"README.md names examples/{named}"


def test_continuous_integration_runs_the_readmes_own_command() -> None:
    done = subprocess.run([ROOT / ".ci" / "run", "--show"], capture_output=True, text=True, check=True)
    assert done.stdout == COMMANDS[1], ".ci/run must take its command from the README, not carry a copy"


@pytest.mark.parametrize("name", sorted(PROJECT["scripts"]))
def test_every_entry_point_can_be_imported(name: str) -> None:
    module, _, function = PROJECT["scripts"][name].partition(":")
    assert callable(getattr(importlib.import_module(module), function))


def test_help_is_there_before_a_person_waits() -> None:
    """Under 0.4 s. The best of five counts: other work on the machine only ever adds time."""
    seconds = []
    for _ in range(5):
        start = time.perf_counter()
        done = subprocess.run([sys.executable, "-m", "bot", "--help"], capture_output=True, text=True, cwd=ROOT)
        seconds.append(time.perf_counter() - start)
        assert done.returncode == 0, done.stderr
        if seconds[-1] < 0.4:
            break
    assert min(seconds) < 0.4, f"bot --help took {min(seconds):.2f} s; `python -X importtime -m bot --help` says why"


def test_nothing_heavy_is_imported_to_show_the_help() -> None:
    code = "import sys, bot.cli; print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    heavy = {"langgraph", "langchain_core", "libcst", "git", "sqlite3", "jinja2", "pygments"} & set(done.stdout.split())
    assert not heavy, f"importing bot.cli loads {', '.join(sorted(heavy))}: import it inside the function that needs it"
