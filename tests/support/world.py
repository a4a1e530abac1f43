"""A repository on GitHub as a job of the workflow listens to it: events go in, decisions come out."""

from __future__ import annotations

import copy
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import Any

from bot.errands import listening
from bot.errands.listening import Decision
from bot.host.github import GitHub
from bot.models.errand import Errand
from bot.settings import parsed
from bot.triggers.events import Heard, hear
from hub import Hub
from repositories import Repository

_NUMBERS = count(1000)


@dataclass(frozen=True)
class Limits:
    """How much there may be; in most tests more than there ever is."""

    max_runs_per_day: int = 1000
    max_open_pulls: int = 100


@dataclass
class World:
    """A repository, and a job of a workflow that listens to it."""

    hub: Hub
    repository: Repository
    limits: Limits = field(default_factory=Limits)

    def host(self) -> GitHub:
        """What the job has."""
        return self.hub.client("actions")

    def main(self) -> str:
        """The newest commit of the default branch."""
        sha = self.hub.branch("main")
        assert sha is not None
        return sha

    def branch(self, name: str, repository: str = "") -> str:
        """A branch with a commit of its own."""
        self.repository.git("checkout", "-q", "-B", "work", "main")
        self.repository.write("addon/change.py", f"name = {name!r}\n")
        self.repository.git("add", "-A")
        self.repository.git("commit", "-qm", f"change {name}")
        user = "stranger" if repository else "owner"
        return self.hub.push(self.repository.root, name, "work", user=user, repository=repository)

    def run(self, **fields: Any) -> int:
        """A workflow run with a number nobody had."""
        return int(self.hub.actions.run(next(_NUMBERS), **fields)["id"])

    def said(self, number: int, body: str, user: str = "maintainer") -> dict[str, Any]:
        """The event of somebody's comment."""
        comment = self.hub.comment(number, body, user)
        payload = self._event("issue_comment", lambda payload: payload["comment"]["id"] == comment["id"])
        if number in {pull["number"] for pull in self.hub.pulls()}:  # the emulator does not say so
            payload["issue"]["pull_request"] = {"url": f"{self.hub.url}/repos/{self.hub.repository}/pulls/{number}"}
        return payload

    def opened(self, title: str, body: str, user: str = "maintainer") -> dict[str, Any]:
        """The event of somebody's new issue."""
        issue = self.hub.issue(title, body, user)
        return self._event("issues", lambda payload: payload["issue"]["number"] == issue["number"])

    def decided(
        self, event: str, payload: dict[str, Any], command: str = "", run: int | None = None,
        configuration: bytes | None = None,
    ) -> Decision:  # fmt: skip
        """What is done about an event; `configuration` is what `bcrag.toml` holds where limits come from there."""
        heard = hear(event, payload, datetime.now(UTC), command)
        assert isinstance(heard, Heard), heard
        number = self.run() if run is None else run

        def limits(_branch: str) -> listening.Limits:
            return self.limits if configuration is None else parsed(configuration).github

        return listening.listen(heard, self.host(), limits, number, 1, datetime.now(UTC))

    def asked(self, number: int, body: str, user: str = "maintainer", run: int | None = None) -> Decision:
        """What is done about a comment."""
        return self.decided("issue_comment", self.said(number, body, user), run=run)

    def acknowledged(self, errand: Errand, number: int) -> int:
        """The progress comment of an errand, as a job writes it; its number."""
        from bot.reporting.progress import progress

        return self.host().comment(number, progress(errand, "acknowledged", "https://example.org/run")).id

    def _event(self, name: str, fits: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        for _ in range(500):
            for event, payload in reversed(self.hub._tap.delivered):  # they may overtake each other
                if event == name and fits(payload):
                    return copy.deepcopy(payload)
            time.sleep(0.01)
        raise AssertionError(f"no {name}")
