"""The other ways an errand goes: what starts it, what ends it early, whose token it is, what a model has to do with it.

As in `test_github_end_to_end.py` the generated workflows are carried out with the real bot. Most runs end where a
repository turns out to hold no add-on: a second, and all four jobs have their part in it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

import aimock
from aimock import fixture
from bot.blender.runtimes import find_runtimes
from spread import ADDON, LIKES, LOG, MENDS_ZERO, SHOWS_ZERO
from workplace import JOBS, Place, git, said, working

pytestmark = pytest.mark.blender
CONFIGURATION = 'blender = ["4.5"]\noldest = "4.5"\n'
KEY = "sk-canary-0123456789abcdefghij"


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with working(tmp_path_factory.mktemp("empty"), None, CONFIGURATION) as made:
        yield made


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    configuration = CONFIGURATION + '[github]\non_pull_request = "suggest"\n'
    with working(tmp_path_factory.mktemp("paths"), ADDON, configuration) as made:
        yield made


@pytest.fixture
def modelled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with working(tmp_path_factory.mktemp("model"), ADDON, CONFIGURATION, "openai") as made:
        yield made


def only(place: Place, issue: dict[str, Any]) -> str:
    """What the one comment on an issue says in the end."""
    (mine,) = place.mine(issue["number"])
    text: str = mine["body"]
    assert "- [" not in text, "it says what became of it"
    assert "/actions/runs/" in text
    return text


def test_what_fails_reaches_the_issue_as_a_sentence(empty: Place) -> None:
    issue = empty.hub.issue("It fails", "…")
    jobs = empty.ask(issue["number"], "/bcrag fix", issue=issue)
    assert [jobs[name].result for name in JOBS] == ["success", "failure", "success", "failure"], said(jobs)
    text = only(empty, issue)
    assert "No Blender add-on" in text
    assert "/bcrag retry" in text
    assert "No Blender add-on" in jobs["repair"].summary


def test_a_cancelled_run_says_so(empty: Place) -> None:
    issue = empty.hub.issue("Stop it", "…")
    jobs = empty.ask(issue["number"], "/bcrag fix", issue=issue, cancel={"repair": "Reproduce"}, cancel_after=0.1)
    assert (jobs["repair"].result, jobs["publish"].result) == ("cancelled", "success"), said(jobs)
    assert "### Cancelled" in only(empty, issue)


def test_a_newer_command_takes_over(empty: Place) -> None:
    issue = empty.hub.issue("Again", "…")
    number = issue["number"]

    def newer(job: str, step: str) -> None:
        if (job, step) == ("repair", "Reproduce"):
            empty.hub.client().comment(number, f"<!-- bcrag:progress problem=fix-{number} run=9000000 -->\nHeard.")

    empty.also = newer
    try:
        jobs = empty.ask(number, "/bcrag fix", issue=issue, cancel={"repair": "Reproduce"}, cancel_after=0.5)
    finally:
        empty.also = None
    assert jobs["publish"].result == "success", said(jobs)
    first = empty.mine(number)[0]["body"]
    assert "### A newer command took over" in first


def test_a_run_that_takes_too_long_says_so(place: Place) -> None:
    issue = place.hub.issue("It is slow", "…")
    change = {'deadline: "25"': 'deadline: "0.01"'}
    jobs = place.ask(issue["number"], "/bcrag fix", issue=issue, change=change)
    assert jobs["repair"].result == "failure", said(jobs)
    assert "### The run took too long" in only(place, issue)


def test_a_label_asks(empty: Place) -> None:
    issue = empty.hub.issue("With a label", "…")
    jobs = empty.label(issue, "bcrag: check")
    assert json.loads(jobs["listen"].outputs["errand"])["command"]["verb"] == "check", said(jobs)
    assert "No Blender add-on" in only(empty, issue)


def test_a_label_by_a_stranger_does_not(empty: Place) -> None:
    issue = empty.hub.issue("With a label", "…")
    jobs = empty.label(issue, "bcrag", user="stranger")
    assert jobs["listen"].outputs["go"] == "false"
    assert not empty.mine(issue["number"])


def test_stop_stops_the_run_of_this_issue(empty: Place) -> None:
    issue = empty.hub.issue("Stop", "…")
    empty.ask(issue["number"], "/bcrag fix", issue=issue)
    run = max(empty.hub.actions.runs)
    empty.hub.actions.runs[run]["status"] = "in_progress"
    empty.hub.actions.jobs[run][0]["status"] = "in_progress"
    jobs = empty.ask(issue["number"], "/bcrag stop", issue=issue)
    assert jobs["listen"].outputs["go"] == "false"
    assert empty.hub.actions.cancelled[-1] == run
    assert "Stopped" in empty.hub.comments(issue["number"])[-1]["body"]


def test_an_app_speaks_for_itself(empty: Place) -> None:
    given = empty.hub.env("app")
    secrets = {name: given[name] for name in ("BCRAG_APP_ID", "BCRAG_APP_PRIVATE_KEY")}
    issue = empty.hub.issue("With an App", "…")
    jobs = empty.ask(issue["number"], "/bcrag fix", issue=issue, secrets=secrets)
    (mine,) = empty.mine(issue["number"])
    assert mine["user"]["login"] == "bcrag-test[bot]"
    for step in jobs["repair"].all():
        assert secrets["BCRAG_APP_PRIVATE_KEY"] not in step.environment.values()
    assert secrets["BCRAG_APP_PRIVATE_KEY"].splitlines()[1] not in said(jobs)


def test_by_hand_a_check_looks_and_changes_nothing(place: Place) -> None:
    before = len(place.hub.changes())
    jobs = place.dispatch(command="check 4.5")
    assert [jobs[name].result for name in JOBS] == ["success"] * 4, said(jobs)
    assert jobs["repair"].step("Verify").outputs["status"] == "clean"
    made = [(each.method, each.path.rpartition("/")[2]) for each in place.hub.changes()[before:]]
    assert {what for _, what in made} <= {"check-runs"} | {each[1] for each in made if each[1].isdecimal()}
    assert not place.hub.pulls()
    assert "4.5" in jobs["publish"].summary


def test_once_a_week_it_looks_by_itself(place: Place) -> None:
    jobs = place.dispatch("schedule", workflow="bcrag-weekly.yml")
    assert [jobs[name].result for name in JOBS] == ["success"] * 4, said(jobs)
    errand = json.loads(jobs["listen"].outputs["errand"])
    assert (errand["trigger"], errand["asked_by"]) == ("schedule", None)
    newest = max(runtime.release for runtime in find_runtimes())
    assert str(newest) in jobs["publish"].summary, "whatever the configuration names"
    assert not place.hub.pulls(), "nothing is wrong, so nothing is said"


def test_a_model_repairs_what_rules_do_not_and_its_key_is_nowhere(modelled: Place) -> None:
    place = modelled
    issue = place.hub.issue("Spread fails with one object", LOG, "maintainer")
    with aimock.serving(
        fixture("Write the reproduction.", {"content": SHOWS_ZERO}),
        fixture("Write the patch that repairs this.", {"content": MENDS_ZERO}),
        fixture("shown with it applied", {"content": json.loads(LIKES)}),
    ) as mock:
        urls = json.dumps({"openai": mock.url})
        jobs = place.ask(
            issue["number"], "/bcrag fix", issue=issue, secrets={"OPENAI_API_KEY": KEY}, env={"BCRAG_LLM_URLS": urls}
        )
        asked = mock.requests()
    assert [jobs[name].result for name in JOBS] == ["success"] * 4, said(jobs)
    assert len(asked) >= 2
    (pull,) = place.hub.pulls()
    assert "ZeroDivisionError" in pull["title"] + pull["body"]
    assert not pull["draft"]
    assert b"max(len(things) - 1, 1)" in place.hub.files(pull["head"]["ref"])["spread/measure.py"]
    told = said(jobs) + pull["body"] + "".join(each["body"] for each in place.mine(issue["number"]))
    assert KEY not in told
    for name in ("listen", "progress", "publish"):
        for step in jobs[name].all():
            assert KEY not in step.environment.values()


def test_on_a_pull_request_it_suggests(place: Place) -> None:
    """The pull request brings in what Blender 4.5 has no more; the repair fits into what its page shows."""
    git(place.folder, "checkout", "-q", "-b", "smooth")
    file = place.folder / "spread" / "measure.py"
    file.write_text(
        file.read_text() + "\n\ndef choose(thing):\n    bpy.context.scene.objects.active = thing\n", "utf-8"
    )
    git(place.folder, "commit", "-q", "-a", "-m", "Smooth")
    place.hub.push(place.folder, "smooth")
    pull = place.hub.pull("Smooth", "smooth")
    subject = {**pull, "pull_request": {"url": pull["url"]}}
    jobs = place.ask(pull["number"], "/bcrag fix", issue=subject)
    git(place.folder, "checkout", "-q", "main")
    assert jobs["publish"].result == "success", said(jobs)
    reviews = place.hub.reviews(pull["number"])
    assert reviews, place.mine(pull["number"])[-1]["body"]
    assert "suggestions in a review" in place.mine(pull["number"])[-1]["body"]
