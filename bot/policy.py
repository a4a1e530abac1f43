"""What a patch may touch. Rules, models and bundles all pass here."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from bot.models.addon import Addon
from bot.models.patch import Patch
from bot.patches import parse, path_of

_PROTECTED_PARTS = frozenset({".github", ".git", ".gitlab", ".circleci", ".bcrag", ".gitea", ".forgejo"})
_PROTECTED_NAMES = re.compile(
    r"(\.git.*|bcrag\.toml|pyproject\.toml|setup\.(py|cfg)|.*\.lock|package(-lock)?\.json|requirements.*\.txt|"
    r"\.travis\.yml|appveyor\.yml|azure-pipelines\.yml|jenkinsfile|dockerfile|makefile|tox\.ini|noxfile\.py)",
    re.IGNORECASE,
)
_SPECIAL = re.compile(
    r"^(?:(?:new|deleted) file mode|old mode|new mode|similarity index|rename |copy |GIT binary patch|"
    r"Binary files)",
    re.MULTILINE,
)

MAX_FILES = 200
MAX_LINES = 20_000


def objections(patch: Patch, addon: Addon) -> tuple[str, ...]:
    """Why this patch may not be used, one sentence each; empty when it may."""
    found: list[str] = []
    headers = "\n".join(line for line in patch.diff.split("\n") if line[:1] not in ("+", "-", " ", "@", "\\"))
    special = _SPECIAL.search(headers)
    if special:
        found.append(f"it adds, removes, renames or re-modes a file, or is binary ({special[0].strip()})")
    for name in (path_of(file, patch.encoding) for file in parse(patch.diff)):
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts:
            found.append(f"{name} leaves the repository")
        elif not addon.inside(name):
            found.append(f"{name} is outside the add-on {addon.path}")
        elif not _PROTECTED_PARTS.isdisjoint(path.parts) or _PROTECTED_NAMES.fullmatch(path.name):
            found.append(f"{name} is protected (CI, packaging or configuration)")
    if len(patch.files) > MAX_FILES:
        found.append(f"it changes {len(patch.files)} files; {MAX_FILES} is the limit")
    if patch.added + patch.removed > MAX_LINES:
        found.append(f"it changes {patch.added + patch.removed} lines; {MAX_LINES} is the limit")
    return tuple(found)
