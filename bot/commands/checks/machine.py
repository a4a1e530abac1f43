"""Python, git, the cache, room on the disk."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

from bot.commands.checks.base import Check, attempt
from bot.errors import BcragError


def python() -> Check:
    """Whether this Python is one bcrag is made for."""
    version = ".".join(map(str, sys.version_info[:3]))
    return Check("Python", (3, 11) <= sys.version_info[:2] <= (3, 13), version, "Use Python 3.11, 3.12 or 3.13.")


def git() -> Check:
    """Whether git starts."""
    found = shutil.which("git")
    if found is None:
        return Check("git", ok=False, found="not found", cure="apt-get install git")
    answer = subprocess.run([found, "--version"], capture_output=True, text=True, check=False, timeout=10)
    version = answer.stdout.strip().removeprefix("git version ")
    return Check("git", answer.returncode == 0, version, "apt-get install git")


def cache() -> Check:
    """Whether what is downloaded and remembered can be kept."""
    from bot.cache import cache_root, known_folder

    def writable() -> str:
        folder = known_folder()
        if not os.access(folder, os.W_OK):
            raise BcragError(f"{folder} cannot be written to.", "Name another with BCRAG_CACHE_DIR=FOLDER.")
        return str(cache_root())

    return attempt("cache", writable)


def disk(*, needed: bool) -> Check:
    """Whether another Blender would fit; `needed` where there is none yet."""
    from bot.blender.releases import MEBIBYTE, WHEELS, wheel
    from bot.cache import cache_root

    most = max(one.needed_bytes for release in WHEELS if (one := wheel(release)))
    folder = next(path for path in (cache_root(), *cache_root().parents) if path.is_dir())
    free = shutil.disk_usage(folder).free
    return Check(
        "disk space",
        free >= most,
        f"{free // MEBIBYTE:,} MB free in {folder}, a release needs {most // MEBIBYTE:,} MB",
        "bot blender remove --unused, or set BCRAG_CACHE_DIR",
        needed=needed,
    )
