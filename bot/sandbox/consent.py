"""Running one's own add-on without a sandbox: asked once for a checkout, and remembered for it.

The answer lies in the user's own state folder, never in the checkout, and belongs to the folder it was
given for: not to another one that takes its place under the same name.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import stat
import sys
from collections.abc import Mapping
from pathlib import Path

CI_VARIABLES = (
    "CI",
    "CONTINUOUS_INTEGRATION",
    "GITHUB_ACTIONS",
    "GITLAB_CI",
    "BUILDKITE",
    "TF_BUILD",
    "TEAMCITY_VERSION",
    "JENKINS_URL",
    "BUILD_NUMBER",
    "CODEBUILD_BUILD_ID",
)
"""What services that run other people's changes set; any of them, whatever its value but false."""
_NO = frozenset({"", "0", "false", "no"})


def may_ask(checkout: Path, environment: Mapping[str, str] | None = None, *, terminal: bool | None = None) -> bool:
    """Whether there is a person to ask, and the checkout is theirs: on a terminal, not in CI, not as root.

    As root there is nothing left that would hold an add-on back.
    """
    variables = os.environ if environment is None else environment
    if any(variables.get(name, "").lower() not in _NO for name in CI_VARIABLES):
        return False
    if terminal is None:
        terminal = sys.stdin.isatty() and sys.stderr.isatty()
    return terminal and os.geteuid() != 0 and is_own(checkout)


def is_own(checkout: Path) -> bool:
    """Whether the folder, and its `.git`, belong to the user and nobody else may write there."""
    try:
        found = [checkout.stat(), *((checkout / ".git").lstat() for _ in range((checkout / ".git").exists()))]
    except OSError:
        return False
    return all(one.st_uid == os.geteuid() and not one.st_mode & (stat.S_IWGRP | stat.S_IWOTH) for one in found)


def remembered(checkout: Path, *, folder: Path | None = None) -> bool | None:
    """The answer given for this checkout, or null: nobody was asked."""
    try:
        file = _file(checkout, folder)
        if file.is_symlink() or file.stat().st_uid != os.geteuid():
            return None
        kept = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if not isinstance(kept, dict) or kept.get("checkout") != _identity(checkout):
        return None
    answer = kept.get("without_sandbox")
    return answer if isinstance(answer, bool) else None


def remember(checkout: Path, *, without_sandbox: bool, folder: Path | None = None) -> Path | None:
    """Keep an answer; the file it is kept in, to be removed by whoever wants to be asked again."""
    kept = {"checkout": _identity(checkout), "without_sandbox": without_sandbox}
    with contextlib.suppress(OSError):  # then the question comes again
        file = _file(checkout, folder)
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = file.with_suffix(f".{os.getpid()}")
        draft.write_text(json.dumps(kept), encoding="utf-8")
        draft.replace(file)
        return file
    return None


def _file(checkout: Path, folder: Path | None) -> Path:
    name = hashlib.sha256(os.fsencode(checkout.resolve())).hexdigest()[:20]
    return (folder or _state()) / "sandbox" / f"{name}.json"


def _state() -> Path:
    import platformdirs

    return platformdirs.user_state_path("bcrag")


def _identity(checkout: Path) -> list[object]:
    status = checkout.stat()
    return [str(checkout.resolve()), status.st_dev, status.st_ino]
