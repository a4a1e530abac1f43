"""Flag, then environment, then file, then default; a stranger's file decides nothing about the machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import ConfigurationError
from bot.models.release import Release
from bot.settings import MACHINE_ONLY_KEYS, load, parsed


@pytest.fixture(autouse=True)
def _own_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home"))
    for key in ("MAX_ATTEMPTS", "BLENDER", "SANDBOX", "INSTALL"):
        monkeypatch.delenv(f"BCRAG_{key}", raising=False)


def test_the_order_is_flag_environment_file_default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert load(tmp_path).max_attempts == 6
    (tmp_path / "bcrag.toml").write_text("max_attempts = 2\n")
    assert load(tmp_path).max_attempts == 2
    monkeypatch.setenv("BCRAG_MAX_ATTEMPTS", "3")
    assert load(tmp_path).max_attempts == 3
    assert load(tmp_path, max_attempts=4).max_attempts == 4


def test_pyproject_serves_as_well(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.bcrag]\nblender = ["4.2", "4.5"]\n')
    assert load(tmp_path).blender == (Release(4, 2), Release(4, 5))


def test_lists_in_the_environment_are_written_with_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BCRAG_BLENDER", "4.2, 4.5")
    assert load(None).blender == (Release(4, 2), Release(4, 5))


def test_an_unknown_key_suggests_the_nearest(tmp_path: Path) -> None:
    (tmp_path / "bcrag.toml").write_text("max_atempts = 2\n")
    with pytest.raises(ConfigurationError, match="max_atempts") as error:
        load(tmp_path)
    assert "max_attempts" in error.value.cure


@pytest.mark.parametrize("key", sorted(MACHINE_ONLY_KEYS))
def test_a_repository_cannot_decide_what_runs_on_the_machine(tmp_path: Path, key: str) -> None:
    (tmp_path / "bcrag.toml").write_text(f'{key} = "none"\n')
    with pytest.raises(ConfigurationError, match="cannot be set by a repository"):
        load(tmp_path)


def test_the_user_can(tmp_path: Path) -> None:
    folder = tmp_path / "home" / "bcrag"
    folder.mkdir(parents=True)
    (folder / "config.toml").write_text('sandbox = "none"\n')
    assert load(tmp_path).sandbox == "none"


@pytest.mark.parametrize("text", ["max_attempts = 'many'", "blender = ['new']", "oldest = 3"])
def test_a_bad_value_names_its_key(tmp_path: Path, text: str) -> None:
    (tmp_path / "bcrag.toml").write_text(text)
    with pytest.raises(ConfigurationError, match=text.split()[0]):
        load(tmp_path)


def test_a_file_that_is_no_toml_is_an_error_not_ignored(tmp_path: Path) -> None:
    (tmp_path / "bcrag.toml").write_text("max_attempts = = 2")
    with pytest.raises(ConfigurationError, match="cannot be read"):
        load(tmp_path)


@pytest.mark.parametrize("text", ["tool = 1", "tool = []", "[tool]\nbcrag = 5"])
def test_what_should_be_a_table_and_is_none_is_an_error(tmp_path: Path, text: str) -> None:
    (tmp_path / "pyproject.toml").write_text(text)
    with pytest.raises(ConfigurationError, match=r"pyproject\.toml: \w+ is no table") as error:
        load(tmp_path)
    assert "[tool.bcrag]" in error.value.cure


def test_a_number_nobody_can_read_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "bcrag.toml").write_text(f"max_attempts = {'9' * 5000}")
    with pytest.raises(ConfigurationError, match="cannot be read"):
        load(tmp_path)


def test_the_github_table_is_read_and_the_environment_changes_one_key_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "bcrag.toml").write_text('[github]\nlabels = ["repair", "bot"]\nmax_open_pulls = 2\n')
    assert load(tmp_path).github.labels == ("repair", "bot")
    monkeypatch.setenv("BCRAG_GITHUB__MAX_OPEN_PULLS", "3")
    found = load(tmp_path).github
    assert (found.labels, found.max_open_pulls, found.draft) == (("repair", "bot"), 3, "unverified")


@pytest.mark.parametrize("text", ["draft = 'sometimes'", "max_open_pulls = 0", "labels = ['a,b']", "labels = ['']"])
def test_a_bad_value_in_the_github_table_names_its_key(text: str) -> None:
    with pytest.raises(ConfigurationError, match=rf"github\.{text.split()[0]}"):
        parsed(f"[github]\n{text}\n".encode())


@pytest.mark.parametrize(
    "table,key,near",
    [
        ("github", "max_open_pull", "max_open_pulls"), ("github", "label", "labels"),
        ("roles.critic", "efort", "effort"), ("prices.my-model", "inputs", "input"),
    ],
)  # fmt: skip
def test_a_key_a_table_does_not_have_suggests_the_nearest(tmp_path: Path, table: str, key: str, near: str) -> None:
    folder = tmp_path / "home" / "bcrag"
    folder.mkdir(parents=True)
    (folder / "config.toml").write_text(f"[{table}]\n{key} = 1\n")
    with pytest.raises(ConfigurationError) as error:
        load(tmp_path)
    assert str(error.value) == f"There is no `{key}` in the table `[{table}]`."
    assert error.value.cure.startswith(f"Did you mean `{near}`?")


def test_a_key_like_none_of_its_table_is_told_which_there_are() -> None:
    with pytest.raises(ConfigurationError, match=r"no `zzz` in the table `\[github\]`") as error:
        parsed(b"[github]\nzzz = 1\n")
    assert "max_open_pulls" in error.value.cure and "sandbox" not in error.value.cure


def test_a_key_of_a_table_is_suggested_where_the_environment_has_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BCRAG_GITHUB__MAX_OPEN_PULL", "3")
    with pytest.raises(ConfigurationError, match="max_open_pull") as error:
        load(None)
    assert "max_open_pulls" in error.value.cure


def test_a_repository_elsewhere_is_read_from_texts() -> None:
    project = b"[tool.bcrag.github]\nchecks = false\n[tool.other]\nx = 1\n"
    assert parsed(None, project).github.checks is False
    assert parsed(b"max_attempts = 2\n", project).github.checks is True
    assert parsed(None, b"no toml").max_attempts == parsed(None).max_attempts == 6
    with pytest.raises(ConfigurationError, match="cannot be read"):
        parsed(b"no toml")
    with pytest.raises(ConfigurationError, match="cannot be set by a repository"):
        parsed(b'sandbox = "none"\n')
