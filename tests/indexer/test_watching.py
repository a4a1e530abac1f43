"""Watching sees saves the way editors make them, and branch switches; it hears nothing of its own reading."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from queue import Empty, Queue

import pytest

from indexer.errors import UsageError
from indexer.watching import changes
from repositories import Repository, addon


class Watch:
    """A watch in a thread."""

    def __init__(self, root: Path) -> None:
        self.seen: Queue[object] = Queue()
        self.stop = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(root,))
        self._thread.start()
        time.sleep(0.3)  # the watches are set up
        self.burst(0.6)

    def _run(self, root: Path) -> None:
        try:
            for _ in changes(root, self.stop):
                self.seen.put("change")
        except UsageError as error:
            self.seen.put(error)

    def burst(self, seconds: float = 5.0) -> object:
        """What is reported next; null when nothing is."""
        try:
            return self.seen.get(timeout=seconds)
        except Empty:
            return None

    def end(self) -> None:
        self.stop.set()
        self._thread.join(timeout=10)


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return addon(tmp_path / "repo")


@pytest.fixture
def watch(repository: Repository) -> Iterator[Watch]:
    found = Watch(repository.root)
    yield found
    found.end()


def test_a_save_is_one_change(watch: Watch, repository: Repository) -> None:
    for line in range(5):
        repository.write("hello/tools.py", f"x = {line}\n")
    assert watch.burst() == "change"
    assert watch.burst(0.8) is None


def test_a_save_by_renaming_is_seen(watch: Watch, repository: Repository) -> None:
    temporary = repository.write("hello/.tools.py.swp", "x = 1\n")
    temporary.replace(repository.root / "hello/tools.py")
    assert watch.burst() == "change"


def test_a_branch_switch_is_seen_even_if_no_file_differs(watch: Watch, repository: Repository) -> None:
    repository.git("checkout", "-q", "-b", "other")
    assert watch.burst() == "change"


def test_reading_is_no_change(watch: Watch, repository: Repository) -> None:
    (repository.root / "hello/tools.py").read_bytes()
    repository.git("log", "-1")
    assert watch.burst(0.8) is None


def test_what_a_run_leaves_is_no_change(watch: Watch, repository: Repository) -> None:
    (repository.root / ".bcrag").mkdir()
    repository.write(".bcrag/runs/report.json", "{}")
    assert watch.burst(0.8) is None


def test_a_folder_that_goes_away_ends_the_watch_with_a_sentence(repository: Repository) -> None:
    watch = Watch(repository.root)
    repository.root.rename(repository.root.with_name("moved"))
    ends = [watch.burst(3) for _ in range(2)]
    watch.end()
    assert any(isinstance(end, UsageError) for end in ends)
