"""The GitHub of the tests notices what GitHub would not understand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import description
from bot.host.github import GitHub
from hub import github

HEADERS = {"user-agent": "bcrag", "accept": "application/vnd.github+json", "x-github-api-version": "2022-11-28"}
ISSUE = "/repos/o/r/issues/1"


@pytest.mark.parametrize(
    ("method", "path", "query", "body"),
    [
        ("GET", ISSUE, "", None),
        ("GET", f"{ISSUE}/comments", "per_page=100&since=2026-01-01T00%3A00%3A00Z", None),
        ("POST", f"{ISSUE}/comments", "", {"body": "x"}),
        ("GET", "/repos/o/r/git/ref/heads/a/b", "", None),
        ("GET", "/repos/o/r/contents/a/b%20c.py", "ref=main", None),
        ("GET", "/repos/o/r/compare/a/b...c/d", "", None),
        ("POST", "/repos/o/r/git/trees", "", {"tree": [{"path": "a", "mode": "100644", "type": "blob", "sha": None}]}),
        ("POST", "/graphql", "", {"query": "query { viewer { login } }"}),
    ],
)
def test_what_github_knows(method: str, path: str, query: str, body: Any) -> None:
    assert description.violations(method, path, query, HEADERS, body) == []


@pytest.mark.parametrize(
    ("method", "path", "query", "body", "wrong"),
    [
        ("GET", "/repos/o/r/nothing", "", None, "not in GitHub's description"),
        ("PUT", ISSUE, "", {}, "not in GitHub's description"),
        ("GET", "/repos/o/r/issues/one", "", None, "path issue_number"),
        ("GET", f"{ISSUE}/comments", "size=3", None, "query size"),
        ("GET", "/repos/o/r/pulls", "state=merged", None, "query state"),
        ("POST", f"{ISSUE}/comments", "", None, "body: lacking"),
        ("POST", f"{ISSUE}/comments", "", {}, "'body' is a required property"),
        ("POST", f"{ISSUE}/comments", "", {"body": 1}, "is not of type"),
        ("POST", f"{ISSUE}/comments", "", {"body": "x", "txt": "y"}, "body txt: unknown"),
        ("POST", "/repos/o/r/git/trees", "", {"tree": [{"pth": "a"}]}, "body tree.pth: unknown"),
        ("POST", "/repos/o/r/git/trees", "", {"tree": [{"path": "a", "mode": "644"}]}, "is not one of"),
        ("POST", f"{ISSUE}/reactions", "", {"content": "thumbs"}, "is not one of"),
        ("POST", "/graphql", "", {"variables": {}}, "no query"),
    ],
)
def test_what_github_does_not_know(method: str, path: str, query: str, body: Any, wrong: str) -> None:
    found = description.violations(method, path, query, HEADERS, body)
    assert any(wrong in each for each in found), found


@pytest.mark.parametrize("name", HEADERS)
def test_a_header_that_lacks(name: str) -> None:
    headers = {other: value for other, value in HEADERS.items() if other != name}
    assert [each.partition(":")[0] for each in description.violations("GET", ISSUE, "", headers, None)] == [
        f"header {name}"
    ]


def test_a_test_fails_over_what_github_does_not_know(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="query colour"), github(tmp_path) as hub:
        host: GitHub = hub.client()
        host.wire.request("GET", f"/repos/{hub.repository}", params={"colour": "red"})


def test_events_come_as_the_emulator_sends_them(tmp_path: Path) -> None:
    with github(tmp_path) as hub:
        number = hub.issue("It broke", user="stranger")["number"]
        hub.comment(number, "/bcrag fix", user="maintainer")
        payload = hub.event("issue_comment")
        assert (payload["action"], payload["comment"]["body"], payload["issue"]["number"]) == (
            "created",
            "/bcrag fix",
            number,
        )
        assert payload["sender"]["login"] == "maintainer"
        assert payload["repository"]["full_name"] == hub.repository
