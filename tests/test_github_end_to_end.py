"""From a comment to a pull request: the generated workflow carried out job by job, GitHub's emulator, real Blender."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator

import pytest
import yaml

from workplace import JOBS, ROOT, Place, git, said, working

pytestmark = pytest.mark.blender


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    example = ROOT / "examples" / "wave_279"
    with working(tmp_path_factory.mktemp("end"), example, 'blender = ["4.5"]\noldest = "4.5"\n') as made:
        yield made


def test_a_comment_becomes_a_pull_request(place: Place) -> None:
    hub = place.hub
    issue = hub.issue("It does not load", "In Blender 4.5 nothing happens. cc @someone", "stranger")
    jobs = place.ask(issue["number"], "/bcrag fix", issue=issue, prepared=False)
    assert {name: jobs[name].result for name in JOBS} == dict.fromkeys(JOBS, "success"), said(jobs)

    (pull,) = hub.pulls()
    assert pull["head"]["ref"] == f"bcrag/fix-{issue['number']}"
    assert pull["base"]["ref"] == "main"
    assert pull["title"].startswith("fix(wave_279): ")
    assert not pull["draft"], "a verified repair is no draft"
    assert f"Fixes #{issue['number']}" in pull["body"]
    assert "**Verified** in Blender 4.5" in pull["body"]
    assert "raw=true" in pull["body"], "the renders are shown"
    assert {label["name"] for label in pull["labels"]} == {"bcrag"}

    files = hub.files(pull["head"]["ref"])
    before = {path: (place.folder / path).read_bytes() for path in files}
    changed = [path for path in files if files[path] != before[path]]
    assert changed == ["wave_279/__init__.py"]
    assert b"register_module" not in files["wave_279/__init__.py"]
    (commit,) = hub.client().commits_between(git(place.folder, "rev-parse", "HEAD").strip(), pull["head"]["ref"])
    assert f"Fixes #{issue['number']}" in commit.message
    assert "Co-authored-by: maintainer <" in commit.message

    mine = place.mine(issue["number"])
    assert len(mine) == 1, "one comment"
    assert f"#{pull['number']}" in mine[0]["body"]
    assert "- [" not in mine[0]["body"], "it says what became of it, and not what is being done"
    stages = [each.body["body"] for each in hub.changes() if each.path.endswith(f"/issues/comments/{mine[0]['id']}")]
    assert any("Reproducing" in each for each in stages), "progress was told"
    assert 2 <= len(stages) <= 6, "a handful of edits"
    assert ("comment", jobs and hub.actions.reactions[0][1], "eyes") in hub.actions.reactions


def test_the_same_problem_has_the_same_pull_request(place: Place) -> None:
    hub = place.hub
    (pull,) = hub.pulls()
    number = int(pull["head"]["ref"].rpartition("-")[2])
    jobs = place.ask(number, "/bcrag retry use a collection", issue=place.hub._dict("GET", f"issues/{number}"))
    assert jobs["publish"].result == "success", said(jobs)
    (again,) = hub.pulls()
    assert again["number"] == pull["number"]
    mine = place.mine(number)
    assert len(mine) == 2
    assert f"#{pull['number']}" in mine[1]["body"]


def test_a_stranger_is_not_heard_and_cancels_nothing(place: Place) -> None:
    before = len(place.hub.changes())
    jobs = place.ask(1, "/bcrag fix", user="stranger")
    assert jobs["listen"].outputs["go"] == "false", said(jobs)
    assert "may not write" in jobs["listen"].log
    assert {jobs[name].result for name in JOBS[1:]} == {"skipped"}
    assert len(place.hub.changes()) == before, "nothing is said to strangers"


def test_a_run_that_cannot_be_done_says_so(place: Place) -> None:
    """The repository holds no add-on at the commit: an error for people reaches the issue as a sentence."""
    hub = place.hub
    issue = hub.issue("Please add a thing", "…", "maintainer")
    jobs = place.ask(issue["number"], "/bcrag feature add a cube button", issue=issue)
    assert jobs["repair"].result in ("success", "failure")
    assert jobs["publish"].result == "success", said(jobs)
    (mine,) = place.mine(issue["number"])
    assert "- [" not in mine["body"]
    assert len(hub.pulls()) == 1


def test_the_token_of_the_job_that_runs_the_add_on_only_reads(place: Place) -> None:
    definition = yaml.safe_load((place.folder / ".github/workflows/bcrag.yml").read_text())["jobs"]
    assert set(definition["repair"]["permissions"].values()) == {"read"}
    jobs = place.runs[0]
    writing = [token for name, job in jobs.items() if name != "repair" and (token := job.token)]
    for step in jobs["repair"].all():
        assert not set(writing) & set(step.environment.values())
    assert json.loads(jobs["listen"].outputs["errand"])["command"]["verb"] == "fix"
    assert threading.active_count() < 20


def test_help_is_answered_at_once(place: Place) -> None:
    hub = place.hub
    issue = hub.issue("How does this work", "…", "maintainer")
    jobs = place.ask(issue["number"], "/bcrag help", issue=issue)
    assert jobs["listen"].outputs["go"] == "false"
    assert {jobs[name].result for name in JOBS[1:]} == {"skipped"}
    answer = hub.comments(issue["number"])[-1]
    assert answer["user"]["login"] == "github-actions[bot]"
    assert "/bcrag retry" in answer["body"]


def test_a_command_in_a_quote_is_none(place: Place) -> None:
    hub = place.hub
    issue = hub.issue("Quoted", "…", "maintainer")
    jobs = place.ask(issue["number"], "> /bcrag fix\n\nWhat does this do?", issue=issue)
    assert all(job.result == "skipped" for job in jobs.values()), "no runner starts for what begins otherwise"
    assert len(hub.comments(issue["number"])) == 1
