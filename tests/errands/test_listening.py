from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

import octokit
from bot.errands import listening, replies
from bot.errands.listening import Reply
from bot.errors import ConfigurationError
from bot.models.command import Command, Verb
from bot.models.errand import Asker, Errand, Subject
from bot.models.request import Trigger
from bot.publishing import ours
from bot.triggers.events import Ignored
from spoken import assert_ours
from world import World


def errand(found: object) -> Errand:
    assert isinstance(found, Errand), found
    return found


def reply(found: object) -> Reply:
    assert isinstance(found, Reply), found
    return found


def runs_today(world: World) -> list[int]:
    return [mark.run for mark in ours.since(world.host(), datetime.now(UTC) - listening.DAY, "")]


def test_a_command_on_an_issue(world: World) -> None:
    issue = world.hub.issue("It broke", "Traceback …")["number"]
    payload = world.said(issue, "/bcrag fix use bmesh")
    run = world.run()
    found = errand(world.decided("issue_comment", payload, run=run))
    user = payload["comment"]["user"]
    assert found == Errand(
        repository="owner/addon",
        run=run,
        command=Command(verb=Verb.FIX, words="use bmesh"),
        trigger=Trigger.SLASH_COMMAND,
        problem=f"fix-{issue}",
        subject=Subject(number=issue),
        base="main",
        commit=world.main(),
        asked_by=Asker(login="maintainer", id=user["id"]),
        asked_at=datetime.fromisoformat(payload["comment"]["created_at"]),
    )
    assert found.trusted
    assert Errand.model_validate_json(found.model_dump_json()) == found


def test_a_closed_issue_is_as_good(world: World) -> None:
    issue = world.hub.issue("It broke")["number"]
    world.hub.close(issue)
    assert errand(world.asked(issue, "/bcrag fix")).problem == f"fix-{issue}"


def test_an_issue_that_asks_as_it_is_opened(world: World) -> None:
    payload = world.opened("A wish", "/bcrag feature\nan undo button")
    found = errand(world.decided("issues", payload))
    assert found.problem == f"feature-{payload['issue']['number']}"
    assert found.command.words == "an undo button"


@pytest.mark.parametrize("user", ["stranger", "triager", "nobody"])
@pytest.mark.parametrize("body", ["/bcrag fix", "/bcrag help", "/bcrag stop", "/bcrag fxi"])
def test_who_may_not_write_is_not_answered(world: World, user: str, body: str) -> None:
    issue = world.hub.issue("It broke")["number"]
    before = len(world.hub.changes())
    found = world.asked(issue, body, user)
    assert isinstance(found, Ignored)
    assert user in found.reason and "may not write" in found.reason
    assert len(world.hub.changes()) == before


def test_a_label_counts_for_who_put_it_there(world: World) -> None:
    issue = world.hub.issue("It broke", user="maintainer")
    sender = {**issue["user"]}
    payload = {
        "action": "labeled",
        "issue": issue,
        "label": {"name": "bcrag: check"},
        "repository": {"full_name": "owner/addon"},
        "sender": sender,
    }
    found = errand(world.decided("issues", payload))
    assert (found.command, found.trigger) == (Command(verb=Verb.CHECK), Trigger.LABEL)
    stranger = world.hub.issue("x", user="stranger")["user"]
    assert isinstance(world.decided("issues", {**payload, "sender": stranger}), Ignored)


def test_the_event_of_another_repository(world: World) -> None:
    payload = octokit.payload("issue_comment", "created")
    payload["comment"]["body"] = "/bcrag fix"
    found = world.decided("issue_comment", payload)
    assert found == Ignored(reason=listening.ELSEWHERE.format(event="Codertocat/Hello-World", here="owner/addon"))


def test_help_and_what_is_no_command_are_answered(world: World) -> None:
    issue = world.hub.issue("It broke")["number"]
    assert reply(world.asked(issue, "/bcrag")) == Reply(text=replies.HELP, number=issue)
    found = reply(world.asked(issue, "/bcrag fxi @everyone"))
    assert "Did you mean `fix`?" in found.text
    assert "@everyone" not in found.text


def test_every_command_is_in_the_help() -> None:
    for verb in Verb:
        assert f"`/bcrag {verb.value}" in replies.HELP


def test_the_documentation_has_the_same_commands_in_the_same_words() -> None:
    page = (Path(__file__).parents[2] / "docs" / "github.md").read_text(encoding="utf-8")
    assert replies.TABLE in page, f"docs/github.md needs this table:\n{replies.TABLE}"


def test_what_a_model_does_is_said_to_need_one() -> None:
    needing = {name.split()[0] for name, does in replies.COMMANDS if "needs a model" in does}
    assert needing == {verb.value for verb in (Verb.EXPLAIN, Verb.TEST, Verb.REFACTOR, Verb.FEATURE)}


class TestPullRequests:
    def test_of_this_repository(self, world: World) -> None:
        head = world.branch("a-change")
        pull = world.hub.pull("A change", "a-change")["number"]
        found = errand(world.asked(pull, "/bcrag fix"))
        assert (found.base, found.commit, found.problem) == ("a-change", head, f"fix-{pull}")
        assert found.subject == Subject(number=pull, is_pull=True)
        assert found.trusted

    def test_of_a_fork(self, world: World) -> None:
        fork = world.hub.fork()
        head = world.branch("bcrag/fix-1", fork)
        pull = world.hub.pull("Mine", "stranger:bcrag/fix-1", user="stranger")["number"]
        found = errand(world.asked(pull, "/bcrag fix"))
        assert (found.base, found.commit, found.problem) == ("main", head, f"fix-{pull}")
        assert found.subject == Subject(number=pull, is_pull=True, from_fork=True)
        assert not found.trusted

    def test_of_the_bot_itself(self, world: World) -> None:
        issue = world.hub.issue("It broke")["number"]
        head = world.branch(f"bcrag/fix-{issue}")
        pull = world.hub.pull("fix: it", f"bcrag/fix-{issue}")["number"]
        for verb in ("fix", "retry"):
            found = errand(world.asked(pull, f"/bcrag {verb} use bmesh"))
            assert (found.base, found.commit, found.problem) == ("main", world.main(), f"fix-{issue}")
            assert found.subject == Subject(number=pull, is_pull=True)
        found = errand(world.asked(pull, "/bcrag check"))
        assert (found.base, found.commit, found.problem) == (f"bcrag/fix-{issue}", head, f"check-{pull}")

    def test_that_is_closed(self, world: World) -> None:
        world.branch("closed-change")
        pull = world.hub.pull("A change", "closed-change")["number"]
        world.host().edit_pull(pull, state="closed")
        assert reply(world.asked(pull, "/bcrag fix")).text == replies.CLOSED_PULL

    def test_a_label_holds_for_the_commit_it_was_put_on(self, world: World) -> None:
        seen = world.branch("labelled")
        pull = world.hub.pull("A change", "labelled")
        payload = {
            "action": "labeled",
            "pull_request": pull,
            "label": {"name": "bcrag"},
            "repository": {"full_name": "owner/addon"},
            "sender": pull["user"],
        }
        world.repository.write("addon/change.py", "evil = 1\n")
        world.repository.git("commit", "-qam", "pushed after the label")
        world.hub.push(world.repository.root, "labelled", "work")
        assert errand(world.decided("pull_request", payload)).commit == seen


class TestAnotherTry:
    def test_of_the_open_pull_request(self, world: World) -> None:
        issue = world.hub.issue("A wish")["number"]
        world.branch(f"bcrag/feature-{issue}")
        world.hub.pull("feat: it", f"bcrag/feature-{issue}")
        assert errand(world.asked(issue, "/bcrag retry")).problem == f"feature-{issue}"

    def test_of_what_was_asked_last(self, world: World) -> None:
        issue = world.hub.issue("A wish")["number"]
        world.acknowledged(errand(world.asked(issue, "/bcrag fix")), issue)
        world.acknowledged(errand(world.asked(issue, "/bcrag test the export")), issue)
        assert errand(world.asked(issue, "/bcrag retry")).problem == f"test-{issue}"

    def test_of_what_a_person_only_pretends_was_asked(self, world: World) -> None:
        issue = world.hub.issue("A wish")["number"]
        world.hub.comment(issue, f"<!-- bcrag:progress problem=test-{issue} run=1 -->", "stranger")
        assert errand(world.asked(issue, "/bcrag retry")).problem == f"fix-{issue}"


class TestByHand:
    def dispatch(self, world: World, **inputs: str) -> dict[str, object]:
        user = world.hub.issue("x", user="maintainer")["user"]
        repository = {"full_name": "owner/addon"}
        return {"inputs": inputs, "ref": "refs/heads/main", "repository": repository, "sender": user, "workflow": "x"}

    def test_about_nothing(self, world: World) -> None:
        found = errand(world.decided("workflow_dispatch", self.dispatch(world, command="fix")))
        assert (found.subject, found.base, found.commit) == (None, "main", world.main())
        again = errand(world.decided("workflow_dispatch", self.dispatch(world, command="fix")))
        other = errand(world.decided("workflow_dispatch", self.dispatch(world, command="fix", words="the panel")))
        assert found.problem == again.problem != other.problem

    def test_about_an_issue_or_a_pull_request(self, world: World) -> None:
        issue = world.hub.issue("It broke")["number"]
        payload = self.dispatch(world, command="fix", number=str(issue))
        assert errand(world.decided("workflow_dispatch", payload)).subject == Subject(number=issue)
        world.branch("by-hand")
        pull = world.hub.pull("A change", "by-hand")["number"]
        payload = self.dispatch(world, command="fix", number=str(pull))
        assert errand(world.decided("workflow_dispatch", payload)).subject == Subject(number=pull, is_pull=True)

    def test_about_what_is_not_there(self, world: World) -> None:
        found = world.decided("workflow_dispatch", self.dispatch(world, command="fix", number="987654"))
        assert found == Ignored(reason=listening.GONE.format(number=987654))
        found = world.decided("workflow_dispatch", self.dispatch(world, command="stop"))
        assert reply(found).number is None

    def test_by_the_clock(self, world: World) -> None:
        payload = {"schedule": "23 5 * * 1", "repository": {"full_name": "owner/addon"}}
        found = errand(world.decided("schedule", payload, "fix"))
        assert (found.trigger, found.asked_by, found.command.verb) == (Trigger.SCHEDULE, None, Verb.FIX)
        assert isinstance(world.decided("schedule", payload, "fxi"), Ignored)
        assert isinstance(world.decided("schedule", payload, "stop"), Ignored)


class TestLimits:
    def test_of_runs(self, world: World) -> None:
        issue = world.hub.issue("It broke")["number"]
        world.acknowledged(errand(world.asked(issue, "/bcrag fix")), issue)
        most = len(runs_today(world))
        for number in range(3):
            world.hub.comment(issue, f"<!-- bcrag:progress problem=fix-1 run={number + 1} -->", "stranger")
        world.limits = replace(world.limits, max_runs_per_day=most + 1)
        errand(world.asked(issue, "/bcrag fix"))  # what a stranger pretends counts for nothing
        world.limits = replace(world.limits, max_runs_per_day=most)
        refused = reply(world.asked(issue, "/bcrag fix"))
        assert refused == Reply(text=replies.RUNS_LIMIT.format(most=most), number=issue)
        assert reply(world.asked(issue, "/bcrag help")).text == replies.HELP

    def test_a_run_does_not_stand_in_its_own_way(self, world: World) -> None:
        issue = world.hub.issue("It broke")["number"]
        payload, run = world.said(issue, "/bcrag fix"), world.run()
        world.acknowledged(errand(world.decided("issue_comment", payload, run=run)), issue)
        world.limits = replace(world.limits, max_runs_per_day=len(runs_today(world)))
        errand(world.decided("issue_comment", payload, run=run))

    def test_of_pull_requests(self, world: World) -> None:
        issue = world.hub.issue("It broke")["number"]
        world.branch(f"bcrag/fix-{issue}")
        world.hub.pull("fix: it", f"bcrag/fix-{issue}")
        world.limits = replace(world.limits, max_open_pulls=1)
        other = world.hub.issue("That broke, too")["number"]
        world.branch(f"bcrag/fix-{other}")
        world.hub.pull("fix: that", f"bcrag/fix-{other}")
        refused = reply(world.asked(world.hub.issue("A third")["number"], "/bcrag fix"))
        assert refused.text == replies.PULLS_LIMIT.format(most=1)
        assert "as many pull requests open as it may (1)" in refused.text
        errand(world.asked(issue, "/bcrag explain why"))

    def test_the_own_pull_request_is_no_hindrance(self, world: World) -> None:
        issue = world.hub.issue("It broke")["number"]
        world.branch(f"bcrag/fix-{issue}")
        world.hub.pull("fix: it", f"bcrag/fix-{issue}")
        world.limits = replace(world.limits, max_open_pulls=len(list(ours.open_pulls(world.host()))))
        errand(world.asked(issue, "/bcrag retry"))


class TestWhereSomethingHinders:
    def test_a_wrong_configuration_is_told_to_whoever_asked(self, world: World) -> None:
        issue = world.hub.issue("It broke")["number"]
        payload = world.said(issue, "/bcrag fix")
        found = reply(world.decided("issue_comment", payload, configuration=b"lables = ['x']"))
        assert found.number == issue
        assert "not done: bcrag.toml: there is no key 'lables'." in found.text and "docs/config.md" in found.text

    def test_a_key_its_table_does_not_have_is_told_with_the_nearest(self, world: World) -> None:
        payload = world.said(world.hub.issue("It broke")["number"], "/bcrag fix")
        found = reply(world.decided("issue_comment", payload, configuration=b"[github]\nmax_open_pull = 1")).text
        assert "There is no `max_open_pull` in the table `[github]`." in found
        assert "Did you mean `max_open_pulls`?" in found

    def test_what_stands_there_becomes_nothing_else_in_the_comment(self, world: World) -> None:
        issue = world.hub.issue("It broke")["number"]
        payload = world.said(issue, "/bcrag fix")
        wrong = b"'@octocat `![x](https://evil.example/a.png)' = 1"
        assert_ours(reply(world.decided("issue_comment", payload, configuration=wrong)).text)

    def test_what_github_does_not_allow_is_told_as_well(self, world: World) -> None:
        issue = world.hub.issue("It broke")["number"]
        payload = world.said(issue, "/bcrag fix")
        world.hub.give("GET", "issues/comments", {"message": "Resource not accessible"}, status=403, times=1)
        assert "does not allow" in reply(world.decided("issue_comment", payload)).text

    def test_strangers_are_told_nothing(self, world: World) -> None:
        issue = world.hub.issue("It broke")["number"]
        payload = world.said(issue, "/bcrag fix", "stranger")
        assert isinstance(world.decided("issue_comment", payload, configuration=b"lables = 1"), Ignored)

    def test_where_there_is_no_issue_the_job_fails(self, world: World) -> None:
        payload = {"schedule": "23 5 * * 1", "repository": {"full_name": "owner/addon"}}
        with pytest.raises(ConfigurationError, match="lables"):
            world.decided("schedule", payload, "fix", configuration=b"lables = 1")


class TestStatusAndStop:
    def test_nothing(self, world: World) -> None:
        issue = world.hub.issue("It broke")["number"]
        assert reply(world.asked(issue, "/bcrag status")).text == replies.NOTHING_HERE
        assert reply(world.asked(issue, "/bcrag stop")).text == replies.NOT_RUNNING

    def test_what_runs(self, world: World) -> None:
        issue = world.hub.issue("It broke")["number"]
        run = world.run(status="in_progress", conclusion=None)
        world.acknowledged(errand(world.asked(issue, "/bcrag fix", run=run)), issue)
        world.branch(f"bcrag/fix-{issue}")
        pull = world.hub.pull("fix: it", f"bcrag/fix-{issue}", draft=True)["number"]
        said = reply(world.asked(issue, "/bcrag status")).text
        assert f"[Run {run}](" in said and f"), fix of #{issue}: in progress\n" in said
        assert f"- Pull request #{pull} is open as a draft\n" in said
        assert reply(world.asked(pull, "/bcrag status")).text == said
        said = reply(world.asked(pull, "/bcrag stop")).text
        assert said.startswith("Stopped: ") and f"[run {run}](" in said
        assert run in world.hub.actions.cancelled
        assert reply(world.asked(issue, "/bcrag stop")).text == replies.NOT_RUNNING
        assert "cancelled" in reply(world.asked(issue, "/bcrag status")).text

    def test_a_result_that_is_being_published_is_not_said_to_be_stopped(self, world: World) -> None:
        """The job `publish` always runs: GitHub does not stop it with its run."""
        issue = world.hub.issue("It broke")["number"]
        jobs = [{"name": "Repair", "status": "completed", "conclusion": "success"}, {"name": "Publish"}]
        late = world.run(status="in_progress", conclusion=None, jobs=jobs)
        world.acknowledged(errand(world.asked(issue, "/bcrag fix", run=late)), issue)
        said = reply(world.asked(issue, "/bcrag stop")).text
        assert said.startswith("Too late to stop ") and f"[run {late}](" in said and "close it" in said
        assert late not in world.hub.actions.cancelled
        run = world.run(status="in_progress", conclusion=None, jobs=[{"name": "Repair"}])
        world.acknowledged(errand(world.asked(issue, "/bcrag test it", run=run)), issue)
        said = reply(world.asked(issue, "/bcrag stop")).text
        assert said.startswith("Stopped: ") and "Too late" in said
        assert run in world.hub.actions.cancelled

    def test_where_the_jobs_are_not_known_it_is_stopped(self, world: World) -> None:
        issue = world.hub.issue("It broke")["number"]
        run = world.run(status="in_progress", conclusion=None)
        world.acknowledged(errand(world.asked(issue, "/bcrag fix", run=run)), issue)
        world.hub.give("GET", f"actions/runs/{run}/jobs", {"message": "no"}, status=403, times=1)
        assert reply(world.asked(issue, "/bcrag stop")).text.startswith("Stopped: ")

    def test_what_cannot_be_stopped(self, world: World) -> None:
        issue = world.hub.issue("It broke")["number"]
        run = world.run(status="queued", conclusion=None)
        world.acknowledged(errand(world.asked(issue, "/bcrag fix", run=run)), issue)
        world.hub.give("POST", f"actions/runs/{run}/cancel", {"message": "no"}, status=409, times=1)
        assert reply(world.asked(issue, "/bcrag stop")).text.startswith("GitHub did not stop")

    @pytest.mark.parametrize("user", ["stranger", "maintainer"])
    def test_a_mark_that_a_person_typed_stops_nothing(self, world: World, user: str) -> None:
        issue = world.hub.issue("It broke")["number"]
        run = world.run(status="in_progress", conclusion=None)
        world.hub.comment(issue, f"<!-- bcrag:progress problem=fix-{issue} run={run} -->", user)
        assert reply(world.asked(issue, "/bcrag stop")).text == replies.NOT_RUNNING
        assert run not in world.hub.actions.cancelled

    @pytest.mark.parametrize(
        "fields", [{"path": ".github/workflows/release.yml"}, {"repository": {"full_name": "other/addon"}}]
    )
    def test_runs_of_others_are_not_stopped(self, world: World, fields: dict[str, object]) -> None:
        issue = world.hub.issue("It broke")["number"]
        whole = {**octokit.example("workflow-run")["repository"], **fields.get("repository", {})}  # type: ignore[dict-item]
        run = world.run(status="in_progress", conclusion=None, **{**fields, "repository": whole})
        world.host().comment(issue, f"<!-- bcrag:progress problem=fix-{issue} run={run} -->")
        assert reply(world.asked(issue, "/bcrag stop")).text == replies.NOT_RUNNING
        assert run not in world.hub.actions.cancelled

    def test_a_run_that_did_not_come_to_its_end_is_not_called_over(self, world: World) -> None:
        issue = world.hub.issue("It broke")["number"]
        run = world.run(status="completed", conclusion="skipped")
        world.host().comment(issue, f"<!-- bcrag:progress problem=check-{issue} run={run} -->")
        assert f"), check of #{issue}: ended early\n" in reply(world.asked(issue, "/bcrag status")).text

    def test_a_mark_of_no_run(self, world: World) -> None:
        issue = world.hub.issue("It broke")["number"]
        world.host().comment(issue, f"<!-- bcrag:progress problem=fix-{issue} run=4 -->")
        assert reply(world.asked(issue, "/bcrag status")).text == replies.NOTHING_HERE


def test_an_archived_repository(world: World) -> None:
    issue = world.hub.issue("It broke")["number"]
    payload = world.said(issue, "/bcrag fix")
    world.hub.settings(archived=True)
    try:
        assert world.decided("issue_comment", payload) == Ignored(reason=listening.ARCHIVED)
    finally:
        world.hub.settings(archived=False)


def test_a_branch_with_a_name_that_is_none(world: World) -> None:
    head = world.branch("odd")
    pull = world.hub.pull("A change", "odd")
    payload = world.said(pull["number"], "/bcrag fix")
    answer = {**pull, "head": {**pull["head"], "ref": "$(id)..x"}}
    world.hub.give("GET", f"pulls/{pull['number']}", answer, times=1)
    assert "base" in reply(world.decided("issue_comment", payload)).text
    assert head
