"""The command's edges: what is wrong use, what is missing, where it writes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.llm.registry import names
from inprocess import bot


def script(tmp_path: Path, *entries: object) -> str:
    file = tmp_path / "answers.json"
    file.write_text(json.dumps(entries))
    return f"scripted:{file}"


@pytest.mark.parametrize("llm", ["none", "auto"])
@pytest.mark.blender
def test_without_a_model_it_says_how_to_name_one(tmp_path: Path, llm: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BCRAG_LLM_ORDER", "openai")
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    done = bot("snippet", "Make a cube", "--llm", llm, "--no-install", cwd=tmp_path)
    assert done.status == 3, done.stderr
    for name in set(names()) - {"none", "auto", "endpoint", "scripted"}:
        assert name in done.stderr, f"the cure does not name {name}"
    assert not (tmp_path / ".bcrag").exists()


@pytest.mark.blender
def test_a_model_that_is_gone_is_something_missing(tmp_path: Path) -> None:
    llm = script(tmp_path, {"failure": "ended", "repeat": True})
    done = bot("snippet", "Make a cube", "--llm", llm, "--no-install", cwd=tmp_path)
    assert (done.status, "No model wrote the snippet." in done.stderr) == (3, True), done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["   "], "There is no task."),
        (["Make a cube", "--blender", "nine"], "no Blender release"),
        (["Make a cube", "--out", "full"], "is not empty"),
        (["Make a cube", "--llm", "nobody"], "no model provider named"),
        (["Make a cube", "--llm", "scripted"], "needs a file"),
    ],
)
def test_wrong_use_is_told(tmp_path: Path, arguments: list[str], said: str) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "kept.txt").write_text("x")
    done = bot("snippet", *arguments, cwd=tmp_path)
    assert (done.status, said in done.stderr) == (2, True), done.stderr
    assert (tmp_path / "full" / "kept.txt").read_text() == "x"


def test_a_release_nobody_has_is_not_fetched_when_that_is_forbidden(tmp_path: Path) -> None:
    llm = script(tmp_path)
    done = bot("snippet", "Make a cube", "--blender", "9.9", "--llm", llm, "--no-install", cwd=tmp_path)
    assert done.status in (2, 3) and "9.9" in done.stderr, done.stderr


def test_a_link_in_the_folder_leads_nowhere(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    (tmp_path / "here").mkdir()
    elsewhere.mkdir()
    (tmp_path / "here" / ".bcrag").symlink_to(elsewhere)
    done = bot("snippet", "Make a cube", "--llm", script(tmp_path), "--no-install", cwd=tmp_path / "here")
    assert (done.status, "leads elsewhere" in done.stderr) == (2, True), done.stderr
    assert list(elsewhere.iterdir()) == []
