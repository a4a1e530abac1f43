"""Where no sandbox works, a person is asked once, and nobody else ever runs without one."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from bot.commands.sandboxing import settled
from bot.errors import MissingError
from bot.sandbox import consent, registry
from bot.settings import Settings


@pytest.fixture(autouse=True)
def nothing_works(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A machine with neither, and a state folder of its own."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("bot.sandbox.bubblewrap._SYSTEM_PATH", str(tmp_path))
    monkeypatch.setattr(consent, "_state", lambda: tmp_path / "state")
    with pytest.raises(MissingError):
        registry.select("auto")


def asked(monkeypatch: pytest.MonkeyPatch, answer: str) -> None:
    monkeypatch.setattr(consent, "may_ask", lambda _: True)
    monkeypatch.setattr("sys.stdin", io.StringIO(answer))


def test_without_a_person_it_stops_with_the_cure(tmp_path: Path) -> None:
    with pytest.raises(MissingError, match="no sandbox") as raised:
        settled(Settings(), tmp_path)  # the tests have no terminal
    assert "apt-get install bubblewrap" in raised.value.cure


def test_a_yes_is_kept_and_not_asked_for_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked(monkeypatch, "y\n")
    assert settled(Settings(), tmp_path).sandbox == "none"
    asked(monkeypatch, "")  # whoever asks now gets no answer
    assert settled(Settings(), tmp_path).sandbox == "none"


@pytest.mark.parametrize("answer", ["n\n", "\n"])
def test_a_no_is_kept_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: str) -> None:
    for given in (answer, ""):
        asked(monkeypatch, given)
        with pytest.raises(MissingError, match="You chose not to"):
            settled(Settings(), tmp_path)


def test_a_yes_is_worth_nothing_in_ci(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    consent.remember(tmp_path, without_sandbox=True)
    monkeypatch.setenv("CI", "true")
    with pytest.raises(MissingError, match="no sandbox"):
        settled(Settings(), tmp_path)


@pytest.mark.parametrize("name", ["bubblewrap", "docker", "none"])
def test_a_choice_of_the_user_is_not_questioned(tmp_path: Path, name: str) -> None:
    settings = Settings(sandbox=name)  # type: ignore[arg-type]
    assert settled(settings, tmp_path) is settings
