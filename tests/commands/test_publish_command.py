"""`bot publish` as a person types it and as a job calls it."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

import bundled
from bot.commands import publish
from bot.errors import BcragError
from bot.host.errors import HostError
from bot.host.wire import Wire
from bundled import Made
from hub import Hub, github
from repositories import Repository

APP = typer.Typer(pretty_exceptions_enable=False)
APP.command()(publish.publish)
_SET_BY_CI = re.compile(r"GITHUB_\w+|BCRAG_(?:ERRAND|TOKEN|APP_\w+)")


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    return bundled.repository(tmp_path_factory.mktemp("repository"))


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory, repository: Repository) -> Iterator[Hub]:
    with github(tmp_path_factory.mktemp("hub"), repository.root) as made:
        yield made


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """No token and no job around, and no time lost between requests."""
    for name in os.environ:
        if _SET_BY_CI.fullmatch(name):
            monkeypatch.delenv(name)
    monkeypatch.setitem(Wire.__init__.__kwdefaults__, "spacing", 0.0)


@pytest.fixture
def bundle(tmp_path: Path, repository: Repository) -> Made:
    commit = repository.git("rev-parse", "HEAD")
    made = bundled.made(tmp_path / "bundle", commit, bundled.diff(repository, {"kiln/__init__.py": bundled.REPAIRED}))
    made.write()
    return made


def bot(*arguments: str | Path, env: dict[str, str] | None = None) -> Result:
    return CliRunner().invoke(APP, [str(each) for each in arguments], env=env)


def refused(result: Result) -> BcragError:
    assert isinstance(result.exception, BcragError), (result.output, result.exception)
    return result.exception


def test_a_rehearsal_needs_no_token_and_asks_nobody(bundle: Made, hub: Hub) -> None:
    before = len(hub.requests)
    done = bot(bundle.folder, "--dry-run", "--issue", "12", "--repo", "me/my_addon")
    assert done.exit_code == 0, done.exception
    assert "fix(kiln): make it work in Blender 4.5" in done.output
    assert "bcrag/fix-12" in done.output and "Fixes #12" in done.output
    assert "would put kiln/__init__.py on the branch" in done.output
    assert len(hub.requests) == before


def test_a_rehearsal_of_what_may_not_be_says_so(tmp_path: Path, repository: Repository) -> None:
    commit = repository.git("rev-parse", "HEAD")
    made = bundled.made(tmp_path / "bundle", commit, bundled.diff(repository, {"README.md": "x\n"}))
    assert "outside the add-on" in str(refused(bot(made.write(), "--dry-run")))


def test_a_person_publishes_a_run_of_their_own(bundle: Made, hub: Hub) -> None:
    number = str(hub.issue("It broke")["number"])
    done = bot(bundle.folder, "--repo", hub.repository, "--issue", number, env=_as_person(hub))
    assert done.exit_code == 0, done.exception
    pull = hub.pulls()[0]
    assert f"#{pull['number']}" in done.output and pull["html_url"] in done.output
    assert pull["head"]["ref"] == f"bcrag/fix-{number}"
    assert hub.comments(int(number)) == []
    env = {**_as_person(hub), "GITHUB_TOKEN": hub.token("maintainer")}
    del env["BCRAG_TOKEN"]
    again = bot(bundle.folder, "--repo", hub.repository, "--issue", number, env=env)
    assert "unchanged" in again.output


def _as_person(hub: Hub) -> dict[str, str]:
    return {"GITHUB_API_URL": hub.url, "GITHUB_SERVER_URL": hub.url, "BCRAG_TOKEN": hub.token("maintainer")}


def test_without_an_issue_the_same_run_has_the_same_branch(bundle: Made, hub: Hub) -> None:
    done = bot(bundle.folder, "--repo", hub.repository, env=_as_person(hub))
    assert done.exit_code == 0, done.exception
    assert re.fullmatch(r"bcrag/fix-f[0-9a-f]{9}", hub.pulls()[0]["head"]["ref"])


@pytest.mark.parametrize(
    "arguments,said",
    [
        (["--job-result", "splendid"], "no result of a job"),
        ([], "which repository"),
        (["--repo", "../..", "--dry-run"], "--repo"),
        (["--repo", "owner/addon", "--base", "a..b", "--dry-run"], "base"),
    ],
)
def test_wrong_use_is_said_with_its_cure(bundle: Made, arguments: list[str], said: str) -> None:
    error = refused(bot(bundle.folder, *arguments))
    assert said in str(error) and error.cure


def test_what_is_no_bundle(tmp_path: Path) -> None:
    error = refused(bot(tmp_path / "nothing", "--dry-run"))
    assert "no bundle" in str(error) and error.cure
    (tmp_path / "empty").mkdir()
    assert "holds no report" in str(refused(bot(tmp_path / "empty", "--dry-run")))


def test_without_a_token_it_is_said_how_to_get_one(bundle: Made) -> None:
    error = refused(bot(bundle.folder, "--repo", "owner/addon"))
    assert error.exit_status == 3 and "BCRAG_TOKEN" in error.cure


def test_a_commit_that_is_not_pushed(tmp_path: Path, hub: Hub, bundle: Made) -> None:
    request = bundle.report.request.model_copy(update={"commit": "b" * 40})
    bundle.report = bundle.report.model_copy(update={"request": request})
    error = refused(bot(bundle.write(), "--repo", hub.repository, env=_as_person(hub)))
    assert "is not part of main" in str(error) and "git push" in error.cure
    other = refused(bot(bundle.folder, "--repo", hub.repository, "--base", "nothing", env=_as_person(hub)))
    assert "no branch nothing" in str(other)


def test_a_job_tells_the_result_and_hands_on_the_number(bundle: Made, hub: Hub, tmp_path: Path) -> None:
    number = hub.issue("It broke")["number"]
    asked = bundled.errand(bundle.errand.commit, number)
    bundle.errand = asked
    env = {
        **bundled.surroundings().environment, **hub.env(), "BCRAG_ERRAND": asked.model_dump_json(),
        "GITHUB_OUTPUT": str(tmp_path / "output"), "GITHUB_STEP_SUMMARY": str(tmp_path / "summary"),
    }  # fmt: skip
    done = bot(bundle.write(), "--job-result", "success", env=env)
    assert done.exit_code == 0, done.exception
    pull = hub.pulls()[0]["number"]
    assert re.search(rf"pull-request<<(\S+)\n{pull}\n\1\n", (tmp_path / "output").read_text())
    assert len(hub.comments(number)) == 1 and f"#{pull}" in hub.comments(number)[0]["body"]
    nothing = bot(tmp_path / "nothing", "--job-result", "failure", env=env)
    assert nothing.exit_code == 1
    assert len(hub.comments(number)) == 1 and "failed" in hub.comments(number)[0]["body"]
    assert not any(line.startswith("::") for line in nothing.output.splitlines())


def test_a_job_of_another_errand_publishes_nothing(bundle: Made, hub: Hub) -> None:
    asked = json.loads(bundle.errand.model_dump_json()) | {"run": 5}
    env = {**bundled.surroundings().environment, **hub.env(), "BCRAG_ERRAND": json.dumps(asked)}
    error = refused(bot(bundle.folder, env=env))
    assert "another run's" in str(error) and not isinstance(error, HostError)
