"""Who is asked whether an add-on may run without a sandbox, and what is remembered of it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from bot.sandbox import consent
from bot.sandbox.consent import is_own, may_ask, remember, remembered


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    folder = tmp_path / "checkout"
    (folder / ".git").mkdir(parents=True)
    for path in (folder, folder / ".git"):
        path.chmod(0o755)
    return folder


def ordinary(monkeypatch: pytest.MonkeyPatch) -> None:
    """An ordinary user, whoever runs the tests: the number alone is another."""
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(consent, "is_own", lambda _: True)


def test_a_person_at_a_terminal_is_asked(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ordinary(monkeypatch)
    assert may_ask(checkout, {}, terminal=True)
    assert may_ask(checkout, {"CI": "false"}, terminal=True)


@pytest.mark.parametrize("variable", consent.CI_VARIABLES)
@pytest.mark.parametrize("value", ["true", "1", "yes", "http://ci.example.org"])
def test_nobody_is_asked_in_ci(checkout: Path, monkeypatch: pytest.MonkeyPatch, variable: str, value: str) -> None:
    ordinary(monkeypatch)
    assert not may_ask(checkout, {variable: value}, terminal=True)


def test_nobody_is_asked_without_a_terminal_or_as_root(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ordinary(monkeypatch)
    assert not may_ask(checkout, {}, terminal=False)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert not may_ask(checkout, {}, terminal=True)


def test_a_checkout_of_somebody_else_is_not_ones_own(checkout: Path) -> None:
    assert is_own(checkout)
    checkout.chmod(0o777)
    assert not is_own(checkout)
    checkout.chmod(0o755)
    (checkout / ".git").chmod(0o775)
    assert not is_own(checkout)
    assert not is_own(checkout / "absent")
    if os.geteuid() == 0:
        (checkout / ".git").chmod(0o755)
        os.chown(checkout / ".git", 65534, 65534)
        assert not is_own(checkout)


@pytest.mark.parametrize("answer", [True, False])
def test_an_answer_is_remembered_for_its_checkout_alone(checkout: Path, tmp_path: Path, answer: bool) -> None:
    state, other = tmp_path / "state", tmp_path / "other"
    other.mkdir()
    assert remembered(checkout, folder=state) is None
    remember(checkout, without_sandbox=answer, folder=state)
    assert remembered(checkout, folder=state) is answer
    assert remembered(other, folder=state) is None
    assert not any(checkout.rglob("*.json"))


def test_another_folder_under_the_same_name_has_no_answer(checkout: Path, tmp_path: Path) -> None:
    state = tmp_path / "state"
    remember(checkout, without_sandbox=True, folder=state)
    checkout.rename(tmp_path / "before")  # kept, so that its number is not given away again
    shutil.copytree(tmp_path / "before", checkout)
    assert remembered(checkout, folder=state) is None


@pytest.mark.parametrize(
    "text", ["", "yes", "[]", '{"without_sandbox": true}', '{"without_sandbox": 1, "checkout": 2}']
)
def test_a_damaged_answer_is_none(checkout: Path, tmp_path: Path, text: str) -> None:
    file = remember(checkout, without_sandbox=True, folder=tmp_path / "state")
    assert file is not None
    file.write_text(text)
    assert remembered(checkout, folder=tmp_path / "state") is None


def test_an_answer_that_cannot_be_kept_is_asked_for_again(checkout: Path, tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file where the folder would be")
    assert remember(checkout, without_sandbox=True, folder=tmp_path / "state") is None
    assert remembered(checkout, folder=tmp_path / "state") is None
