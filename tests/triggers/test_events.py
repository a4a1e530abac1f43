from __future__ import annotations

import copy
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import octokit
from bot.models.command import Command, Verb
from bot.models.release import Release
from bot.models.request import Trigger
from bot.triggers import events
from bot.triggers.commands import NoCommand
from bot.triggers.events import Heard, Ignored, hear, written

NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)


def heard(event: str, payload: object, command: str = "") -> Heard:
    found = hear(event, payload, NOW, command)
    assert isinstance(found, Heard), found
    return found


def ignored(event: str, payload: object) -> str:
    found = hear(event, payload, NOW)
    assert isinstance(found, Ignored), found
    return found.reason


def commented(body: str = "/bcrag fix", **changes: Any) -> dict[str, Any]:
    """A comment, as GitHub tells of it; changes are made to the comment."""
    payload = octokit.payload("issue_comment", "created")
    payload["comment"].update({"body": body, **changes})
    return payload


def opened(body: str, **changes: Any) -> dict[str, Any]:
    payload = octokit.payload("issues", "opened")
    payload["issue"].update({"body": body, **changes})
    return payload


def labelled(event: str, name: str = "bcrag") -> dict[str, Any]:
    payload = octokit.payload(event, "labeled")
    payload["label"]["name"] = name
    return payload


def test_a_comment_asks() -> None:
    payload = commented("/bcrag fix use bmesh")
    found = heard("issue_comment", payload)
    assert found.command == Command(verb=Verb.FIX, words="use bmesh")
    assert found.trigger is Trigger.SLASH_COMMAND
    assert found.repository == "Codertocat/Hello-World"
    assert found.author is not None
    assert (found.author.login, found.author.id) == ("Codertocat", payload["comment"]["user"]["id"])
    assert (found.number, found.is_pull, found.comment) == (1, False, payload["comment"]["id"])
    assert found.at == datetime(2019, 5, 15, 15, 20, 21, tzinfo=UTC)
    assert (found.title, found.body) == (payload["issue"]["title"], payload["issue"]["body"])


def test_every_example_of_a_comment_can_ask() -> None:
    for example in octokit.payloads()["issue_comment"]:
        payload = copy.deepcopy(example)
        payload["comment"]["body"] = "/bcrag check 4.5"
        found = hear("issue_comment", payload, NOW)
        if payload["action"] == "created":
            assert isinstance(found, Heard)
            assert found.command == Command(verb=Verb.CHECK, releases=(Release(4, 5),))
        else:
            assert isinstance(found, Ignored)
            assert found.reason in (events.EDITED, events.DELETED)


def test_on_a_pull_request() -> None:
    payload = commented()
    payload["issue"]["pull_request"] = {"url": "https://api.github.com/repos/Codertocat/Hello-World/pulls/1"}
    found = heard("issue_comment", payload)
    assert found.is_pull
    assert found.tip is None


def test_a_closed_issue_is_no_hindrance_and_a_locked_one_is() -> None:
    payload = commented()
    payload["issue"]["state"] = "closed"
    heard("issue_comment", payload)
    payload["issue"]["locked"] = True
    assert ignored("issue_comment", payload) == events.LOCKED


def test_what_is_misspelt_is_heard_to_be_answered() -> None:
    found = heard("issue_comment", commented("/bcrag fxi"))
    assert isinstance(found.command, NoCommand)


@pytest.mark.parametrize(
    "body",
    ["", None, "Thanks!", "> /bcrag fix", "```\n/bcrag fix\n```", "/bсrag fix", "hello\n/bcrag fix", "@bcrag fix",
     "\u200b/bcrag fix", "    /bcrag fix", "<!-- x -->\n/bcrag fix", "/bcragfix"],
)  # fmt: skip
def test_comments_that_ask_for_nothing(body: str | None) -> None:
    payload = commented()
    payload["comment"]["body"] = body
    assert ignored("issue_comment", payload)


def test_an_edited_comment_is_not_heard() -> None:
    assert ignored("issue_comment", commented(updated_at="2019-05-15T15:20:22Z")) == events.EDITED


def test_bots_are_not_heard() -> None:
    payload = commented()
    payload["sender"]["type"] = "Bot"
    assert ignored("issue_comment", payload) == events.BOT.format(login="Codertocat")
    payload = commented()
    payload["comment"]["user"]["type"] = "Bot"
    assert ignored("issue_comment", payload) == events.BOT.format(login="Codertocat")
    payload = commented()
    for account in (payload["sender"], payload["comment"]["user"]):
        account["login"] = "dependabot[bot]"
    assert ignored("issue_comment", payload) == events.BOT.format(login="dependabot[bot]")
    assert ignored("issue_comment", commented(performed_via_github_app={"id": 1})) == events.BY_APP
    for event in ("issues", "pull_request"):
        payload = labelled(event)
        payload["sender"]["type"] = "Bot"
        assert ignored(event, payload) == events.BOT.format(login="Codertocat")
    payload = octokit.payload("workflow_dispatch")
    payload["sender"]["type"] = "Bot"
    assert "is a bot" in ignored("workflow_dispatch", payload)


def test_the_bot_does_not_hear_itself() -> None:
    assert ignored("issue_comment", commented("/bcrag fix\n<!-- bcrag:progress problem=fix-1 run=1 -->")) == events.OWN
    assert ignored("issues", opened("/bcrag fix <!-- bcrag:x -->")) == events.OWN


def test_nobody_speaks_for_another() -> None:
    payload = commented()
    payload["sender"] = {**payload["sender"], "login": "octocat", "id": 583231}
    assert ignored("issue_comment", payload) == events.NOT_AUTHOR.format(login="octocat")
    payload = opened("/bcrag fix")
    payload["sender"] = {**payload["sender"], "login": "octocat", "id": 583231}
    assert ignored("issues", payload) == events.NOT_AUTHOR.format(login="octocat")
    payload = commented()
    payload["comment"]["user"] = None
    assert ignored("issue_comment", payload) == events.GONE


def test_an_issue_asks_as_it_is_opened() -> None:
    found = heard("issues", opened("/bcrag explain\n\nWhy is the panel empty?"))
    assert found.command == Command(verb=Verb.EXPLAIN, words="Why is the panel empty?")
    assert (found.trigger, found.number, found.comment) == (Trigger.SLASH_COMMAND, 1, None)
    assert found.at == datetime(2019, 5, 15, 15, 20, 18, tzinfo=UTC)


def test_an_issue_that_was_moved_here_asks_for_nothing() -> None:
    payload = opened("/bcrag fix")
    payload["changes"] = {"old_issue": {}, "old_repository": {}}
    assert ignored("issues", payload) == events.MOVED


def test_a_label_asks() -> None:
    found = heard("issues", labelled("issues", "bcrag: check"))
    assert found.command == Command(verb=Verb.CHECK)
    assert found.trigger is Trigger.LABEL
    assert found.author is not None and found.author.login == "Codertocat"
    assert "`bcrag`" in ignored("issues", labelled("issues", "bug"))
    assert "`bcrag`" in ignored("issues", labelled("issues", "bсrag"))


def test_of_a_label_on_a_pull_request_the_commit_is_known() -> None:
    payload = labelled("pull_request")
    found = heard("pull_request", payload)
    assert found.is_pull
    assert found.tip == events.Tip(
        sha="ec26c3e57ca3a959ca5aad62de7213c562f8c821", ref="changes", base="master", from_fork=False
    )
    payload["pull_request"]["head"]["repo"]["full_name"] = "stranger/Hello-World"
    payload["pull_request"]["head"]["ref"] = "bcrag/fix-1"
    found = heard("pull_request", payload)
    assert found.tip is not None and found.tip.from_fork
    payload["pull_request"]["head"]["repo"] = None
    found = heard("pull_request", payload)
    assert found.tip is not None and found.tip.from_fork


def test_labels_of_the_bots_own_pull_request_ask_for_nothing() -> None:
    payload = labelled("pull_request")
    payload["pull_request"]["head"]["ref"] = "bcrag/fix-1"
    assert ignored("pull_request", payload) == events.OWN_PULL


def test_a_workflow_started_by_hand() -> None:
    payload = octokit.payload("workflow_dispatch")
    assert heard("workflow_dispatch", payload).command == Command(verb=Verb.CHECK)
    assert heard("workflow_dispatch", payload, "fix").command == Command(verb=Verb.FIX)
    payload["inputs"] = {"command": "fix", "words": "the panel", "number": "#12", "unused": None}
    found = heard("workflow_dispatch", payload)
    assert found.command == Command(verb=Verb.FIX, words="the panel")
    assert (found.number, found.is_pull, found.branch, found.at) == (12, None, "main", NOW)
    payload["inputs"] = {"command": "explain why the export fails", "number": ""}
    found = heard("workflow_dispatch", payload)
    assert found.command == Command(verb=Verb.EXPLAIN, words="why the export fails")
    assert found.number is None
    payload["inputs"] = None
    assert heard("workflow_dispatch", payload).command == Command(verb=Verb.CHECK)
    payload["ref"] = "refs/tags/v1"
    assert heard("workflow_dispatch", payload).branch is None


@pytest.mark.parametrize("number", ["x", "-1", "0", "1e3", "١٢", "9" * 40, "$(id)", "1\n2"])
def test_numbers_that_are_none(number: str) -> None:
    payload = octokit.payload("workflow_dispatch")
    payload["inputs"] = {"command": "fix", "issue": number}
    assert "is no number of an issue" in ignored("workflow_dispatch", payload)


def test_a_schedule_looks_or_does_what_the_workflow_says() -> None:
    payload = {"schedule": "23 5 * * 1", "repository": octokit.payload("push")["repository"], "workflow": "x.yml"}
    found = heard("schedule", payload)
    assert (found.command, found.trigger, found.author) == (Command(verb=Verb.CHECK), Trigger.SCHEDULE, None)
    assert heard("schedule", payload, "fix").command == Command(verb=Verb.FIX)


def test_every_other_event_is_ignored_with_a_reason() -> None:
    asking = {"issue_comment", "issues", "pull_request", "workflow_dispatch"}
    for name, examples in octokit.payloads().items():
        for example in examples:
            assert name in asking or ignored(name, example)
    assert ignored("push", octokit.payload("push")) == events.PUSHED
    for event in ("pull_request_review", "pull_request_review_comment"):
        payload = octokit.payload(event)
        payload.get("comment", payload.get("review"))["body"] = "/bcrag fix"
        assert ignored(event, payload) == events.REVIEW
    assert "pull_request_target" in ignored("pull_request_target", labelled("pull_request"))


def test_other_actions_are_ignored_with_a_reason() -> None:
    for event in ("issues", "pull_request"):
        for example in octokit.payloads()[event]:
            if example["action"] not in ("opened", "labeled"):
                assert example["action"] in ignored(event, example)
    payload = octokit.payload("issues", "edited")
    payload["issue"]["body"] = "/bcrag fix"
    assert "edited" in ignored("issues", payload)


@pytest.mark.parametrize(
    "payload",
    [None, [], "x", 3, {}, {"action": "created"}, {"action": ["created"]}, {"action": "created", "comment": None}],
)
def test_what_is_no_payload(payload: object) -> None:
    for event in ("issue_comment", "issues", "pull_request", "workflow_dispatch", "schedule", "push", "", "x" * 9999):
        found = hear(event, payload, NOW)
        assert isinstance(found, Ignored)
        assert len(found.reason) < 500


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("comment.body", 3),
        ("comment.body", "x" * 400_000),
        ("comment.id", "1"),
        ("comment.id", -1),
        ("comment.id", True),
        ("comment.id", 10**30),
        ("comment.created_at", "yesterday"),
        ("comment.created_at", "2019-05-15T15:20:21"),
        ("comment.user.login", "../admin"),
        ("comment.user.login", "a b"),
        ("comment.user.login", "x" * 200),
        ("comment.user.id", None),
        ("issue.number", 0),
        ("issue.number", "1; rm -rf /"),
        ("issue.title", "x" * 10_000),
        ("issue.locked", "no"),
        ("repository.full_name", "../../etc"),
        ("repository.full_name", "a/b/c"),
        ("repository.full_name", "a/$(id)"),
        ("repository", None),
    ],
)
def test_payloads_that_are_not_what_they_should_be(path: str, value: object) -> None:
    payload = commented()
    *above, last = path.split(".")
    part = payload
    for name in above:
        part = part[name]
    part[last] = value
    reason = ignored("issue_comment", payload)
    assert reason.startswith("The payload of `issue_comment`")
    assert path in reason


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("sha", "main"),
        ("sha", "--upload-pack=x"),
        ("ref", "a..b"),
        ("ref", "-x"),
        ("ref", "a b"),
        ("ref", "x" * 300),
        ("ref", "a\nb"),
        ("ref", "a:b"),
    ],
)
def test_branches_and_commits_that_are_none(field: str, value: str) -> None:
    payload = labelled("pull_request")
    payload["pull_request"]["head"][field] = value
    assert field in ignored("pull_request", payload)


def test_halves_of_characters_in_a_payload() -> None:
    payload = json.loads(json.dumps(commented()).replace("/bcrag fix", "/bcrag fix \\ud800 \\udc00x"))
    found = heard("issue_comment", payload)
    assert found.command == Command(verb=Verb.FIX, words="? ?x")
    assert Heard.model_validate_json(found.model_dump_json()) == found


def test_what_was_written_is_known_to_later_jobs() -> None:
    payload = commented()
    assert written(payload) == (1, payload["issue"]["title"], payload["issue"]["body"])
    assert written(opened("text")) == (1, payload["issue"]["title"], "text")
    pull = octokit.payload("pull_request", "labeled")
    assert written(pull) == (2, pull["pull_request"]["title"], pull["pull_request"]["body"])
    assert written({}) is None
    assert written({"issue": 3}) is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20) | st.floats(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=200)
@given(st.sampled_from(["issue_comment", "issues", "pull_request", "workflow_dispatch", "schedule"]), st.data())
def test_whatever_a_payload_holds_there_is_an_outcome(event: str, data: st.DataObject) -> None:
    """A real payload in which something, somewhere, is something else."""
    payload = octokit.payload(event) if event != "schedule" else octokit.payload("push")
    part: Any = payload
    for _ in range(data.draw(st.integers(0, 3))):
        inner = sorted(name for name, value in part.items() if isinstance(value, dict) and value)
        if not inner:
            break
        part = part[data.draw(st.sampled_from(inner))]
    names = ["action", "body", "comment", "issue", "label", "inputs", "ref", "sender", "repository"]
    part[data.draw(st.sampled_from([*sorted(part), *names]))] = data.draw(JSON)
    hear(event, payload, NOW)
    written(payload)
