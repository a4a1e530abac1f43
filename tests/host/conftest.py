"""A GitHub for every module of tests: one repository, two commits."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from hub import Hub, github
from repositories import Repository


@pytest.fixture(scope="session")
def hub_repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What is pushed there: the branch `main` has all that a tree can hold."""
    repository = Repository(tmp_path_factory.mktemp("pushed"))
    repository.write("addon/__init__.py", "bl_info = {}\n")
    repository.write("addon/data.bin", b"\0\xff\x80")
    repository.write("addon/ü b#c?.txt", "ü\n")
    repository.write("run.sh", "#!/bin/sh\n").chmod(0o755)
    (repository.root / "link").symlink_to("run.sh")
    repository.git("add", "-A")
    repository.git("commit", "-qm", "first\n\nWith a body.")
    repository.write("addon/__init__.py", "bl_info = {'name': 'x'}\n")
    repository.git("commit", "-qam", "second")
    return repository.root


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory, hub_repository: Path) -> Iterator[Hub]:
    """A GitHub that has it."""
    with github(tmp_path_factory.mktemp("hub"), hub_repository) as made:
        yield made
