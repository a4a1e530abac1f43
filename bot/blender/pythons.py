"""Finding the Python a `bpy` wheel needs: its minor version exactly."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.cache import cache_root, python_folder
from bot.errors import MissingError

_ASK_SECONDS = 10
_FETCH_SECONDS = 600
_QUESTION = """
import importlib.util, json, os, sys
base = os.path.realpath(sys.base_prefix)
print(json.dumps({
    "version": sys.version_info[:2], "base": base, "executable": os.path.realpath(sys.executable),
    "pip": importlib.util.find_spec("ensurepip") is not None,
    "venv": importlib.util.find_spec("venv") is not None,
}))
"""


@dataclass(frozen=True)
class Python:
    """A Python installation (no virtual environment). `seeds_pip`: its `venv` can put pip into what it makes."""

    executable: Path
    version: tuple[int, int]
    seeds_pip: bool


def find_python(version: tuple[int, int], *, cache: Path | None = None) -> Python | None:
    """A Python of this minor version on this machine, or in bcrag's cache.

    Each candidate is asked what it is: a version manager's stand-in can have the name and be another.
    """
    asked: set[Path] = set()
    without_pip: Python | None = None
    for candidate in _candidates(version, cache or cache_root()):
        if candidate in asked or not os.access(candidate, os.X_OK):
            continue
        asked.add(candidate)
        found = _ask(candidate)
        if found is None or found.version != version:
            continue
        if found.seeds_pip:
            return found
        without_pip = without_pip or found
    return without_pip


def fetch_python(version: tuple[int, int], *, cache: Path | None = None) -> Python:
    """Fetch a Python (about 30 MB) into the cache through uv.

    Raises:
        MissingError: uv is absent or cannot fetch it.
    """
    text = f"{version[0]}.{version[1]}"
    folder = python_folder(root=cache)
    uv = uv_binary()
    if uv is None:
        raise MissingError(f"No Python {text} was found, and uv, which could fetch it, is absent.", cure(version))
    environment = {**os.environ, "UV_PYTHON_INSTALL_BIN": "0"}
    try:
        answer = subprocess.run(
            [uv, "python", "install", text, "--install-dir", str(folder)],
            cwd=folder,  # not the checkout: uv would read a stranger's configuration there
            capture_output=True,
            timeout=_FETCH_SECONDS,
            check=False,
            env=environment,
            umask=0o022,
        )
        said = answer.stderr.decode("utf-8", "replace").strip()
    except (OSError, subprocess.TimeoutExpired) as error:
        said = str(error)
    found = find_python(version, cache=cache)
    if found is None:
        last = said.splitlines()[-1][:300] if said else "it said nothing"
        raise MissingError(f"No Python {text} was found, and uv could not fetch it: {last}", cure(version))
    return found


def uv_binary() -> str | None:
    """The uv that came with bcrag, or null."""
    try:
        from uv import find_uv_bin

        return str(find_uv_bin())
    except (ImportError, FileNotFoundError):
        return None


def cure(version: tuple[int, int]) -> str:
    """What to type to get such a Python."""
    text = f"{version[0]}.{version[1]}"
    return f"Install Python {text}: `uv python install {text}`, or apt-get install python{text} python{text}-venv."


def _candidates(version: tuple[int, int], cache: Path) -> Iterator[Path]:
    name = f"python{version[0]}.{version[1]}"
    if sys.version_info[:2] == version:
        yield Path(sys.executable)
    for folder in os.get_exec_path():
        if Path(folder).is_absolute():
            yield Path(folder, name)
    home = os.path.expanduser("~")  # noqa: PTH111  (it does not raise without a home)
    pyenv = Path(os.environ.get("PYENV_ROOT") or f"{home}/.pyenv")
    text = f"{version[0]}.{version[1]}"
    yield from _newest(pyenv / "versions", f"{text}.*", name)
    stores = (
        cache / "python",
        Path(os.environ.get("UV_PYTHON_INSTALL_DIR") or f"{home}/.local/share/uv/python"),
    )
    for store in stores:
        yield from _newest(store, f"cpython-{text}.*", name)


def _newest(folder: Path, pattern: str, name: str) -> Iterator[Path]:
    try:
        found = sorted(folder.glob(pattern), key=lambda entry: (len(entry.name), entry.name), reverse=True)
    except OSError:
        return
    yield from (entry / "bin" / name for entry in found)


def _ask(candidate: Path) -> Python | None:
    try:
        answer = subprocess.run(
            [str(candidate), "-I", "-c", _QUESTION],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_ASK_SECONDS,
            check=False,
        )
        said = json.loads(answer.stdout)
        if not said["venv"]:
            return None
        major, minor = said["version"]
        base = Path(said["base"])
        own = [base / "bin" / f"python{major}.{minor}", base / "bin" / "python3", Path(said["executable"])]
        executable = next(path for path in own if path.is_file())
    except (OSError, subprocess.TimeoutExpired, ValueError, KeyError, TypeError, StopIteration):
        return None
    return Python(executable.resolve(), (major, minor), bool(said["pip"]))
