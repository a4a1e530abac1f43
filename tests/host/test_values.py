"""What GitHub really sends, as values: the payloads and answers it publishes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import BaseModel

import octokit
from bot.host.errors import Unreachable
from bot.host.part import read
from bot.host.values import Artifact, Comment, Commit, Issue, Job, Pull, Repo, Run, User

PAYLOADS: dict[str, type[BaseModel]] = {
    "comment": Comment,
    "issue": Issue,
    "pull_request": Pull,
    "repository": Repo,
    "sender": User,
    "workflow_run": Run,
    "workflow_job": Job,
}
EVENTS = ("issue_comment", "issues", "label", "pull_request", "workflow_job", "workflow_run")

EXAMPLES: dict[str, type[BaseModel]] = {
    "artifact": Artifact,
    "commit": Commit,
    "full-repository-default-response": Repo,
    "issue": Issue,
    "issue-comment": Comment,
    "job": Job,
    "pull-request": Pull,
    "workflow-run": Run,
}


def found() -> Iterator[tuple[type[BaseModel], Any]]:
    for event in EVENTS:
        for payload in octokit.payloads()[event]:
            yield from ((kind, payload[name]) for name, kind in PAYLOADS.items() if payload.get(name))


def test_what_github_sends_is_understood() -> None:
    kinds = [type(read(kind, value)) for kind, value in found()]
    assert set(kinds) == set(PAYLOADS.values())
    assert len(kinds) > 100


@pytest.mark.parametrize("name", EXAMPLES)
def test_what_github_answers_is_understood(name: str) -> None:
    value = read(EXAMPLES[name], octokit.example(name))
    assert value.model_copy() == value


def test_a_commit_is_flat() -> None:
    commit = read(Commit, octokit.example("commit"))
    assert (commit.message, commit.author_login, commit.author_email) == (
        "Fix all the bugs",
        "octocat",
        "mona@github.com",
    )
    assert read(Commit, commit.model_dump()) == commit


def test_what_was_deleted_is_nobody_and_nothing() -> None:
    issue = octokit.example("issue") | {"user": None, "body": None, "labels": [{"id": 1}, "bug", {"name": "x"}]}
    value = read(Issue, issue)
    assert (value.user.login, value.body, value.labels) == ("ghost", "", ("bug", "x"))
    pull = octokit.example("pull-request")
    pull["head"]["repo"] = None
    pull["draft"] = None
    assert read(Pull, pull).head.repo is None
    assert read(Commit, octokit.example("commit") | {"author": None, "committer": None}).author_login == ""
    assert read(Job, {"name": "x", "steps": None}).steps == ()


def test_a_pull_request_in_a_list_is_merged_where_it_says_when() -> None:
    pull = octokit.example("pull-request")
    del pull["merged"]
    assert not read(Pull, pull | {"merged_at": None}).merged
    assert read(Pull, pull | {"merged_at": "2026-01-01T00:00:00Z"}).merged


@pytest.mark.parametrize("answer", [None, [], "x", {}, {"number": "many"}, {"commit": {}}, {"commit": 1}])
@pytest.mark.parametrize("kind", [Issue, Pull, Commit, Run, Comment])
def test_what_makes_no_sense_is_no_answer(kind: type[BaseModel], answer: object) -> None:
    with pytest.raises(Unreachable):
        read(kind, answer)


def test_bots_are_known() -> None:
    assert User(login="dependabot[bot]").is_bot
    assert User(login="x", type="Bot").is_bot
    assert not User(login="x", type="User").is_bot
