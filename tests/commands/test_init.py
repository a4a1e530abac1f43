"""`bot init`: what it finds, asks, shows, writes, and leaves alone."""

from __future__ import annotations

import json
import re
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from bot.commands import init
from bot.errors import BcragError, Cancelled, ConfigurationError, ExitStatus, UsageError
from bot.settings import load
from bot.workflows import pins
from bot.workflows.permissions import ALL
from repositories import Repository

COMMIT = "0123456789abcdef0123456789abcdef01234567"
ACTION = f"example/bcrag@{COMMIT}"
FILES = ["bcrag-index.yml", "bcrag-weekly.yml", "bcrag.yml"]
ADDON = 'bl_info = {"name": "Wave", "blender": (4, 2, 0)}\n'


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """An add-on, with a remote on GitHub."""
    made = Repository(tmp_path / "wave")
    made.write("__init__.py", ADDON)
    made.git("add", "-A")
    made.git("commit", "-q", "-m", "Start")
    made.git("remote", "add", "origin", "git@github.com:ann/wave.git")
    return made


def run(repository: Repository, *arguments: str, typed: str | None = None, action: str = ACTION) -> Result:
    """The command, at a terminal if something is typed."""
    app = typer.Typer()
    app.command()(init.init)
    given = [str(repository.root), *(["--action", action] if action else []), *arguments]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(init, "_somebody", lambda: typed is not None)
        return CliRunner().invoke(app, given, input=typed)


def error(result: Result) -> BcragError:
    assert isinstance(result.exception, BcragError), result.output
    return result.exception


def workflows(repository: Repository) -> dict[str, str]:
    folder = repository.root / ".github" / "workflows"
    return {path.name: path.read_text("utf-8") for path in folder.glob("*")} if folder.is_dir() else {}


def test_it_writes_what_is_needed_and_says_what_is_left_to_do(repository: Repository) -> None:
    result = run(repository, "--yes")
    assert result.exit_code == ExitStatus.OK, result.output
    assert sorted(workflows(repository)) == FILES
    assert not (repository.root / "bcrag.toml").exists(), "there is nothing it would have to say"
    text = workflows(repository)["bcrag.yml"]
    assert f"uses: {ACTION} # v" in text
    assert 'blender: "4.2,5.0"' in text
    assert "_API_KEY" not in text
    assert "https://github.com/ann/wave/settings/actions" in result.output
    assert "Allow GitHub Actions to create and approve pull requests" in result.output
    assert "git add .github/workflows/bcrag.yml" in result.output


def test_it_explains_every_permission(repository: Repository) -> None:
    output = run(repository, "--yes").output
    for rights in ALL.values():
        assert f"job {rights.job}: {rights.does}" in output
        for one in rights.permissions:
            assert re.search(rf"{one.name}: {one.level} +{re.escape(one.why)}", output), one


def test_written_twice_it_is_the_same(repository: Repository) -> None:
    run(repository, "--yes")
    before = workflows(repository)
    result = run(repository, "--yes")
    assert (result.exit_code, workflows(repository)) == (0, before)
    assert "nothing was written" in result.output


def test_a_dry_run_prints_everything_and_writes_nothing(repository: Repository) -> None:
    result = run(repository, "--dry-run")
    assert result.exit_code == ExitStatus.OK, result.output
    assert "    | name: bcrag weekly\n" in result.output
    assert f"    |         uses: {ACTION}" in result.output
    assert repository.git("status", "--porcelain") == ""


def test_without_anybody_to_ask_it_says_how_to_go_on(repository: Repository) -> None:
    found = error(run(repository))
    assert isinstance(found, UsageError) and "--yes" in found.cure
    assert workflows(repository) == {}


def test_what_was_changed_is_not_overwritten_unasked(repository: Repository) -> None:
    run(repository, "--yes")
    file = repository.root / ".github/workflows/bcrag.yml"
    file.write_text(file.read_text().replace("timeout-minutes: 150", "timeout-minutes: 300"))
    (repository.root / ".github/workflows/bcrag-index.yml").unlink()
    before = workflows(repository)
    result = run(repository, "--yes")
    found = error(result)
    assert ".github/workflows/bcrag.yml" in str(found) and "--force" in found.cure
    assert "-    timeout-minutes: 300" in result.output and "+    timeout-minutes: 150" in result.output
    assert workflows(repository) == before, "all of it, or nothing"
    assert run(repository, "--yes", "--force").exit_code == 0
    assert "timeout-minutes: 150" in workflows(repository)["bcrag.yml"]


def test_answers_are_asked_for_and_asked_again_where_they_are_none(repository: Repository) -> None:
    typed = "soon\n4.2, 4.5\nclaude\nopenrouter:qwen/qwen3-coder\nn\nn\ny\n"
    result = run(repository, typed=typed)
    assert result.exit_code == ExitStatus.OK, result.output
    assert sorted(workflows(repository)) == ["bcrag-index.yml", "bcrag.yml"]
    text = workflows(repository)["bcrag.yml"]
    assert 'llm: "openrouter:qwen/qwen3-coder"' in text
    assert "secrets.OPENROUTER_API_KEY" in text
    assert "\n  progress:\n" not in text
    assert "a secret OPENROUTER_API_KEY" in result.output
    assert [str(one) for one in load(repository.root).blender] == ["4.2", "4.5"]


def test_no_means_no(repository: Repository) -> None:
    found = error(run(repository, typed="\n\n\n\nn\n"))
    assert isinstance(found, Cancelled)
    assert workflows(repository) == {}


def test_whoever_stops_in_the_middle_has_nothing_written(repository: Repository) -> None:
    found = error(run(repository, typed="\n"))
    assert found.exit_status == ExitStatus.INTERRUPTED
    assert workflows(repository) == {}


def test_flags_are_answers(repository: Repository) -> None:
    result = run(repository, "--llm", "openai", "--max-cost", "2", "--no-progress", "--no-weekly", "--blender", "4.5",
                 typed="y\n")  # fmt: skip
    assert result.exit_code == ExitStatus.OK, result.output
    text = workflows(repository)["bcrag.yml"]
    assert 'max-cost: "2.0"' in text and 'blender: "4.5"' in text
    assert sorted(workflows(repository)) == ["bcrag-index.yml", "bcrag.yml"]


@pytest.mark.parametrize(
    "flags",
    [
        ["--llm", "ollama"],
        ["--llm", 'openai"\n  evil: "'],
        ["--llm", "https://user:password@host/v1"],
        ["--llm", "openai:${{ github.token }}"],
        ["--branch", 'main"]\nevil: ["'],
        ["--branch", "${{ github.token }}"],
        ["--blender", "soon"],
    ],
)
def test_a_wrong_flag_is_wrong_use(repository: Repository, flags: list[str]) -> None:
    found = error(run(repository, "--yes", *flags))
    assert found.exit_status == ExitStatus.USAGE
    assert flags[0] in str(found)
    assert workflows(repository) == {}


@pytest.mark.parametrize("action", ["example/bcrag@v1", "example/bcrag", f"example@{COMMIT}", f"a/b@{COMMIT} # x\ny"])
def test_an_action_has_to_be_pinned(repository: Repository, action: str) -> None:
    found = error(run(repository, "--yes", action=action))
    assert "--action" in str(found) and "40 digits" in found.cure


def test_where_there_are_several_add_ons_one_has_to_be_named(repository: Repository) -> None:
    repository.git("mv", "__init__.py", "readme.py")
    for name in ("left", "right"):
        repository.write(f"{name}/__init__.py", ADDON)
    repository.write("readme.py", "")
    repository.git("add", "-A")
    repository.git("commit", "-q", "-m", "Two")
    assert "--addon left" in error(run(repository, "--yes")).cure
    result = run(repository, "--yes", "--addon", "right")
    assert result.exit_code == ExitStatus.OK, result.output
    assert load(repository.root).addon == "right"
    assert "git add" in result.output and "bcrag.toml" in result.output
    assert run(repository, "--yes").exit_code == ExitStatus.OK


def test_where_there_are_several_it_asks(repository: Repository) -> None:
    repository.write("left/__init__.py", ADDON)
    repository.write("right.py", ADDON)
    (repository.root / "__init__.py").unlink()
    repository.git("add", "-A")
    repository.git("commit", "-q", "-m", "Two")
    result = run(repository, typed="middle\nright.py\n\n\n\n\ny\n")
    assert result.exit_code == ExitStatus.OK, result.output
    assert load(repository.root).addon == "right.py"


@pytest.mark.parametrize("name", ["bcrag.toml", "pyproject.toml"])
def test_a_configuration_that_is_there_is_left_alone(repository: Repository, name: str) -> None:
    text = "max_attempts = 3\n" if name == "bcrag.toml" else "[tool.bcrag]\nmax_attempts = 3\n"
    repository.write(name, text)
    result = run(repository, "--yes", "--blender", "4.3")
    assert result.exit_code == ExitStatus.OK, result.output
    assert (repository.root / name).read_text() == text
    assert f'Add to {name}, which is left as it is: blender = ["4.3"]' in result.output


def test_a_configuration_is_heeded(repository: Repository) -> None:
    repository.write("bcrag.toml", 'blender = ["4.4"]\n')
    assert run(repository, "--yes").exit_code == ExitStatus.OK
    assert 'blender: "4.4"' in workflows(repository)["bcrag.yml"]
    repository.write("bcrag.toml", "blinder = 1\n")
    assert isinstance(error(run(repository, "--yes")), ConfigurationError)


def test_without_an_add_on_there_is_nothing_to_set_up(tmp_path: Path) -> None:
    made = Repository(tmp_path / "empty")
    made.write("a.txt", "")
    made.git("add", "-A")
    made.git("commit", "-q", "-m", "Start")
    assert "No Blender add-on" in str(error(run(made, "--yes")))
    (tmp_path / "none").mkdir()
    made.root = tmp_path / "none"
    assert "not in a git repository" in str(error(run(made, "--yes")))


def test_nothing_is_written_through_a_link(repository: Repository, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (repository.root / ".github").symlink_to(outside)
    assert "link" in str(error(run(repository, "--yes", "--force")))
    assert list(outside.iterdir()) == []
    (repository.root / ".github").unlink()
    (repository.root / ".github/workflows").mkdir(parents=True)
    (repository.root / ".github/workflows/bcrag.yml").symlink_to(outside / "file")
    assert "link" in str(error(run(repository, "--yes", "--force")))
    assert list(outside.iterdir()) == []


def test_the_default_branch_is_what_the_remote_says(repository: Repository) -> None:
    repository.git("switch", "-q", "-c", "work")
    repository.git("update-ref", "refs/remotes/origin/trunk", "HEAD")
    repository.git("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/trunk")
    run(repository, "--yes")
    assert 'branches: ["trunk"]' in workflows(repository)["bcrag-index.yml"]


class Installed:
    """A distribution that was installed from somewhere."""

    def __init__(self, said: Any) -> None:
        self.said = said

    def read_text(self, name: str) -> str | None:
        assert name == "direct_url.json"
        return self.said if self.said is None or isinstance(self.said, str) else json.dumps(self.said)


@pytest.mark.parametrize(
    ("said", "repository_name"),
    [
        ({"url": "https://github.com/example/bcrag", "vcs_info": {"vcs": "git", "commit_id": COMMIT}}, "example/bcrag"),
        ({"url": "ssh://git@github.com/example/bcrag.git", "vcs_info": {"commit_id": COMMIT}}, "example/bcrag"),
        ({"url": "https://evil.example/github.com/a/b", "vcs_info": {"commit_id": COMMIT}}, None),
        ({"url": "https://github.com/example/bcrag", "vcs_info": {"commit_id": "main"}}, None),
        ({"url": "file:///nowhere/at/all", "dir_info": {}}, None),
        ([], None),
        ("no JSON", None),
        (None, None),
    ],
)
def test_the_pin_is_what_the_bot_was_installed_from(
    said: Any, repository_name: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(metadata, "distribution", lambda _: Installed(said))
    found = pins.installed_from()
    assert (found and (found.repository, found.commit)) == (repository_name and (repository_name, COMMIT))


def test_a_checkout_is_a_pin_only_if_github_has_its_commit(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        metadata, "distribution", lambda _: Installed({"url": repository.root.as_uri(), "dir_info": {}})
    )
    assert pins.installed_from() is None
    assert "--action" in error(run(repository, "--yes", action="")).cure
    repository.git("update-ref", "refs/remotes/origin/main", "HEAD")
    found = pins.installed_from()
    assert found and (found.repository, found.commit) == ("ann/wave", repository.git("rev-parse", "HEAD"))
