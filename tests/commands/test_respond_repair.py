"""`bot respond repair`, as far as it needs no Blender: what stands around the steps of a run."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest

import bundled
from bot import pipeline, wiring
from bot.commands import repairing
from bot.commands.responding import repair as command
from bot.errors import UsageError
from bot.host import connecting, endings
from bot.models.report import Report
from bot.publishing import configuration
from bot.publishing.origin import Origin
from bot.repository import Repository as Checkout
from bot.settings import Settings
from repositories import Repository

TIME = 0.02
"""Minutes."""


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return bundled.repository(tmp_path / "repository")


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "bundle"


@pytest.fixture(autouse=True)
def around(monkeypatch: pytest.MonkeyPatch, repository: Repository, out: Path, tmp_path: Path) -> None:
    """A job of the workflow, whose run needs a second and a half to put its tools away."""
    commit = repository.git("rev-parse", "HEAD")
    event = tmp_path / "event.json"
    event.write_text("{}")
    errand = bundled.errand(commit)
    given = {"BCRAG_ERRAND": errand.model_dump_json(), "GITHUB_EVENT_PATH": str(event), "GITHUB_OUTPUT": ""}
    for name, value in {**bundled.surroundings().environment, **given}.items():
        monkeypatch.setenv(name, value)

    @contextmanager
    def nothing(*_: object, **__: object) -> Iterator[SimpleNamespace]:
        yield SimpleNamespace()

    @contextmanager
    def slow(*_: object, **__: object) -> Iterator[SimpleNamespace]:
        yield SimpleNamespace()
        time.sleep(TIME * 60 + 0.3)

    def reports(*_: object) -> Report:
        bundled.made(out, commit, None, asked=errand).write()
        (out / "origin.json").unlink()
        return bundled.report(commit, None)

    kept = SimpleNamespace(renders=out, checkpoints=out, done=lambda: None)
    job = SimpleNamespace(repository=repository, bundle=out, request=bundled.report(commit, None).request)
    monkeypatch.setattr(connecting, "connected", nothing)
    monkeypatch.setattr(configuration, "of", lambda _: Settings())
    monkeypatch.setattr("bot.errands.thread.told", lambda *_: None)
    monkeypatch.setattr(command, "_begin", lambda *_: (job, kept))
    monkeypatch.setattr(repairing, "_read_up", lambda *_: None)
    monkeypatch.setattr(wiring, "tools", slow)
    monkeypatch.setattr(pipeline, "advance", reports)


def test_a_run_that_has_its_report_is_not_too_late(repository: Repository, out: Path) -> None:
    command.repair(repository.root, out, None, TIME)
    assert Origin.model_validate_json((out / "origin.json").read_bytes()).run == bundled.RUN
    assert endings.left(out) is None


@pytest.mark.parametrize(
    "files,why,cure",
    [
        ({"README.md": "# Two\n"}, "2 add-ons in this repository:\n", 'Say which in `bcrag.toml`: `addon = "kiln"`'),
        (
            {f"{name}/__init__.py": "" for name in ("kiln", "other")},
            "No Blender add-on in this repository: ",
            "Only what is committed is seen",
        ),
    ],
)
def test_what_a_comment_says_of_an_error_names_no_flag_and_no_folder_of_the_runner(
    monkeypatch: pytest.MonkeyPatch, repository: Repository, out: Path, files: dict[str, str], why: str, cure: str
) -> None:
    for path, text in files.items():
        repository.write(path, text)
    repository.git("add", "-A")
    repository.git("commit", "-qm", "as it is")
    monkeypatch.setattr(command, "_begin", lambda *_: wiring.addon_of(checkout, repository.root, None))
    checkout = Checkout.open(repository.root)
    with pytest.raises(UsageError, match="add-on"):
        command.repair(repository.root, out, None, 1.0)
    ended = endings.left(out)
    assert ended is not None and ended.why.startswith(why) and ended.cure.startswith(cure)
    assert "--addon" not in ended.why + ended.cure and str(repository.root) not in ended.why + ended.cure
