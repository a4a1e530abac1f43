"""A patch and the pull request it would be again."""

from __future__ import annotations

from pathlib import Path

import pytest

import bundled
import octokit
from bot.host.values import Pull
from bot.patches import to_patch
from bot.publishing.sameness import same
from hub import Hub
from repositories import Repository

PATH = "kiln/__init__.py"
LATER = bundled.INIT.replace("import bpy\n", "import bpy\nimport math\n\nNAMES = ()\n")
"""The file some weeks later: what is wrong stands some lines further down."""


def hunks(diff: bytes) -> str:
    """A file's part of a diff as GitHub gives it."""
    return diff[diff.index(b"@@") :].decode().removesuffix("\n")


@pytest.fixture(scope="module")
def theirs(repository: Repository) -> str:
    """What the pull request changes."""
    return hunks(bundled.diff(repository, {PATH: bundled.REPAIRED}))


def asked(hub: Hub, folder: Path, before: str, after: str, *shown: dict[str, str]) -> bool:
    """Whether a patch from one text of the file to another is the same as a pull request with these files."""
    patch = to_patch(bundled.diff(bundled.repository(folder, {PATH: before}), {PATH: after}))
    pull = Pull.model_validate({**octokit.example("pull-request"), "number": 77})
    hub.give("GET", "pulls/77/files", [{"status": "modified", **each} for each in shown], times=1)
    return same(hub.client(), pull, patch)


def test_the_same_lines_are_the_same_wherever_they_stand(hub: Hub, theirs: str, tmp_path: Path) -> None:
    after = LATER.replace("mesh.use_auto_smooth = True", "mesh.shade_smooth()")
    assert asked(hub, tmp_path, LATER, after, {"filename": PATH, "patch": theirs})


@pytest.mark.parametrize(
    "after", [bundled.REPAIRED + "\n# more\n", bundled.INIT.replace("smooth = True", "smooth = 1"), bundled.INIT + "\n"]
)
def test_other_lines_are_other_changes(hub: Hub, theirs: str, after: str, tmp_path: Path) -> None:
    assert not asked(hub, tmp_path, bundled.INIT, after, {"filename": PATH, "patch": theirs})


def test_so_are_the_same_lines_of_other_files(hub: Hub, theirs: str, tmp_path: Path) -> None:
    mine, other = {"filename": PATH, "patch": theirs}, {"filename": "kiln/glaze.py", "patch": theirs}
    assert not asked(hub, tmp_path / "elsewhere", bundled.INIT, bundled.REPAIRED, other)
    assert not asked(hub, tmp_path / "more", bundled.INIT, bundled.REPAIRED, mine, other)


def test_what_github_shows_no_lines_of_is_told_by_its_path(hub: Hub, tmp_path: Path) -> None:
    assert asked(hub, tmp_path, bundled.INIT, bundled.REPAIRED, {"filename": PATH})
