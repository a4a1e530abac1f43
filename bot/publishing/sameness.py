"""Whether a pull request makes the very changes a patch makes, wherever in the files they stand by now."""

from __future__ import annotations

from bot.host.github import GitHub
from bot.host.values import Pull
from bot.models.patch import Patch
from bot.patches import parse, path_of


def same(host: GitHub, pull: Pull, patch: Patch) -> bool:
    """Whether both take away and add the same lines of the same files.

    Raises:
        HostError: GitHub does not say what the pull request changes.
    """
    theirs = {file.path: _of_page(file.patch) for file in host.pull_files(pull.number)}
    ours = _of_patch(patch)
    # of what is too large to be shown GitHub gives no lines, and a person has closed it all the same
    return theirs.keys() == ours.keys() and all(not lines or lines == ours[path] for path, lines in theirs.items())


def _of_page(hunks: str) -> list[str]:
    return [row for row in hunks.split("\n") if row.startswith(("+", "-"))]


def _of_patch(patch: Patch) -> dict[str, list[str]]:
    return {
        path_of(file, patch.encoding): [
            row.line_type + row.value.removesuffix("\n")
            for hunk in file
            for row in hunk
            if row.is_added or row.is_removed
        ]
        for file in parse(patch.diff)
    }
