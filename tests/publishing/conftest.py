"""A GitHub for every module of tests here: the repository `owner/addon` with an add-on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import bundled
from hub import Hub, github
from repositories import Repository


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """What the hub's branch `main` has."""
    made = bundled.repository(tmp_path_factory.mktemp("repository"))
    (made.root / "link").symlink_to("README.md")
    made.git("add", "-A")
    made.git("commit", "-qm", "a link")
    return made


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory, repository: Repository) -> Iterator[Hub]:
    """A GitHub that has it."""
    with github(tmp_path_factory.mktemp("hub"), repository.root) as made:
        yield made
