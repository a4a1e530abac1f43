"""A bundle of another workflow run is taken only where GitHub says that this run makes bundles."""

from __future__ import annotations

from pathlib import Path

import pytest

import bundled
from bot.host.errors import NotThere
from bot.publishing import configuration, origin
from bot.publishing.expected import OTHER_ERRAND, OTHER_HEAD, OTHER_RUN, OTHER_WORKFLOW, Expected, of_run
from bot.publishing.origin import Origin
from bot.publishing.refusals import Refusal
from hub import Hub

COMMIT = "a" * 40
HEAD = "c" * 40
TRUE = {"head_sha": HEAD, "head_branch": "main", "event": "issue_comment", "run_attempt": 2}


@pytest.fixture
def made(tmp_path: Path) -> Origin:
    """The origin of a bundle of run 9001."""
    (tmp_path / "report.json").write_text("{}")
    origin.write(tmp_path, bundled.errand(COMMIT), bundled.surroundings())
    return Origin.model_validate_json((tmp_path / origin.FILE).read_bytes())


def test_what_is_written_down_is_what_the_job_knows(made: Origin) -> None:
    assert (made.run, made.attempt, made.workflow, made.head) == (9001, 1, bundled.WORKFLOW, HEAD)
    assert made.errand == bundled.errand(COMMIT)
    assert Expected.here(bundled.surroundings(), made.errand).strange(made) == ""


@pytest.mark.parametrize("attempt,first,fits", [(1, 1, True), (2, 1, True), (2, 2, True), (1, 2, False), (3, 1, False)])
def test_when_failed_jobs_run_again_an_earlier_attempts_bundle_counts(
    made: Origin, attempt: int, first: int, fits: bool
) -> None:
    errand = made.errand.model_copy(update={"attempt": first})
    told = made.model_copy(update={"attempt": attempt, "errand": errand})
    around = bundled.surroundings(GITHUB_RUN_ATTEMPT="2")
    assert (Expected.here(around, errand).strange(told) == "") is fits


def test_a_job_that_does_not_know_its_workflow_takes_no_bundle(made: Origin) -> None:
    around = bundled.surroundings(GITHUB_WORKFLOW_REF="")
    assert Expected.here(around, made.errand).strange(made) == OTHER_WORKFLOW
    blank = made.model_copy(update={"workflow": ""})
    assert Expected.here(around, made.errand).strange(blank) == OTHER_WORKFLOW


def test_another_run_is_asked_about(hub: Hub, made: Origin) -> None:
    hub.actions.run(9001, **TRUE)
    expected = of_run(hub.client(), 9001, None)
    assert isinstance(expected, Expected)
    assert expected.strange(made) == ""
    assert expected.strange(made.model_copy(update={"run": 9002})) == OTHER_RUN
    assert expected.strange(made.model_copy(update={"head": "d" * 40})) == OTHER_HEAD
    assert expected.strange(made.model_copy(update={"head": None})) == OTHER_HEAD


def test_the_errand_of_another_run_is_ours_but_for_the_run(hub: Hub, made: Origin) -> None:
    hub.actions.run(9001, **TRUE)
    own = bundled.errand(COMMIT, run=9100, attempt=3, comment=5)
    expected = of_run(hub.client(), 9001, own)
    assert isinstance(expected, Expected) and expected.strange(made) == ""
    other = made.errand.model_copy(update={"problem": "fix-13"})
    assert expected.strange(made.model_copy(update={"errand": other})) == OTHER_ERRAND


@pytest.mark.parametrize(
    "fields,said",
    [
        ({"path": ".github/workflows/ci.yml"}, "of another workflow"),
        ({"path": "evil/.github/workflows/bcrag.yml"}, "of another workflow"),
        ({"event": "pull_request"}, "'pull_request'"),
        ({"event": "pull_request_target"}, "'pull_request_target'"),
        ({"event": "push"}, "'push'"),
        ({"head_branch": "evil"}, "another branch"),
        ({"head_branch": None}, "another branch"),
        ({"repository": {"full_name": "evil/addon"}}, "another repository"),
        ({"head_repository": {"full_name": "evil/addon"}}, "another repository"),
        ({"head_repository": None}, "another repository"),
    ],
)
def test_a_run_that_makes_no_bundles_is_refused(hub: Hub, fields: dict[str, object], said: str) -> None:
    hub.actions.run(9001, **{**TRUE, **fields})
    found = of_run(hub.client(), 9001, None)
    assert isinstance(found, Refusal) and said in found.details and found.cure


def test_a_run_that_is_not_there(hub: Hub) -> None:
    with pytest.raises(NotThere):
        of_run(hub.client(), 77, None)


def test_the_configuration_is_the_default_branchs(hub: Hub) -> None:
    host = hub.client("maintainer")
    assert configuration.of(host).github.labels == ("bcrag",)
    main = host.branch("main")
    assert main is not None
    text = host.make_blob(b'[tool.bcrag.github]\nlabels = ["repair"]\n')
    tree = host.make_tree(host.commit(main).tree, [("pyproject.toml", "100644", text)])
    host.create_branch("configured", host.make_commit("Configure", tree, [main]))
    assert configuration.of(host, "configured").github.labels == ("repair",)
    assert configuration.of(host).github.labels == ("bcrag",)
