"""Branches, commits, trees and files, through the Git data API: commits made with it are signed by GitHub."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from typing import Any

from bot.host.errors import Clash, HostError, NotThere, Unreachable
from bot.host.part import NO_SENSE, PER_PAGE, Part, read, text_of
from bot.host.values import Commit, Entry

TOO_LARGE = "the tree is too large to be listed whole"
TOO_LARGE_CURE = "Repositories of this size cannot be changed through GitHub's API; take the patch, and push it."

_TYPES = {"160000": "commit", "040000": "tree"}
"""By mode; anything else is a blob."""


class Git(Part):
    """What there is, and what becomes of it."""

    def branch(self, name: str) -> str | None:
        """The commit a branch points at; null where there is no such branch."""
        try:
            return text_of(self.wire.request("GET", self._at("git/ref/heads", name)), "object", "sha")
        except (NotThere, Clash):  # the second: there is nothing in the repository at all
            return None

    def create_branch(self, name: str, sha: str) -> None:
        """Make a branch; it must not be there yet."""
        self.wire.request("POST", self._at("git/refs"), json={"ref": f"refs/heads/{name}", "sha": sha})

    def move_branch(self, name: str, sha: str, force: bool = False) -> None:
        """Move a branch on; elsewhere than on only with `force`."""
        self.wire.request("PATCH", self._at("git/refs/heads", name), json={"sha": sha, "force": force})

    def commit(self, sha: str) -> Commit:
        """A commit."""
        return read(Commit, self.wire.request("GET", self._at("commits", sha), params={"per_page": 1}))

    def commits_between(self, base: str, head: str) -> list[Commit]:
        """What `head` has and `base` has not, oldest first."""
        path = self._at("compare", f"{base}...{head}")
        return [read(Commit, each) for each in self.wire.pages(path, {"per_page": PER_PAGE}, key="commits")]

    def tree(self, sha: str) -> dict[str, Entry]:
        """Everything below a tree (or a commit's), by path.

        Raises:
            HostError: also where it is too large to be listed whole.
        """
        path = self._at("git/trees", sha)
        answer = self.wire.request("GET", path, params={"recursive": "1"})
        if not isinstance(answer, dict) or answer.get("truncated"):
            raise HostError(f"GET {path}", TOO_LARGE, cure=TOO_LARGE_CURE)
        entries = (read(Entry, each) for each in answer.get("tree") or ())
        return {entry.path: entry for entry in entries}

    def blob(self, sha: str) -> bytes:
        """What stands in a file."""
        return _content(self.wire.request("GET", self._at("git/blobs", sha)))

    def file(self, path: str, ref: str) -> bytes | None:
        """A file at a branch or commit; null where there is none, or no file."""
        try:
            answer = self.wire.request("GET", self._at("contents", path), params={"ref": ref})
        except NotThere:
            return None
        if not isinstance(answer, dict) or answer.get("type") != "file":
            return None
        return self.blob(text_of(answer, "sha")) if answer.get("encoding") == "none" else _content(answer)

    def make_blob(self, content: bytes) -> str:
        """Store a file; its id."""
        asked = {"content": base64.b64encode(content).decode(), "encoding": "base64"}
        return text_of(self.wire.request("POST", self._at("git/blobs"), json=asked, repeatable=True), "sha")

    def make_tree(self, base: str | None, entries: Sequence[tuple[str, str, str | None]]) -> str:
        """Store a tree: what `base` has, with each path at its mode and blob; null for a blob takes the path away."""
        asked: dict[str, Any] = {
            "tree": [
                {"path": path, "mode": mode, "type": _TYPES.get(mode, "blob"), "sha": sha}
                for path, mode, sha in entries
            ]
        }
        if base is not None:
            asked["base_tree"] = base
        return text_of(self.wire.request("POST", self._at("git/trees"), json=asked, repeatable=True), "sha")

    def make_commit(self, message: str, tree: str, parents: Sequence[str]) -> str:
        """Store a commit, by whoever the token belongs to; no branch points at it yet."""
        asked = {"message": message, "tree": tree, "parents": list(parents)}
        return text_of(self.wire.request("POST", self._at("git/commits"), json=asked, repeatable=True), "sha")


def _content(answer: object) -> bytes:
    try:
        return base64.b64decode(text_of(answer, "content"))
    except binascii.Error:
        raise Unreachable("a file", NO_SENSE.format(what="content")) from None
