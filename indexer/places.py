"""Where things are kept: in the user's cache, never in a checkout, where a stranger could have put them."""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path

import platformdirs

RELEASE = re.compile(r"\d{1,2}\.\d{1,3}", re.ASCII)
"""How a Blender release is written."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}", re.ASCII)

VARIABLE = "BCRAG_CACHE_DIR"
_FOR_ROOT = Path("/var/cache/bcrag")


def cache_root() -> Path:
    """The cache's folder (it need not exist): `$BCRAG_CACHE_DIR`, else the user's cache folder.

    For root it is `/var/cache/bcrag`: root's home is closed to the unprivileged user a sandbox
    runs as.
    """
    named = os.environ.get(VARIABLE)
    if named:
        return Path(named).expanduser().absolute()
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        return _FOR_ROOT
    return Path(platformdirs.user_cache_dir("bcrag", appauthor=False))


def stubs_folder(cache: Path) -> Path:
    """The API tables read from stubs, one file per release."""
    return cache / "stubs"


def known_folder(cache: Path) -> Path:
    """What real Blenders said of their API, one file per version."""
    return cache / "known"


def api_name(name: str) -> bool:
    """Whether documentation can be named so: a release, or a word a site was given."""
    return _NAME.fullmatch(name) is not None


def index_folder(cache: Path) -> Path:
    """The indexes that are files."""
    return cache / "index"


def api_index(cache: Path, release: str) -> Path:
    """The index of a release's API, where indexes are files."""
    return index_folder(cache) / f"api-{release}.sqlite"


def code_index(cache: Path, root: Path) -> Path:
    """The index of a checkout, where indexes are files."""
    return index_folder(cache) / f"{code_name(root)}.sqlite"


def code_name(root: Path, machine: str = "") -> str:
    """What the index of a checkout is called: after it, told apart by where it lies, and on which machine."""
    name = re.sub(r"[^A-Za-z0-9_-]+", "-", root.name).strip("-")[:40] or "repository"
    place = f"{machine}\0".encode() if machine else b""
    return f"{name}-{hashlib.sha256(place + os.fsencode(root)).hexdigest()[:12]}"
