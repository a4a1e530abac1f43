"""pytest for the tests of repositories: one version, in a folder of the cache, fetched when it is first needed.

It is in no Blender and need not be in bcrag's own environment. All of it is plain Python for 3.9 and later, the same
for every Blender from 2.93 on; each package must have the hash written here. It runs in the sandbox only.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from bot.blender.pythons import uv_binary
from bot.cache import subfolder
from bot.errors import MissingError

LOCK = """\
exceptiongroup==1.2.2 --hash=sha256:3111b9d131c238bec2f8f516e123e14ba243563fb135d3fe885990585aa7795b
iniconfig==2.1.0 --hash=sha256:9deba5723312380e77435581c6bf4935c94cbfab9b1ed33ef8d238ea168eb760
packaging==25.0 --hash=sha256:29572ef2b1f17581046b3a2227d5c611fb25ec70ca1ba8554b24b0e69331a484
pluggy==1.6.0 --hash=sha256:e920276dd6813095e9377c0bc5566d94c932c33b27a3e3945d8389c374dd4746
pygments==2.19.2 --hash=sha256:86540386c03d588bb81d44bc3928634ff26449851e99741617ecb9037ee5ec0b
pytest==8.4.2 --hash=sha256:872f880de3fc3a5bdc88a11b39c9710c3497a547cfa9320bc3c5e62fbf272e79
tomli==2.0.1 --hash=sha256:939de3e7a6161af0c887ef91b7d41a53e7c5a1ca976325f429cb46ea9bc30ecc
"""
_SECONDS = 180
_NOT_PASSED_ON = ("PYTHONPATH", "PYTHONHOME", "PIP_TARGET", "PIP_PREFIX", "PIP_USER", "PIP_REQUIRE_VIRTUALENV")


def pytest_folder(*, install: bool, cache: Path | None = None) -> Path | None:
    """The folder, fetched (3 MB) where it is not there and may be; null where it cannot be had.

    Whoever asks meanwhile in another process gets the whole folder or none.
    """
    with contextlib.suppress(MissingError):
        parent = subfolder("pytest", root=cache)
        folder = parent / hashlib.sha256(LOCK.encode()).hexdigest()[:16]
        if not folder.is_dir() and install:
            _fetch(parent, folder)
        return folder if folder.is_dir() else None
    return None


def _fetch(parent: Path, folder: Path) -> None:
    building = Path(tempfile.mkdtemp(prefix=".new-", dir=parent))
    try:
        lock, target = building / "lock", building / "packages"
        lock.write_text(LOCK, encoding="utf-8")
        if not any(_ran([*command, "--requirement", str(lock)], building) for command in _ways(target)):
            return
        target.chmod(0o755)
        with contextlib.suppress(OSError):  # another process was faster, and its folder is as good
            target.rename(folder)
    finally:
        shutil.rmtree(building, ignore_errors=True)


def _ways(target: Path) -> tuple[list[str], ...]:
    """How to install it: by pip, which reads the user's configuration of it; by uv, where there is no pip."""
    exact = ["install", "--require-hashes", "--no-deps", "--only-binary", ":all:", "--target", str(target)]
    pip = [sys.executable, "-I", "-m", "pip", "--disable-pip-version-check", "--no-input", *exact, "--no-compile"]
    uv = uv_binary()
    return (pip,) if uv is None else (pip, [uv, "pip", *exact, "--python", sys.executable])


def _ran(command: list[str], folder: Path) -> bool:
    environment = {name: value for name, value in os.environ.items() if name not in _NOT_PASSED_ON}
    try:
        done = subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, timeout=_SECONDS, check=False, umask=0o022
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
