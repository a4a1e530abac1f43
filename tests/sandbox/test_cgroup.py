"""Where a control group could be made, told from the files the kernel shows."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.sandbox.base import Limits
from bot.sandbox.cgroup import Leaf, places


def group(folder: Path, passed: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "cgroup.subtree_control").write_text(passed)
    (folder / "cgroup.procs").touch()
    return folder


@pytest.fixture
def root(tmp_path: Path) -> Path:
    group(tmp_path, "cpu memory pids")
    group(tmp_path / "user", "memory pids")
    group(tmp_path / "user" / "app", "")
    return tmp_path


def test_the_nearest_group_that_passes_the_controllers_on_comes_first(root: Path) -> None:
    assert list(places(root, "/user/app")) == [root / "user", root]


def test_nothing_above_the_mount_is_looked_at(root: Path) -> None:
    assert list(places(root / "user" / "app", "/")) == []


def test_a_group_that_passes_only_one_of_them_on_is_of_no_use(root: Path) -> None:
    group(root / "user", "pids")
    group(root, "memory")
    assert list(places(root, "/user/app")) == []


def test_a_group_outside_what_is_shown_is_not_reached_with_dots(root: Path) -> None:
    assert list(places(root / "user", "/../other")) == []


def test_what_the_kernel_stopped_is_told(tmp_path: Path) -> None:
    leaf = Leaf(tmp_path)
    assert not leaf.was_full()
    events = tmp_path / "memory.events"
    events.write_text("low 0\nhigh 0\nmax 12\noom 0\noom_kill 0\noom_group_kill 0\n")
    assert not leaf.was_full()
    events.write_text("low 0\nhigh 0\nmax 12\noom 1\noom_kill 3\noom_group_kill 1\n")
    assert leaf.was_full()


def test_where_none_can_be_made_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.sandbox.cgroup.places", lambda: iter(()))
    assert Leaf.make(Limits(), 1) is None
