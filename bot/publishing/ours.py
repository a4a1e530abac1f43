"""What of GitHub is the bot's own: its comments, told by their author and hidden mark, and its open pull requests."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice

from bot.host.github import GitHub
from bot.host.values import Comment, Pull
from bot.publishing import problems
from bot.reporting.progress import Marker, read_marker

MOST_COMMENTS = 2_000
"""Comments that are looked through."""
MOST_PULLS = 500


def marker(comment: Comment, me: str) -> Marker | None:
    """The mark of a progress comment of ours; one that a person typed counts for nothing."""
    by_us = comment.user.is_bot or (me != "" and comment.user.login == me)
    return read_marker(comment.body) if by_us else None


def marks(comments: Iterable[Comment], me: str) -> list[Marker]:
    """Those of comments, in their order, each run once."""
    found = (marker(each, me) for each in islice(comments, MOST_COMMENTS))
    return list({mark.run: mark for mark in found if mark is not None}.values())


def here(host: GitHub, number: int, me: str) -> list[Marker]:
    """Those on an issue or pull request, newest first."""
    return marks(host.comments(number), me)[::-1]


def since(host: GitHub, moment: datetime, me: str) -> list[Marker]:
    """Those of the whole repository, made after a moment."""
    return marks((each for each in host.repository_comments(moment) if each.created_at >= moment), me)


def open_pulls(host: GitHub) -> Iterator[tuple[str, Pull]]:
    """The bot's open pull requests, each with its problem."""
    for pull in islice(host.pulls(), MOST_PULLS):
        problem = problems.of_branch(pull.head.ref)
        if problem is not None and at_home(host, pull):
            yield problem, pull


def at_home(host: GitHub, pull: Pull) -> bool:
    """Whether a pull request's commits lie in the repository itself, and not in a fork."""
    return pull.head.repo is not None and pull.head.repo.lower() == host.repository.lower()
