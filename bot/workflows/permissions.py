"""Every permission of every job, and what it is for: in the workflow as comments, in `bot init` as its explanation."""

from __future__ import annotations

from typing import NamedTuple


class Permission(NamedTuple):
    """One line of a job's `permissions`."""

    name: str
    level: str
    why: str


class Rights(NamedTuple):
    """A job, and all it may do."""

    job: str
    does: str
    permissions: tuple[Permission, ...]


LISTEN = Rights(
    "listen",
    "Reads the event, asks GitHub whether whoever asked may, and answers. Runs nothing of the repository.",
    (
        Permission("actions", "write", "`/bcrag stop` cancels a run"),
        Permission("contents", "read", "the configuration and the commit to work on"),
        Permission("issues", "write", "the progress comment, a reaction"),
        Permission("pull-requests", "write", "the same on pull requests"),
    ),
)
REPAIR = Rights(
    "repair",
    "Runs the add-on's code, in the sandbox. Its token can change nothing.",
    (
        Permission("contents", "read", "the checkout"),
        Permission("issues", "read", "what was said in the issue"),
        Permission("pull-requests", "read", "what was said and proposed in the pull request"),
    ),
)
PROGRESS = Rights(
    "progress",
    "Looks which step is running and says so in the progress comment.",
    (
        Permission("actions", "read", "which step is running"),
        Permission("issues", "write", "the progress comment"),
        Permission("pull-requests", "write", "the same on pull requests"),
    ),
)
PUBLISH = Rights(
    "publish",
    "Checks what `repair` left once more and acts on it. Checks nothing out and runs nothing of the repository.",
    (
        Permission("actions", "read", "which run made the bundle"),
        Permission("checks", "write", "the check run, with annotations"),
        Permission("contents", "write", "the branch of the repair, and the one renders are shown from"),
        Permission("issues", "write", "the result in the progress comment"),
        Permission("pull-requests", "write", "the pull request"),
    ),
)
INDEX = Rights(
    "index",
    "Indexes the code and fetches Blenders into the cache. Runs nothing of the repository.",
    (Permission("contents", "read", "the checkout"),),
)
ALL = {rights.job: rights for rights in (LISTEN, REPAIR, PROGRESS, PUBLISH, INDEX)}
"""By the job's name."""
