"""Pull requests and reviews."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.host.errors import Clash, NotAllowed, NotThere
from bot.host.part import PER_PAGE, Part, managed, read
from bot.host.values import ChangedFile, Pull

READY = "mutation($id: ID!) { markPullRequestReadyForReview(input: {pullRequestId: $id}) { clientMutationId } }"
DRAFT = "mutation($id: ID!) { convertPullRequestToDraft(input: {pullRequestId: $id}) { clientMutationId } }"


class Pulls(Part):
    """What is proposed."""

    def pull(self, number: int) -> Pull:
        """A pull request."""
        return read(Pull, self.wire.request("GET", self._at("pulls", number)))

    def pulls(self, state: str = "open", head: str | None = None, base: str | None = None) -> Iterator[Pull]:
        """Pull requests, newest first. `head` is a branch of this repository, or `OWNER:BRANCH`."""
        params: dict[str, Any] = {"state": state, "per_page": PER_PAGE}
        if head:
            params["head"] = head if ":" in head else f"{self.repository.partition('/')[0]}:{head}"
        if base:
            params["base"] = base
        for each in self.wire.pages(self._at("pulls"), params):
            yield read(Pull, each)

    def pull_files(self, number: int) -> Iterator[ChangedFile]:
        """The files a pull request changes, and how."""
        for each in self.wire.pages(self._at("pulls", number, "files"), {"per_page": PER_PAGE}):
            yield ChangedFile(str(each.get("filename")), str(each.get("status")), each.get("patch") or "")

    def open_pull(self, title: str, body: str, head: str, base: str, draft: bool = False) -> Pull:
        """Propose a branch. Where a repository knows no drafts, a draft is opened as what it has."""
        asked = {"title": title, "body": body, "head": head, "base": base, "draft": draft}
        try:
            answer = self.wire.request("POST", self._at("pulls"), json=asked)
        except Clash as clash:
            if not draft or "draft" not in clash.said.lower():
                raise
            answer = self.wire.request("POST", self._at("pulls"), json={**asked, "draft": False})
        return read(Pull, answer)

    def edit_pull(
        self, number: int, title: str | None = None, body: str | None = None, state: str | None = None
    ) -> Pull:
        """Change what is given."""
        given = {"title": title, "body": body, "state": state}
        changes = {name: value for name, value in given.items() if value is not None}
        return read(Pull, self.wire.request("PATCH", self._at("pulls", number), json=changes))

    def set_draft(self, pull: Pull, draft: bool) -> bool:
        """Make it a draft, or ready for review; false where that is not possible. Raises nothing."""
        if pull.draft == draft:
            return True
        return managed(lambda: self.wire.graphql(DRAFT if draft else READY, {"id": pull.node_id}))

    def request_reviewers(self, number: int, users: Sequence[str], teams: Sequence[str] = ()) -> bool:
        """Ask people and teams to look; false where GitHub does not take one of them. Raises nothing."""
        path = self._at("pulls", number, "requested_reviewers")
        asked = {"reviewers": list(users), "team_reviewers": list(teams)}
        return managed(lambda: self.wire.request("POST", path, json=asked, repeatable=True))

    def review(self, number: int, commit: str, body: str, comments: Sequence[Mapping[str, Any]]) -> bool:
        """Say something on lines of a pull request: each comment has `path`, `line`, `body`, perhaps `start_line`.

        False where GitHub does not take it: a line is not part of the pull request, or the token may not.
        """
        asked = {
            "commit_id": commit,
            "body": body,
            "event": "COMMENT",
            "comments": [_on_lines(each) for each in comments],
        }
        try:
            self.wire.request("POST", self._at("pulls", number, "reviews"), json=asked)
        except (Clash, NotAllowed, NotThere):
            return False
        return True


def _on_lines(comment: Mapping[str, Any]) -> dict[str, Any]:
    """A comment of a review, on the new side; a start that is no earlier line is none."""
    made = {"path": comment["path"], "line": comment["line"], "side": "RIGHT", "body": comment["body"]}
    start = comment.get("start_line")
    if start is not None and start < comment["line"]:
        made |= {"start_line": start, "start_side": "RIGHT"}
    return made
