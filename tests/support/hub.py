"""A GitHub for a test: a real repository on an emulator, people with different rights, a GitHub App, a wiretap between.

    with github(tmp_path, repo_folder=repository) as hub:
        issue = hub.issue("It broke", "…", "stranger")
        …                                  # what is tested talks to hub.url, with hub.env() or hub.token("actions")
        assert hub.comments(issue["number"])[0]["body"] == "…"

At the end every request must have been one that GitHub's own description knows.
"""

from __future__ import annotations

import base64
import functools
import json
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import emulator
import pushed
import wiretap
from actions_api import ActionsApi, storing
from bot.host.github import GitHub
from bot.host.values import Token, TokenKind
from bot.host.wire import Wire
from mended import Mended
from wiretap import Recorded

OWNER = "owner"
NAME = "addon"
APP_ID, APP_SLUG = 4711, "bcrag-test"
ACTIONS_ID, ACTIONS_SLUG = 15368, "github-actions"
APPS = {str(APP_ID): APP_SLUG, str(ACTIONS_ID): ACTIONS_SLUG}

USERS: Mapping[str, str | None] = {"owner": None, "maintainer": "push", "triager": "triage", "stranger": "pull"}
"""And what each may do. Nobody knows `nobody`, who has an account and no rights at all."""

RIGHTS = {
    "actions": "write",
    "checks": "write",
    "contents": "write",
    "issues": "write",
    "metadata": "read",
    "pull_requests": "write",
}
"""The most an App, or a job of a workflow, may have."""

_PEOPLE = (*USERS, "nobody")


@functools.cache
def app_key() -> str:
    """The Apps' private key."""
    from cryptography.hazmat.primitives import serialization as form
    from cryptography.hazmat.primitives.asymmetric import rsa

    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(form.Encoding.PEM, form.PrivateFormat.TraditionalOpenSSL, form.NoEncryption()).decode()


class Hub:
    """The repository `owner/addon`, empty or what was pushed to it."""

    def __init__(self, tap: wiretap.Wiretap, actions: ActionsApi, mended: Mended) -> None:
        self.repository = f"{OWNER}/{NAME}"
        self.url = tap.url
        self.actions = actions
        """Workflow runs, artifacts and reactions, which the emulator lacks."""
        self._tap = tap
        self._mended = mended
        self._jobs: dict[str, str] = {}

    # Who speaks

    def token(self, who: str = "actions", permissions: Mapping[str, str] | None = None) -> str:
        """A token: of a person (`owner`, `maintainer`, …), of the App (`app`), or of a job of a workflow (`actions`).

        The last two may do no more than `permissions` says.
        """
        if who not in ("actions", "app"):
            return f"ghp_{who}"
        given = dict(RIGHTS if permissions is None else permissions) | {"metadata": "read"}
        known = f"{who} {sorted(given.items())}"
        if known not in self._jobs:
            installation, number = (1, ACTIONS_ID) if who == "actions" else (2, APP_ID)
            path = f"/app/installations/{installation}/access_tokens"
            asked = {"repositories": [NAME], "permissions": given}
            self._jobs[known] = self._ask("POST", path, asked, token=_jwt(number))["token"]
            self._mended.logins[self._jobs[known]] = f"{APPS[str(number)]}[bot]"
        return self._jobs[known]

    def env(self, who: str = "actions", permissions: Mapping[str, str] | None = None) -> dict[str, str]:
        """The environment of a step: where GitHub is, and the token; for `app` the App's number and key."""
        made = {"GITHUB_API_URL": self.url, "GITHUB_SERVER_URL": self.url, "GITHUB_REPOSITORY": self.repository}
        made["GITHUB_TOKEN"] = self.token("actions", permissions)
        if who == "app":
            made |= {"BCRAG_APP_ID": str(APP_ID), "BCRAG_APP_PRIVATE_KEY": app_key()}
        elif who != "actions":
            made["BCRAG_TOKEN"] = self.token(who)
        return made

    def client(self, who: str = "actions", permissions: Mapping[str, str] | None = None) -> GitHub:
        """Our own client, as somebody; it does not wait between requests."""
        kind = {"actions": TokenKind.ACTIONS, "app": TokenKind.APP}.get(who, TokenKind.PERSONAL)
        token = Token(kind=kind, value=self.token(who, permissions))
        return GitHub(Wire(self.url, token, spacing=0.0), self.repository)

    # What a test does, past the wiretap

    def push(
        self, folder: Path, branch: str, revision: str = "HEAD", *, user: str = OWNER, repository: str = ""
    ) -> str:
        """Bring a local repository's commits here, under their own ids; the branch points at the last."""
        repository = repository or self.repository
        sha = pushed.push(folder, revision, lambda *asked: self._in(repository, *asked, user=user))
        if self.branch(branch, repository) is None:
            self._in(repository, "POST", "git/refs", {"ref": f"refs/heads/{branch}", "sha": sha}, user=user)
        else:
            change = {"sha": sha, "force": True}
            self._in(repository, "PATCH", f"git/refs/heads/{branch}", change, user=user)
        return sha

    def issue(self, title: str, body: str = "", user: str = "stranger", **more: Any) -> dict[str, Any]:
        """Somebody writes an issue; it, as GitHub gives it."""
        return self._dict("POST", "issues", {"title": title, "body": body, **more}, user)

    def comment(self, number: int, body: str, user: str = "maintainer") -> dict[str, Any]:
        """Somebody comments on an issue or pull request."""
        return self._dict("POST", f"issues/{number}/comments", {"body": body}, user)

    def edit(self, comment: int, body: str, user: str = "maintainer") -> dict[str, Any]:
        """Somebody edits a comment."""
        return self._dict("PATCH", f"issues/comments/{comment}", {"body": body}, user)

    def pull(self, title: str, head: str, base: str = "main", user: str = "maintainer", **more: Any) -> dict[str, Any]:
        """Somebody opens a pull request; `head` is `USER:BRANCH` where it comes from a fork."""
        return self._dict("POST", "pulls", {"title": title, "head": head, "base": base, "body": "", **more}, user)

    def close(self, number: int, user: str = "maintainer") -> None:
        """Somebody closes an issue or pull request."""
        kind = "pulls" if self._dict("GET", f"issues/{number}").get("pull_request") else "issues"
        self._dict("PATCH", f"{kind}/{number}", {"state": "closed"}, user)

    def fork(self, user: str = "stranger") -> str:
        """Somebody forks the repository; the fork's name."""
        self._mended.forks.append(str(self._dict("POST", "forks", {}, user)["full_name"]))
        return self._mended.forks[-1]

    def settings(self, **changes: Any) -> None:
        """Change the repository: `archived`, `has_issues`, `private`, …"""
        self._ask("PATCH", f"/repos/{self.repository}", changes)

    def give(self, method: str, path: str, response: Any, *, status: int = 200, times: int | None = None) -> None:
        """Answer requests with this (JSON, or a `wiretap.Given`), so many times, or from now on.

        A path that does not begin with a slash is one below the repository.
        """
        path = path if path.startswith("/") else f"/repos/{self.repository}/{path}"
        self._tap.give(method, path, response, status=status, times=times)

    # What a test sees

    @property
    def requests(self) -> list[Recorded]:
        """What came through the wiretap."""
        return self._tap.requests

    @property
    def violations(self) -> list[str]:
        """What in it GitHub's description does not know."""
        return self._tap.violations

    def changes(self) -> list[Recorded]:
        """What came through the wiretap and changed something."""
        return [request for request in self.requests if request.method != "GET" and request.status < 300]

    def pulls(self, state: str = "all") -> list[dict[str, Any]]:
        """The pull requests, newest first."""
        return [self._mended.fresh(pull) for pull in self._list(f"pulls?state={state}&per_page=100")]

    def comments(self, number: int) -> list[dict[str, Any]]:
        """The comments of an issue or pull request, oldest first."""
        return self._list(f"issues/{number}/comments?per_page=100")

    def checks(self, revision: str) -> list[dict[str, Any]]:
        """The check runs of a commit or branch."""
        found: list[dict[str, Any]] = self._dict("GET", f"commits/{revision}/check-runs")["check_runs"]
        return found

    def reviews(self, number: int) -> list[dict[str, Any]]:
        """The comments on lines of a pull request."""
        return self._list(f"pulls/{number}/comments?per_page=100")

    def branch(self, name: str, repository: str = "") -> str | None:
        """The commit a branch points at; null where there is none."""
        answer = self._tap.asked(
            "GET", f"/repos/{repository or self.repository}/git/ref/heads/{name}", "", None, _own()
        )
        return json.loads(answer.body)["object"]["sha"] if answer.status == 200 else None

    def files(self, revision: str) -> dict[str, bytes]:
        """What stands in every file of a branch or commit."""
        commit = self.branch(revision) or revision
        entries = self._dict("GET", f"git/trees/{commit}?recursive=1")["tree"]
        return {
            entry["path"]: base64.b64decode(self._dict("GET", f"git/blobs/{entry['sha']}")["content"])
            for entry in entries
            if entry["type"] == "blob"
        }

    def event(self, name: str, seconds: float = 5.0) -> dict[str, Any]:
        """The payload of the newest webhook of a name (`issue_comment`, `issues`, `pull_request`, …)."""
        end = time.monotonic() + seconds
        while True:
            found = [payload for event, payload in self._tap.delivered if event == name]
            if found or time.monotonic() > end:
                assert found, f"no {name} among {[event for event, _ in self._tap.delivered]}"
                return found[-1]
            time.sleep(0.01)

    def _in(self, repository: str, method: str, path: str, body: Any = None, user: str = OWNER) -> Any:
        return self._ask(method, f"/repos/{repository}/{path}", body, token=self.token(user))

    def _dict(self, method: str, path: str, body: Any = None, user: str = OWNER) -> dict[str, Any]:
        answer = self._in(self.repository, method, path, body, user)
        assert isinstance(answer, dict)
        return answer

    def _list(self, path: str) -> list[dict[str, Any]]:
        answer = self._in(self.repository, "GET", path)
        assert isinstance(answer, list)
        return answer

    def _ask(self, method: str, path: str, body: Any = None, token: str = f"ghp_{OWNER}") -> Any:
        path, _, query = path.partition("?")
        raw = None if body is None else json.dumps(body).encode()
        answer = self._tap.asked(method, path, query, raw, {**_own(token), "content-type": "application/json"})
        assert answer.status < 300, f"{method} {path}: {answer.status} {answer.body.decode()[:500]}"
        return json.loads(answer.body) if answer.body else None


@contextmanager
def github(
    folder: Path, repo_folder: Path | None = None, *, branch: str = "main", private: bool = False
) -> Iterator[Hub]:
    """A GitHub with one repository: empty, or with the commits of a local one on its default branch."""
    with ExitStack() as stack:
        tap = stack.enter_context(wiretap.listening())
        storage = stack.enter_context(storing())
        place = folder / "github"
        place.mkdir(exist_ok=True)
        tap.behind = stack.enter_context(emulator.running(place, _seed(branch, private), tap.url))
        mended = Mended(tap, APPS, f"ghp_{OWNER}")
        hub = Hub(tap, ActionsApi(tap, f"{OWNER}/{NAME}", storage, mended.login), mended)
        for user, right in USERS.items():
            if right:
                hub._ask("PUT", f"/repos/{hub.repository}/collaborators/{user}", {"permission": right})
        hook = {"config": {"url": f"{tap.url}/_hook", "content_type": "json"}, "events": ["*"], "active": True}
        hub._ask("POST", f"/repos/{hub.repository}/hooks", hook)
        if repo_folder is not None:
            hub.push(repo_folder, branch)
        yield hub
        assert not hub.violations, "\n".join(hub.violations)
        assert not storage.tokens_seen, "a token went to another server"


def _seed(branch: str, private: bool) -> dict[str, Any]:
    """What the emulator begins with."""
    users = [{"login": user, "name": user.title(), "email": f"{user}@example.com"} for user in _PEOPLE]
    tokens = {f"ghp_{user}": {"login": user, "scopes": ["repo", "user"]} for user in _PEOPLE}
    apps = [
        _app(ACTIONS_ID, ACTIONS_SLUG, "GitHub Actions", 1),
        _app(APP_ID, APP_SLUG, "bcrag, under test", 2),
    ]
    repo = {"owner": OWNER, "name": NAME, "auto_init": False, "default_branch": branch, "private": private}
    return {"tokens": tokens, "github": {"users": users, "repos": [repo], "apps": apps}}


def _app(number: int, slug: str, name: str, installation: int) -> dict[str, Any]:
    made = {"app_id": number, "slug": slug, "name": name, "private_key": app_key(), "permissions": RIGHTS}
    return {**made, "installations": [{"installation_id": installation, "account": OWNER}]}


def _jwt(number: int) -> str:
    import jwt

    now = int(time.time())
    return jwt.encode({"iat": now - 60, "exp": now + 540, "iss": str(number)}, app_key(), algorithm="RS256")


def _own(token: str = f"ghp_{OWNER}") -> dict[str, str]:
    return {"authorization": f"Bearer {token}", "accept": "application/vnd.github+json", "user-agent": "tests"}
