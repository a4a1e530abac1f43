"""Issues, comments, labels and reactions. Pull requests are issues here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from bot.host.part import PER_PAGE, Part, managed, read
from bot.host.values import Comment, Issue


class Issues(Part):
    """What is said."""

    def issue(self, number: int) -> Issue:
        """An issue, or a pull request seen as one."""
        return read(Issue, self.wire.request("GET", self._at("issues", number)))

    def comments(self, number: int, since: datetime | None = None) -> Iterator[Comment]:
        """The comments of an issue, oldest first; only those that were changed since."""
        params = {"per_page": PER_PAGE} | ({"since": stamp(since)} if since else {})
        for each in self.wire.pages(self._at("issues", number, "comments"), params):
            yield read(Comment, each)

    def repository_comments(self, since: datetime) -> Iterator[Comment]:
        """The comments of the whole repository that were made or changed since, newest first."""
        params = {"since": stamp(since), "sort": "created", "direction": "desc", "per_page": PER_PAGE}
        for each in self.wire.pages(self._at("issues", "comments"), params):
            yield read(Comment, each)

    def comment(self, number: int, body: str) -> Comment:
        """Say something."""
        return read(Comment, self.wire.request("POST", self._at("issues", number, "comments"), json={"body": body}))

    def edit_comment(self, comment: int, body: str) -> Comment:
        """Say something else in a comment of ours."""
        return read(Comment, self.wire.request("PATCH", self._at("issues", "comments", comment), json={"body": body}))

    def react(self, comment: int, content: str) -> bool:
        """Put a reaction (`eyes`, `rocket`, …) on a comment. Raises nothing."""
        path = self._at("issues", "comments", comment, "reactions")
        return managed(lambda: self.wire.request("POST", path, json={"content": content}, repeatable=True))

    def react_issue(self, number: int, content: str) -> bool:
        """The same for an issue itself. Raises nothing."""
        path = self._at("issues", number, "reactions")
        return managed(lambda: self.wire.request("POST", path, json={"content": content}, repeatable=True))

    def add_labels(self, number: int, names: Sequence[str]) -> None:
        """Add labels; those the repository has not got are made."""
        path = self._at("issues", number, "labels")
        self.wire.request("POST", path, json={"labels": list(names)}, repeatable=True)


def stamp(moment: datetime) -> str:
    """A moment as GitHub wants it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
