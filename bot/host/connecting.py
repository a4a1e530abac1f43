"""A repository's API as a job reaches it: with the token that is there, and the rights that are wanted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from bot.host.github import GitHub
from bot.host.surroundings import Surroundings
from bot.host.tokens import TokenKind, from_environment, of_job
from bot.host.wire import Wire

READING: Mapping[str, str] = {"contents": "read", "issues": "read", "pull_requests": "read", "metadata": "read"}
TALKING: Mapping[str, str] = {
    "contents": "read", "issues": "write", "pull_requests": "write", "actions": "read", "metadata": "read",
}  # fmt: skip
WRITING: Mapping[str, str] = {
    "contents": "write", "issues": "write", "pull_requests": "write", "checks": "write", "actions": "read",
    "metadata": "read",
}  # fmt: skip
"""What is asked of an App's token, by the kind of job; other tokens have the rights they have."""


@contextmanager
def connected(around: Surroundings, rights: Mapping[str, str] = READING) -> Iterator[GitHub]:
    """The repository this job is about.

    Raises:
        MissingError: there is no token, or GitHub gives none.
    """
    token = from_environment(around.environment, around.repository, around.api_url, rights)
    own = of_job(around.environment)
    with Wire(around.api_url, token) as wire:
        if own is None or token.kind is TokenKind.ACTIONS:
            yield GitHub(wire, around.repository)
            return
        with Wire(around.api_url, own) as job:
            yield GitHub(wire, around.repository, job)
