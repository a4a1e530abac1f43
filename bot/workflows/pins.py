"""Which commit of the Action a workflow uses: the one this bot was installed from, or one that is named.

Nothing is asked of a network, and no tag or branch is believed: what stands behind one can be exchanged.
"""

from __future__ import annotations

import json
import re
from importlib import metadata
from pathlib import Path
from urllib.parse import unquote, urlsplit

from pydantic import ValidationError

from bot import __version__
from bot.workflows.answers import Pin
from indexer.git import text

BAD_PIN = "{text!r} is no pinned action; write OWNER/NAME@COMMIT, with all 40 digits of the commit"

_PIN = re.compile(r"(?P<repository>[^@\s]+)@(?P<commit>[0-9a-f]{40})(?:\s*#\s*(?P<version>\S+))?")
_ON_GITHUB = re.compile(
    r"(?:https://(?:[^/@]+@)?github\.com/|(?:ssh://)?git@github\.com[:/])(?P<name>[^/\s]+/[^/\s]+?)(?:\.git)?/?"
)


def pin(text: str) -> Pin:
    """`owner/name@commit`, with or without `# v1.2.3` behind it.

    Raises:
        ValueError: it is something else.
    """
    found = _PIN.fullmatch(text.strip())
    try:
        if found is not None:
            return Pin(repository=found["repository"], commit=found["commit"], version=found["version"] or _version())
    except ValidationError:
        pass
    raise ValueError(BAD_PIN.format(text=text[:120]))


def installed_from() -> Pin | None:
    """The commit this very bot was installed from, where that is on GitHub."""
    try:
        said = json.loads(metadata.distribution("bcrag").read_text("direct_url.json") or "null")
    except (metadata.PackageNotFoundError, OSError, ValueError):
        return None
    if not isinstance(said, dict):
        return None
    url, version_control = str(said.get("url", "")), said.get("vcs_info")
    if isinstance(version_control, dict):
        return _pinned(url, str(version_control.get("commit_id", "")))
    parts = urlsplit(url)
    return of_checkout(Path(unquote(parts.path))) if parts.scheme == "file" else None


def of_checkout(folder: Path) -> Pin | None:
    """The commit a checkout is at, if GitHub has it as far as the checkout knows."""
    commit = text(folder, "rev-parse", "--verify", "--quiet", "HEAD^{commit}")
    if not commit or not text(folder, "for-each-ref", "--count=1", "--contains", commit, "refs/remotes/origin"):
        return None
    return _pinned(text(folder, "config", "--get", "remote.origin.url"), commit)


def on_github(url: str) -> str:
    """Owner and name of a repository on GitHub, by the address of a remote; empty for any other."""
    found = _ON_GITHUB.fullmatch(url.strip())
    return found["name"] if found else ""


def _pinned(url: str, commit: str) -> Pin | None:
    try:
        return Pin(repository=on_github(url), commit=commit, version=_version())
    except ValidationError:
        return None


def _version() -> str:
    return f"v{__version__}"
