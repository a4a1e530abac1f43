"""What a command says in the log of a job about what strangers wrote is no command to GitHub's runner."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app
from inprocess import bot
from repositories import Repository

STRANGER = {"login": "stranger", "id": 5, "type": "User"}
TIMES = {"created_at": "2026-01-31T12:00:00Z", "updated_at": "2026-01-31T12:00:00Z"}


def test_who_may_not_ask_writes_nothing_into_the_log(tmp_path: Path) -> None:
    event = {
        "action": "created", "repository": {"full_name": "me/addon"}, "sender": STRANGER,
        "issue": {"number": 1, "title": "t", "body": "b", "user": STRANGER, **TIMES},
        "comment": {"id": 9, "body": "/bcrag##[error]x", "user": STRANGER, **TIMES},
    }  # fmt: skip
    (tmp_path / "event.json").write_text(json.dumps(event), "utf-8")
    env = {"GITHUB_EVENT_NAME": "issue_comment", "GITHUB_EVENT_PATH": str(tmp_path / "event.json"), "GITHUB_OUTPUT": ""}
    done = CliRunner().invoke(app, ["respond", "listen"], env=env)
    assert done.exit_code == 0, done.exception
    assert "`/bcrag## [error]x` is no command" in done.output


@pytest.mark.parametrize(
    "folder", ["a\n::error title=x::y", "a\r::error title=x::y", "::error title=x::y", "##[error]"]
)
def test_no_name_of_a_folder_is_a_command(tmp_path: Path, folder: str) -> None:
    repository = Repository(tmp_path / "checkout")
    for name in (folder, "b"):
        repository.write(f"{name}/__init__.py", 'bl_info = {"name": "A", "blender": (3, 6, 0)}\n')
    repository.commit("two")
    said = bot("check", "--static", "--no-install", cwd=repository.root).stderr
    assert "2 add-ons in" in said
    assert not [line for line in said.splitlines() if line.strip().startswith("::") or "##[" in line]
    assert len(said.splitlines()) == 4, "a name is in one line"
