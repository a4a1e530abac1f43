"""A GitHub for each module of tests of errands; each test has issues of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from hub import github
from repositories import Repository
from world import Limits, World


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """It is the same for all tests of a module: it takes no more than so many requests an hour."""
    folder = tmp_path_factory.mktemp("errands")
    repository = Repository(folder / "repository")
    repository.write("addon/__init__.py", "bl_info = {}\n")
    repository.git("add", "-A")
    repository.git("commit", "-qm", "first")
    with github(folder, repository.root) as hub:
        yield World(hub, repository)


@pytest.fixture(autouse=True)
def usual_limits(world: World) -> Iterator[None]:
    """What a test limits, it limits for itself."""
    yield
    world.limits = Limits()
