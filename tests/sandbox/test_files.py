"""Reading what a stranger's program left behind."""

from __future__ import annotations

import os
from pathlib import Path

from bot.sandbox.files import read_left


def test_a_regular_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"abc")
    assert read_left(tmp_path / "a", tmp_path, limit=3) == b"abc"


def test_a_file_over_the_limit_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"abcd")
    assert read_left(tmp_path / "a", tmp_path, limit=3) is None


def test_links_pipes_folders_and_absent_files_are_left_alone(tmp_path: Path) -> None:
    inside, outside = tmp_path / "inside", tmp_path / "outside"
    inside.mkdir()
    outside.mkdir()
    (outside / "secret").write_bytes(b"secret")
    (inside / "link").symlink_to(outside / "secret")
    (inside / "way").symlink_to(outside)
    os.mkfifo(inside / "pipe")
    for path in (
        inside / "link",
        inside / "way" / "secret",
        inside / "pipe",
        inside,
        inside / "no",
        inside / "no" / "a",
    ):
        assert read_left(path, inside, limit=100) is None
