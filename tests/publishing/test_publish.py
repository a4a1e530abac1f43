"""From a bundle to a pull request and one comment, on a stateful GitHub: every way it can end."""

from __future__ import annotations

import base64
import itertools
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import bundled
from bot.host.endings import leave
from bot.host.github import GitHub
from bot.models.command import Command, Verb
from bot.models.errand import ARTIFACTS_BRANCH, Errand, Subject
from bot.models.result import Delivery, Ending, Result
from bot.publishing import branches, pulls, renders, told
from bot.publishing.publish import CANCELLED, FAILURE, SKIPPED, SUCCESS, Work, publish
from bot.reporting import progress
from bot.settings import Settings
from bundled import Made
from hub import Hub
from repositories import Repository
from spoken import assert_ours
from wiretap import Given

_RUNS = itertools.count(9001)
CHANGE = "    mesh.shade_smooth()\n"
OPEN = Settings.model_validate({"github": {"max_open_pulls": 100}})


class Stage:
    """One issue, and the runs about it."""

    def __init__(self, hub: Hub, repository: Repository, folder: Path) -> None:
        self.hub, self.repository, self.folder = hub, repository, folder
        self.commit = repository.git("rev-parse", "HEAD")
        self.number: int = hub.issue("It broke")["number"]

    def bundle(self, text: str = CHANGE, *, verified: bool = True, errand: Errand | None = None, **more: Any) -> Made:
        """What a new run leaves, which repairs it with this line."""
        run = next(_RUNS)
        asked = errand or self.errand(run)
        diff = bundled.diff(self.repository, {"kiln/__init__.py": bundled.REPAIRED.replace(CHANGE, text)})
        made = bundled.made(self.folder / str(run), self.commit, diff, verified=verified, asked=asked, **more)
        made.around = self.around(asked)
        made.write()
        return made

    def errand(self, run: int, **more: Any) -> Errand:
        """What somebody asks for on the issue."""
        return bundled.errand(self.commit, self.number, run=run, **more)

    def around(self, errand: Errand, **changes: str) -> Any:
        return bundled.surroundings(**{"GITHUB_RUN_ID": str(errand.run), **changes})

    def publish(
        self, made: Made, who: str = "actions", *, settings: Settings | None = OPEN, host: GitHub | None = None,
        job_result: str = SUCCESS, bundle: Path | None = None,
    ) -> Result:  # fmt: skip
        host = host or self.hub.client(who)
        work = Work(bundle or made.folder, made.errand, job_result)
        return publish(work, host, made.around, settings)

    def told(self, errand: Errand) -> str:
        """The one comment there is about a run."""
        mark = progress.marker(errand)
        found = [each["body"] for each in self.hub.comments(self.number) if each["body"].startswith(mark)]
        assert len(found) == 1, found
        return str(found[0])

    def pull(self) -> dict[str, Any]:
        """The newest pull request of the problem."""
        branch = f"bcrag/fix-{self.number}"
        return next(each for each in self.hub.pulls() if each["head"]["ref"] == branch)

    @property
    def branch(self) -> str:
        return f"bcrag/fix-{self.number}"

    def unasked(self) -> Errand:
        """What no issue is about, as the weekly run: every time the same problem."""
        return self.errand(next(_RUNS), subject=None, problem=f"fix-f{self.number:x}", asked_by=None)

    def close(self, number: int | None) -> None:
        """A person closes a pull request."""
        assert number is not None
        self.hub.client("maintainer").edit_pull(number, state="closed")


@pytest.fixture
def stage(hub: Hub, repository: Repository, tmp_path: Path) -> Stage:
    return Stage(hub, repository, tmp_path)


# A pull request


def test_a_repair_becomes_a_pull_request(stage: Stage) -> None:
    made = stage.bundle()
    result = stage.publish(made)
    assert (result.ending, result.delivery) == (Ending.FINISHED, Delivery.OPENED), result
    pull = stage.pull()
    assert (pull["number"], pull["html_url"]) == (result.pull, result.url)
    assert pull["title"] == "fix(kiln): make it work in Blender 4.5"
    assert not pull["draft"] and pull["base"]["ref"] == "main"
    assert f"Fixes #{stage.number}" in pull["body"]
    assert [label["name"] for label in pull["labels"]] == ["bcrag"]
    assert stage.hub.files(stage.branch)["kiln/__init__.py"].decode() == bundled.REPAIRED
    commit = stage.hub.client().commit(pull["head"]["sha"])
    assert commit.parents == (stage.commit,)
    assert commit.author_login == "github-actions[bot]"
    trailers = commit.message.rstrip().rpartition("\n\n")[2]
    assert "Bcrag-Run: 20260131-120000-abcd" in trailers
    assert f"Bcrag-Tree: {commit.tree}" in trailers
    assert "Co-authored-by: maintainer <2+maintainer@users.noreply.github.com>" in trailers
    told = stage.told(made.errand)
    assert f"in pull request #{result.pull}" in told
    assert "starts no workflows" in told and "starts no workflows" in pull["body"]


def test_code_owners_are_asked_and_the_asker_is_not(stage: Stage) -> None:
    stage.publish(stage.bundle())
    place = f"/{stage.pull()['number']}/requested_reviewers"
    asked = next(each for each in stage.hub.requests if each.path.endswith(place))
    assert asked.body == {"reviewers": ["stranger"], "team_reviewers": ["core"]}


def test_where_one_reviewer_is_refused_the_others_are_asked(stage: Stage) -> None:
    known = {each["number"] for each in stage.hub.pulls()}
    refusing = Given({"message": "Reviews may only be requested from collaborators."}, 422)

    def answer(request: Any, match: Any) -> Given | None:
        return refusing if int(match[1]) not in known else None

    stage.hub._tap.answer("POST", r"/repos/owner/addon/pulls/(\d+)/requested_reviewers", answer)
    result = stage.publish(stage.bundle())
    known |= {each["number"] for each in stage.hub.pulls()}
    assert result.delivery is Delivery.OPENED
    assert any("code owner" in note for note in result.notes)
    asked = [each.body for each in stage.hub.requests if each.path.endswith(f"{result.pull}/requested_reviewers")]
    assert asked[1:] == [
        {"reviewers": ["stranger"], "team_reviewers": []},
        {"reviewers": [], "team_reviewers": ["core"]},
    ]


def test_what_is_not_proven_is_a_draft_and_asks_nobody(stage: Stage) -> None:
    result = stage.publish(stage.bundle(verified=False))
    assert result.delivery is Delivery.OPENED
    assert stage.pull()["draft"]
    assert f"Refs #{stage.number}" in stage.pull()["body"]
    assert not any(each.path.endswith(f"{result.pull}/requested_reviewers") for each in stage.hub.requests)


def test_once_proven_it_is_no_draft_any_more(stage: Stage) -> None:
    first = stage.publish(stage.bundle("    mesh.other()\n", verified=False))
    second = stage.publish(stage.bundle())
    assert (second.delivery, second.pull) == (Delivery.UPDATED, first.pull)
    assert not stage.pull()["draft"]
    assert any(each.path.endswith(f"{first.pull}/requested_reviewers") for each in stage.hub.requests)


@pytest.mark.parametrize(
    ("draft", "verified", "said"),
    [
        ("unverified", False, True),
        ("unverified", True, False),
        ("never", False, False),
        ("always", True, False),
    ],
)
def test_a_draft_is_said_to_be_one_where_proof_is_what_it_lacks(
    stage: Stage, draft: str, verified: bool, said: bool
) -> None:
    settings = Settings.model_validate({"github": {"max_open_pulls": 100, "draft": draft}})
    made = stage.bundle(verified=verified)
    result = stage.publish(made, settings=settings)
    assert result.draft == stage.pull()["draft"] == (draft == "always" or said)
    assert (progress.DRAFT in stage.told(made.errand)) == said
    again = stage.bundle(verified=verified)
    assert stage.publish(again, settings=settings).delivery is Delivery.UNCHANGED
    assert (progress.DRAFT in stage.told(again.errand)) == said
    other = stage.bundle("    mesh.other()\n")
    updated = stage.publish(other, settings=settings)
    assert (updated.delivery, updated.draft) == (Delivery.UPDATED, draft == "always")
    assert progress.DRAFT not in stage.told(other.errand)


def test_where_a_draft_cannot_be_made_ready_it_is_said_to_be_one_still(stage: Stage) -> None:
    stage.publish(stage.bundle("    mesh.other()\n", verified=False))
    stage.hub.give("POST", "/graphql", {"data": None, "errors": [{"type": "FORBIDDEN", "message": "no"}]}, times=1)
    result = stage.publish(stage.bundle())
    assert stage.pull()["draft"] and result.draft


def test_another_try_on_the_bots_own_pull_request_still_closes_the_issue(stage: Stage) -> None:
    first = stage.publish(stage.bundle())
    assert first.pull is not None
    own = Subject(number=first.pull, is_pull=True)
    retry = stage.errand(next(_RUNS), subject=own, command=Command(verb=Verb.RETRY, words="use bmesh"))
    second = stage.publish(stage.bundle("    mesh.better()\n", errand=retry))
    assert (second.delivery, second.pull) == (Delivery.UPDATED, first.pull)
    pull = stage.pull()
    message = stage.hub.client().commit(pull["head"]["sha"]).message
    for text in (pull["body"], message):
        assert f"\nFixes #{stage.number}\n" in text and f"#{first.pull}" not in text
    assert f" --issue {stage.number}\n" in pull["body"]


def test_a_personal_token_is_said_to_sign_nothing(stage: Stage) -> None:
    result = stage.publish(stage.bundle(), "maintainer")
    assert result.delivery is Delivery.OPENED
    assert any("not signed" in note for note in result.notes)
    assert stage.publish(stage.bundle("    mesh.other()\n"), "maintainer").delivery is Delivery.UPDATED


def test_an_app_needs_neither_note(stage: Stage) -> None:
    result = stage.publish(stage.bundle(), "app")
    assert result.delivery is Delivery.OPENED
    assert not any("workflows" in note or "signed" in note for note in result.notes)
    assert "> [!NOTE]" not in stage.pull()["body"]


# The same problem again


def test_the_same_problem_is_updated_in_place(stage: Stage) -> None:
    first = stage.publish(stage.bundle())
    head = stage.hub.branch(stage.branch)
    again = stage.bundle("    mesh.better()\n")
    second = stage.publish(again)
    assert (second.delivery, second.pull) == (Delivery.UPDATED, first.pull)
    assert len([each for each in stage.hub.pulls() if each["head"]["ref"] == stage.branch]) == 1
    assert b"mesh.better()" in stage.hub.files(stage.branch)["kiln/__init__.py"]
    new = stage.hub.client().commit(stage.hub.branch(stage.branch) or "")
    assert new.parents == (stage.commit,) and new.sha != head
    assert progress.marker(again.errand) in stage.pull()["body"]


def test_the_same_patch_changes_nothing(stage: Stage) -> None:
    first = stage.publish(stage.bundle())
    before = (stage.pull()["head"]["sha"], stage.pull()["body"])
    again = stage.bundle()
    second = stage.publish(again)
    assert (second.delivery, second.pull) == (Delivery.UNCHANGED, first.pull)
    assert (stage.pull()["head"]["sha"], stage.pull()["body"]) == before
    assert "has this very patch already" in stage.told(again.errand)


def test_a_persons_commit_is_kept(stage: Stage) -> None:
    stage.publish(stage.bundle())
    host = stage.hub.client("maintainer")
    head = stage.pull()["head"]["sha"]
    tree = host.make_tree(host.commit(head).tree, [("kiln/mine.py", "100644", host.make_blob(b"x = 1\n"))])
    theirs = host.make_commit("Mine", tree, [head])
    host.move_branch(stage.branch, theirs)
    again = stage.bundle("    mesh.better()\n")
    result = stage.publish(again)
    assert (result.ending, result.delivery) == (Ending.FINISHED, Delivery.FOREIGN)
    assert stage.hub.branch(stage.branch) == theirs
    assert "it is theirs" in stage.told(again.errand)


@pytest.mark.parametrize("who", ["actions", "app", "maintainer"])
def test_a_bots_commit_a_person_changed_is_theirs(stage: Stage, who: str) -> None:
    """Names can stay as they were, whatever the token: an amended commit keeps its author, and in a Codespace it is
    GitHub that commits. The tree tells."""
    stage.publish(stage.bundle(), who)
    host = stage.hub.client(who)
    head = host.commit(stage.pull()["head"]["sha"])
    tree = host.make_tree(head.tree, [("kiln/mine.py", "100644", host.make_blob(b"x = 1\n"))])
    theirs = host.make_commit(head.message, tree, head.parents)
    host.move_branch(stage.branch, theirs, force=True)
    assert stage.publish(stage.bundle("    mesh.better()\n"), who).delivery is Delivery.FOREIGN
    assert stage.hub.branch(stage.branch) == theirs


def test_a_message_copied_by_a_person_makes_nothing_the_bots(stage: Stage) -> None:
    host = stage.hub.client("maintainer")
    base = host.commit(stage.commit)
    theirs = host.make_commit("Mine\n\nBcrag-Run: 20260131-120000-abcd\n", base.tree, [stage.commit])
    host.create_branch(stage.branch, theirs)
    assert stage.publish(stage.bundle()).delivery is Delivery.FOREIGN
    assert stage.hub.branch(stage.branch) == theirs


def test_a_push_in_the_last_moment_is_kept(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the look at the branch and the move somebody pushes."""
    stage.publish(stage.bundle())
    person = stage.hub.client("maintainer")
    head = stage.pull()["head"]["sha"]
    theirs = person.make_commit("Mine", person.commit(head).tree, [head])
    host = stage.hub.client()
    make = host.make_commit

    def push_first(message: str, tree: str, parents: Any) -> str:
        person.move_branch(stage.branch, theirs)
        return make(message, tree, parents)

    monkeypatch.setattr(host, "make_commit", push_first)
    result = stage.publish(stage.bundle("    mesh.better()\n"), host=host)
    assert result.delivery is Delivery.FOREIGN
    assert stage.hub.branch(stage.branch) == theirs


def test_an_empty_branch_may_be_used(stage: Stage) -> None:
    stage.hub.client("maintainer").create_branch(stage.branch, stage.commit)
    assert stage.publish(stage.bundle()).delivery is Delivery.OPENED


def test_a_closed_pull_request_stays_closed(stage: Stage) -> None:
    first = stage.publish(stage.bundle())
    assert first.pull is not None
    head = stage.hub.branch(stage.branch)
    stage.hub.client("maintainer").edit_pull(first.pull, state="closed")
    again = stage.bundle("    mesh.better()\n")
    result = stage.publish(again)
    assert (result.delivery, result.pull) == (Delivery.CLOSED, first.pull)
    assert stage.hub.branch(stage.branch) == head
    assert [each["state"] for each in stage.hub.pulls() if each["head"]["ref"] == stage.branch] == ["closed"]
    assert "Reopen it" in stage.told(again.errand)


def test_without_an_issue_what_was_closed_is_not_proposed_again(stage: Stage) -> None:
    first = stage.publish(stage.bundle(errand=stage.unasked()))
    stage.close(first.pull)
    summary = stage.folder / "summary.md"
    made = stage.bundle(errand=stage.unasked())
    made.around = stage.around(made.errand, GITHUB_STEP_SUMMARY=str(summary))
    result = stage.publish(made)
    assert (result.ending, result.delivery, result.pull) == (Ending.FINISHED, Delivery.CLOSED, first.pull), result
    assert f"#{first.pull}" in summary.read_text() and "the very same changes" in summary.read_text()


def test_without_an_issue_other_changes_are_another_pull_request(stage: Stage) -> None:
    first = stage.publish(stage.bundle(errand=stage.unasked()))
    assert "these changes are not proposed again" in stage.hub.pulls()[0]["body"]
    stage.close(first.pull)
    other = stage.bundle("    mesh.better()\n", errand=stage.unasked())
    second = stage.publish(other)
    assert (second.delivery, second.pull != first.pull) == (Delivery.OPENED, True), second
    assert b"mesh.better()" in stage.hub.files(other.errand.branch)["kiln/__init__.py"]
    stage.close(second.pull)
    third = stage.publish(stage.bundle("    mesh.best()\n", errand=stage.unasked()))
    assert third.delivery is Delivery.OPENED and third.pull not in (first.pull, second.pull)


def test_after_a_merged_one_there_is_a_new_one(stage: Stage) -> None:
    first = stage.publish(stage.bundle())
    assert first.pull is not None
    stage.hub._dict("PUT", f"pulls/{first.pull}/merge", {"merge_method": "squash"})
    made = stage.bundle("    mesh.better()\n")
    second = stage.publish(made)
    assert second.delivery is Delivery.OPENED and second.pull != first.pull
    assert stage.commit in stage.hub.client().commit(stage.hub.branch(stage.branch) or "").parents


# Where something is not allowed


def test_where_pull_requests_are_forbidden_there_is_a_branch_and_a_link(stage: Stage) -> None:
    forbidden = {"message": "GitHub Actions is not permitted to create or approve pull requests."}
    stage.hub.give("POST", "pulls", forbidden, status=403, times=1)
    made = stage.bundle()
    result = stage.publish(made)
    assert (result.ending, result.delivery, result.pull) == (Ending.FINISHED, Delivery.BRANCH, None)
    assert result.url == f"https://github.test/owner/addon/compare/main...{stage.branch}?expand=1"
    assert b"shade_smooth" in stage.hub.files(stage.branch)["kiln/__init__.py"]
    told = stage.told(made.errand)
    assert f"The patch is on the branch `{stage.branch}`" in told and f"[Open it yourself]({result.url})" in told
    assert "Allow GitHub Actions to create and approve pull requests" in told
    assert stage.publish(stage.bundle()).delivery is Delivery.OPENED


@pytest.mark.parametrize("who", ["app", "maintainer"])
def test_where_another_token_may_not_open_them_that_token_is_named(stage: Stage, who: str) -> None:
    stage.hub.give("POST", "pulls", {"message": "Resource not accessible"}, status=403, times=1)
    result = stage.publish(stage.bundle(), who)
    assert result.delivery is Delivery.BRANCH
    assert [note for note in result.notes if "pull requests: write" in note]
    assert not [note for note in result.notes if "Settings" in note]


def test_where_contents_may_not_be_written_the_patch_stays_in_the_bundle(stage: Stage) -> None:
    rights = {"contents": "read", "issues": "write", "pull_requests": "write", "checks": "write"}
    made = stage.bundle()
    result = stage.publish(made, host=stage.hub.client("actions", rights))
    assert (result.ending, result.delivery) == (Ending.FINISHED, Delivery.ARTIFACT), result
    assert stage.hub.branch(stage.branch) is None
    told = stage.told(made.errand)
    assert "git apply patch.diff" in told
    assert "the job `publish` needs `contents: write`, and the branch must not be protected" in told


def test_who_lost_the_race_for_a_branch_twice_is_told_to_ask_again(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each time between the look at the branch and the move, somebody moves it and takes that back."""
    monkeypatch.setattr(branches, "put", lambda *_: None)
    result = stage.publish(stage.bundle())
    assert (result.delivery, result.notes) == (Delivery.ARTIFACT, (pulls.MOVED,))


def test_pull_requests_can_be_switched_off(stage: Stage) -> None:
    settings = Settings.model_validate({"github": {"pull_requests": False}})
    result = stage.publish(stage.bundle(), settings=settings)
    assert result.delivery is Delivery.BRANCH
    assert not [each for each in stage.hub.pulls() if each["head"]["ref"] == stage.branch]
    assert [note for note in result.notes if "switched off" in note]
    assert not [note for note in result.notes if "To let the bot do it" in note]


def test_no_more_pull_requests_than_allowed(stage: Stage) -> None:
    other = Stage(stage.hub, stage.repository, stage.folder)
    first = other.publish(other.bundle())
    settings = Settings.model_validate({"github": {"max_open_pulls": 1}})
    made = stage.bundle()
    result = stage.publish(made, settings=settings)
    assert (result.ending, result.delivery) == (Ending.LIMITED, Delivery.ARTIFACT)
    assert stage.hub.branch(stage.branch) is None
    assert "as many pull requests open as it may (1)" in stage.told(made.errand)
    update = other.publish(other.bundle("    mesh.better()\n"), settings=settings)
    assert (update.delivery, update.pull) == (Delivery.UPDATED, first.pull)


def test_labels_that_cannot_be_put_on_fail_nothing(stage: Stage) -> None:
    made = stage.bundle()
    number = max((each["number"] for each in stage.hub.pulls()), default=0)
    number = max(number, stage.number) + 1
    stage.hub.give("POST", f"issues/{number}/labels", {"message": "no"}, status=403, times=1)
    result = stage.publish(made)
    assert result.delivery is Delivery.OPENED
    assert any("labels" in note for note in result.notes)


# Renders


def test_renders_are_shown_from_their_branch(stage: Stage) -> None:
    made = stage.bundle()
    stage.publish(made)
    place = f"{made.errand.run}-1/after.png"
    assert f"https://github.test/owner/addon/blob/{ARTIFACTS_BRANCH}/{place}?raw=true" in stage.pull()["body"]
    host = stage.hub.client()
    head = host.branch(ARTIFACTS_BRANCH)
    assert head is not None and host.commit(head).parents == ()
    assert stage.hub.files(ARTIFACTS_BRANCH)[place].startswith(b"\x89PNG")


def test_renders_that_look_the_same_are_not_shown_twice(stage: Stage) -> None:
    made = stage.bundle()
    (made.folder / "renders" / "after.png").write_bytes(bundled.png("red"))
    assert stage.publish(made).delivery is Delivery.OPENED
    body = stage.pull()["body"]
    assert "What the add-on makes" not in body and "![" not in body
    assert "look the same; both are in the bundle" in body.partition("<summary>Cost and time</summary>")[2]
    assert not any(path.startswith(f"{made.errand.run}-") for path in stage.hub.files(ARTIFACTS_BRANCH))


def test_the_newest_renders_are_kept(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(renders, "MOST_RUNS", 3)
    host = stage.hub.client()
    runs = []
    for _ in range(5):
        errand = stage.errand(next(_RUNS))
        runs.append(errand.run)
        shown = renders.show(host, "https://github.test", errand, 1, bundled.png("red"), bundled.png("green"))
        assert shown.before and shown.after and not shown.notes
    there = {path.partition("/")[0] for path in stage.hub.files(ARTIFACTS_BRANCH)}
    assert there == {f"{run}-1" for run in runs[-3:]}
    head = host.branch(ARTIFACTS_BRANCH)
    assert head is not None and host.commit(head).parents == ()


def test_there_is_room_for_so_many_bytes(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    size = len(bundled.png())
    monkeypatch.setattr(renders, "MOST_BYTES", 2 * size)
    host = stage.hub.client()
    for _ in range(4):
        errand = stage.errand(next(_RUNS))
        renders.show(host, "https://github.test", errand, 1, bundled.png(), None)
    assert len(stage.hub.files(ARTIFACTS_BRANCH)) == 2


def test_somebody_elses_branch_is_left_alone(hub: Hub, stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    before = hub.branch("main")
    monkeypatch.setattr(renders, "ARTIFACTS_BRANCH", "main")
    shown = renders.show(hub.client(), "https://github.test", stage.errand(9), 1, bundled.png(), None)
    assert shown == renders.Shown(notes=(renders.FOREIGN,))
    assert hub.branch("main") == before


def test_without_the_right_or_the_wish_renders_stay_in_the_bundle(stage: Stage) -> None:
    settings = Settings.model_validate({"github": {"artifacts_branch": False, "max_open_pulls": 100}})
    made = stage.bundle()
    stage.publish(made, settings=settings)
    assert "![" not in stage.pull()["body"]
    assert f"{made.errand.run}-1/after.png" not in stage.hub.files(ARTIFACTS_BRANCH)
    host = stage.hub.client("actions", {"contents": "read"})
    assert renders.show(host, "x", made.errand, 1, b"png", None) == renders.Shown(notes=(renders.NOT_SHOWN,))


# Pull requests as the place where somebody asks


@pytest.fixture
def proposed(stage: Stage) -> Callable[..., tuple[int, str, Errand]]:
    """A pull request of a person, on which the bot is asked."""

    def propose(text: str = "") -> tuple[int, str, Errand]:
        host = stage.hub.client("maintainer")
        run = next(_RUNS)
        name = f"topic-{run}"
        blob = host.make_blob(b"# a topic\n" + bundled.INIT.encode())
        tree = host.make_tree(host.commit(stage.commit).tree, [("kiln/__init__.py", "100644", blob)])
        head = host.make_commit("Topic", tree, [stage.commit])
        host.create_branch(name, head)
        number = host.open_pull("Topic", text, name, "main").number
        errand = stage.errand(
            run, subject=Subject(number=number, is_pull=True), base=name, problem=f"fix-{number}"
        ).model_copy(update={"commit": head})
        return number, head, errand

    return propose


def _asked(stage: Stage, head: str, errand: Errand) -> Made:
    """A bundle made for a pull request's commit."""
    diff = bundled.diff(stage.repository, {"kiln/__init__.py": "# a topic\n" + bundled.INIT}).decode()
    old = re.findall(r"index [0-9a-f]{40}\.\.([0-9a-f]{40})", diff)[0]
    topic = "# a topic\n" + bundled.INIT
    (stage.folder / "topic").mkdir()
    other = bundled.repository(stage.folder / "topic" / "repository", {"kiln/__init__.py": topic})
    text = bundled.diff(other, {"kiln/__init__.py": topic.replace("    mesh.use_auto_smooth = True\n", CHANGE)})
    assert old.encode() in text
    made = bundled.made(stage.folder / str(errand.run), head, text, asked=errand)
    made.around = stage.around(errand)
    made.write()
    return made


def test_a_patch_asked_for_on_a_pull_request_goes_to_its_branch(
    stage: Stage, proposed: Callable[..., tuple[int, str, Errand]]
) -> None:
    number, head, errand = proposed()
    result = stage.publish(_asked(stage, head, errand))
    assert result.delivery is Delivery.OPENED
    pull = next(each for each in stage.hub.pulls() if each["number"] == result.pull)
    assert pull["base"]["ref"] == errand.base and f"#{number}" in pull["body"]


SUGGEST = Settings.model_validate({"github": {"on_pull_request": "suggest", "max_open_pulls": 100}})


def test_or_becomes_suggestions_on_its_lines(stage: Stage, proposed: Callable[..., tuple[int, str, Errand]]) -> None:
    number, head, errand = proposed()
    made = _asked(stage, head, errand)
    page = [{"filename": "kiln/__init__.py", "status": "modified", "patch": "@@ -1,6 +1,7 @@\n+# a topic\n"}]
    stage.hub.give("GET", f"pulls/{number}/files", page, times=1)
    stage.hub.give("POST", f"pulls/{number}/reviews", {"id": 1}, times=1)
    result = stage.publish(made, settings=SUGGEST)
    assert (result.delivery, result.pull) == (Delivery.SUGGESTED, number), result
    review = next(each for each in stage.hub.requests[::-1] if each.path.endswith(f"pulls/{number}/reviews"))
    assert "```suggestion\n    mesh.shade_smooth()\n```" in review.body["comments"][0]["body"]
    assert stage.hub.branch(errand.branch) is None


def test_what_does_not_fit_there_becomes_a_pull_request(
    stage: Stage, proposed: Callable[..., tuple[int, str, Errand]]
) -> None:
    number, head, errand = proposed()
    made = _asked(stage, head, errand)
    stage.hub.give("GET", f"pulls/{number}/files", [], times=1)
    result = stage.publish(made, settings=SUGGEST)
    assert result.delivery is Delivery.OPENED and result.pull != number
    assert any("do not fit as suggestions" in note for note in result.notes)


def test_to_a_fork_nothing_is_pushed(stage: Stage, proposed: Callable[..., tuple[int, str, Errand]]) -> None:
    number, head, errand = proposed()
    errand = errand.model_copy(update={"subject": Subject(number=number, is_pull=True, from_fork=True), "base": "main"})
    made = _asked(stage, head, errand)
    stage.hub.give("GET", f"pulls/{number}/files", [], times=1)
    result = stage.publish(made)
    assert result.delivery is Delivery.ARTIFACT
    assert any("fork" in note for note in result.notes)
    assert stage.hub.branch(errand.branch) is None


# Every ending is told, once


def ending(stage: Stage, **how: Any) -> tuple[Result, str]:
    made = stage.bundle()
    result = stage.publish(made, **how)
    return result, stage.told(made.errand)


def test_nothing_found_is_a_result(stage: Stage) -> None:
    made = stage.bundle()
    clean = bundled.made(stage.folder / "clean", stage.commit, None, asked=made.errand)
    clean.around = made.around
    clean.write()
    result = stage.publish(clean)
    assert (result.ending, result.delivery) == (Ending.FINISHED, Delivery.NONE)
    assert stage.told(made.errand)
    assert stage.hub.branch(stage.branch) is None


@pytest.mark.parametrize("how", [CANCELLED, SKIPPED])
def test_what_was_cancelled_is_not_published(stage: Stage, how: str) -> None:
    result, told = ending(stage, job_result=how)
    assert result.ending is Ending.CANCELLED and "Cancelled" in told
    assert stage.hub.branch(stage.branch) is None


def test_a_newer_command_takes_over(stage: Stage) -> None:
    made = stage.bundle()
    later = stage.errand(next(_RUNS))
    stage.hub.client().comment(stage.number, progress.progress(later, "acknowledged", "https://x.test"))
    result = stage.publish(made, job_result=CANCELLED)
    assert result.ending is Ending.SUPERSEDED
    assert "newer command" in stage.told(made.errand)
    assert "On it" in stage.told(later)


def test_a_mark_a_person_typed_takes_over_nothing(stage: Stage) -> None:
    made = stage.bundle()
    stage.hub.comment(stage.number, progress.marker(stage.errand(next(_RUNS))))
    assert stage.publish(made, job_result=CANCELLED).ending is Ending.CANCELLED


def test_where_there_is_no_bundle_that_is_told(stage: Stage) -> None:
    result, told = ending(stage, bundle=stage.folder / "nothing", job_result=FAILURE)
    assert result.ending is Ending.FAILED and "without leaving anything" in told


@pytest.mark.parametrize("how,said", [(Ending.TIMED_OUT, "too long"), (Ending.FAILED, "failed")])
def test_what_the_job_says_of_its_end_is_told(stage: Stage, how: Ending, said: str) -> None:
    folder = stage.folder / "ended"
    leave(folder, how, "It was @octocat. <script>", "![x](https://evil.example/x.png)")
    result, told = ending(stage, bundle=folder, job_result=FAILURE)
    assert result.ending is how and said in told.lower()
    # of a run that took too long all is said already
    assert ("octocat" in told) == ("evil" in told) == (how is Ending.FAILED)
    assert_ours(told, links=re.findall(r"\((https://github\.test/\S+)\)", told), mark=told.partition("\n")[0] + "\n")


def test_a_run_that_was_stopped_between_its_report_and_its_origin_is_no_forged_one(stage: Stage) -> None:
    made = stage.bundle()
    (made.folder / "origin.json").unlink()
    leave(made.folder, Ending.TIMED_OUT, "The run was not done after 40 minutes, and was stopped.")
    result = stage.publish(made, job_result=FAILURE)
    assert (result.ending, result.delivery, result.report) == (Ending.TIMED_OUT, Delivery.NONE, None)
    assert "too long" in stage.told(made.errand) and "deadline" in stage.told(made.errand)
    assert stage.hub.branch(stage.branch) is None


def test_a_job_cannot_say_it_was_refused(stage: Stage) -> None:
    folder = stage.folder / "ended"
    leave(folder, Ending.SUPERSEDED, "x")
    assert ending(stage, bundle=folder, job_result=FAILURE)[0].ending is Ending.FAILED


def test_a_bundle_that_is_refused_is_told(stage: Stage) -> None:
    made = stage.bundle()
    made.alter("origin.json", run=1)
    result = stage.publish(made)
    assert result.ending is Ending.REFUSED and "another workflow run" in stage.told(made.errand)
    assert "Ask again: `/bcrag retry`." in stage.told(made.errand)
    assert stage.hub.branch(stage.branch) is None


def test_a_rate_limit_is_told_with_its_end(stage: Stage) -> None:
    reset = str(int(time.time()) + 1500)
    limit = Given(
        {"message": "API rate limit exceeded"}, 403, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": reset}
    )
    stage.hub.give("GET", f"git/trees/{stage.commit}", limit, times=1)
    result, told = ending(stage)
    assert result.ending is Ending.LIMITED and re.search(r"until \d\d:\d\d UTC", told)


def test_when_github_fails_that_is_told(stage: Stage) -> None:
    stage.hub.give("GET", f"git/trees/{stage.commit}", {"message": "Not Found"}, status=404, times=1)
    result, told = ending(stage)
    assert result.ending is Ending.FAILED and "git/trees" in told
    assert "the token may see it" in result.cure and result.cure.endswith("Then: `/bcrag retry`.")


def configured(stage: Stage, text: bytes) -> str:
    """What is told where `bcrag.toml` holds this."""
    content = base64.b64encode(text).decode()
    file = {
        "type": "file",
        "encoding": "base64",
        "content": content,
        "sha": "a" * 40,
        "path": "bcrag.toml",
        "name": "x",
    }
    stage.hub.give("GET", "contents/bcrag.toml", file, times=1)
    result, told = ending(stage, settings=None)
    assert result.ending is Ending.FAILED and "configuration of the repository is wrong" in told
    return told


def test_a_wrong_configuration_is_told(stage: Stage) -> None:
    assert "github.draft" in configured(stage, b"[github]\ndraft = 'sometimes'\n")


def test_what_stands_in_a_wrong_configuration_becomes_nothing_else(stage: Stage) -> None:
    told = configured(stage, b"'@octocat ![x](https://evil.example/a.png) ``` <b>' = 1\n")
    assert "octocat" in told
    assert_ours(told, links=re.findall(r"\((https://github\.test/\S+)\)", told), mark=told.partition("\n")[0] + "\n")


def test_a_defect_is_told(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = "ghp_" + "a1" * 18

    def broken(*_: object) -> None:
        raise ZeroDivisionError(secret)

    monkeypatch.setattr("bot.publishing.pulls.deliver", broken)
    result, told = ending(stage)
    assert result.ending is Ending.FAILED and "ZeroDivisionError" in told and secret not in told
    assert "```text\nTraceback" in told and "To try again: `/bcrag retry`. If it fails again, please report it" in told


def test_a_report_that_cannot_be_put_into_words_is_told(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    real = progress.result

    def broken(errand: Errand, result: Result) -> str:
        if result.report is not None:
            raise KeyError("x")
        return real(errand, result)

    monkeypatch.setattr(progress, "result", broken)
    result, told = ending(stage)
    assert result.ending is Ending.FAILED and "KeyError" in told


def test_an_interrupted_job_tells_it_too(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("bot.publishing.pulls.deliver", interrupted)
    made = stage.bundle()
    with pytest.raises(KeyboardInterrupt):
        stage.publish(made)
    assert "Cancelled" in stage.told(made.errand)


# Where it is told


def test_the_progress_comment_becomes_the_result(stage: Stage) -> None:
    made = stage.bundle()
    comment = stage.hub.client().comment(stage.number, progress.progress(made.errand, "verifying", "https://x.test"))
    made.errand = made.errand.model_copy(update={"comment": comment.id})
    made.write()
    stage.publish(made)
    assert "in pull request #" in stage.told(made.errand)
    assert len(stage.hub.comments(stage.number)) == 1


def test_a_comment_without_its_number_is_found_by_its_mark(stage: Stage) -> None:
    made = stage.bundle()
    stage.hub.comment(stage.number, progress.marker(made.errand) + "\nnot the bot's")
    stage.hub.client().comment(stage.number, progress.progress(made.errand, "verifying", "https://x.test"))
    stage.publish(made)
    bodies = [each["body"] for each in stage.hub.comments(stage.number)]
    assert len(bodies) == 2 and "not the bot's" in bodies[0] and "in pull request #" in bodies[1]


def test_a_comment_that_was_deleted_is_made_anew(stage: Stage) -> None:
    made = stage.bundle()
    made.errand = made.errand.model_copy(update={"comment": 999_999})
    made.write()
    stage.publish(made)
    assert "in pull request #" in stage.told(made.errand)


def test_where_nothing_can_be_said_the_page_of_the_run_has_it(stage: Stage) -> None:
    summary = stage.folder / "summary.md"
    made = stage.bundle()
    made.around = stage.around(made.errand, GITHUB_STEP_SUMMARY=str(summary))
    locked = {"message": "Unable to create comment because issue is locked."}
    stage.hub.give("POST", f"issues/{stage.number}/comments", locked, status=403, times=1)
    said: list[str] = []
    result = publish(Work(made.folder, made.errand), stage.hub.client(), made.around, OPEN, said.append)
    assert result.delivery is Delivery.OPENED
    assert f"#{result.pull}" in summary.read_text() and "locked" in said[0]


def test_a_check_run_tells_it_where_the_token_may(stage: Stage) -> None:
    made = stage.bundle()
    stage.publish(made)
    found = [each for each in stage.hub.checks(stage.commit) if each["status"] == "completed"]
    assert found and found[-1]["name"] == "bcrag" and found[-1]["output"]["title"]
    before = len(stage.hub.checks(stage.commit))
    stage.publish(stage.bundle("    mesh.x()\n"), "maintainer")
    off = Settings.model_validate({"github": {"checks": False, "max_open_pulls": 100}})
    stage.publish(stage.bundle("    mesh.y()\n"), settings=off)
    assert len(stage.hub.checks(stage.commit)) == before


def _refusing(stage: Stage, refused: Callable[[dict[str, Any]], bool]) -> tuple[dict[str, Any], list[str]]:
    """The check run of a result where GitHub takes no such end of it, and what the log says."""

    refusing = [True]

    def answer(request: Any, match: Any) -> Given | None:
        return Given({"message": "Invalid."}, 422) if any(refusing) and refused(request.body["output"]) else None

    stage.hub._tap.answer("PATCH", r"/repos/owner/addon/check-runs/\d+", answer)
    made, said = stage.bundle(), list[str]()
    publish(Work(made.folder, made.errand), stage.hub.client(), made.around, OPEN, said.append)
    refusing.clear()  # other tests have the same GitHub
    return max(stage.hub.checks(stage.commit), key=lambda each: int(each["id"])), said


def test_a_check_run_ends_where_its_annotations_are_refused(stage: Stage) -> None:
    check, said = _refusing(stage, lambda output: "annotations" in output)
    assert (check["status"], check["conclusion"], said) == ("completed", "action_required", [])
    assert check["output"]["title"] and check["output"]["summary"] == told.NOT_SHOWN


def test_a_check_run_that_cannot_be_ended_is_told_of(stage: Stage) -> None:
    check, said = _refusing(stage, lambda _: True)
    assert check["status"] == "in_progress"
    assert said == [told.NOT_FINISHED.format(commit=stage.commit[:12])]


def test_without_an_issue_there_is_no_comment(stage: Stage) -> None:
    run = next(_RUNS)
    errand = stage.errand(run, subject=None, problem=f"fix-f{run:x}")
    before = len(stage.hub.requests)
    result = stage.publish(stage.bundle(errand=errand))
    assert result.delivery is Delivery.OPENED
    assert not any("/comments" in each.path for each in stage.hub.requests[before:])
