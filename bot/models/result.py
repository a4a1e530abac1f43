"""The one result of an errand, of which comment, check run and summary are made."""

from __future__ import annotations

from enum import StrEnum

from bot.models.base import Frozen
from bot.models.report import Report


class Ending(StrEnum):
    """How an errand ended."""

    FINISHED = "finished"
    """There is a report."""
    FAILED = "failed"
    """The bot, or what it needs, failed; there may be no report."""
    TIMED_OUT = "timed out"
    CANCELLED = "cancelled"
    """By `/bcrag stop`, or by hand."""
    SUPERSEDED = "superseded"
    """A newer command about the same problem took its place."""
    REFUSED = "refused"
    """The bundle, or the patch in it, was not let through."""
    LIMITED = "limited"
    """No more today: the limits of the repository, or GitHub's."""


class Delivery(StrEnum):
    """What came of a patch."""

    NONE = "none"
    OPENED = "opened"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    """The pull request has this very patch already."""
    SUGGESTED = "suggested"
    """As suggestions on the pull request it was asked on."""
    BRANCH = "branch"
    """A branch, where a pull request is not allowed."""
    ARTIFACT = "artifact"
    """The patch lies with the run alone."""
    CLOSED = "closed"
    """A person closed the pull request of this problem: it stays so."""
    FOREIGN = "foreign"
    """A person has pushed to the branch: it is theirs now."""


class Result(Frozen):
    """What became of an errand. `why` and `cure` are sentences of ours, for people; `details` and `trace` may be
    hostile text."""

    ending: Ending
    why: str = ""
    cure: str = ""
    details: str = ""
    """What the job, a file or GitHub said, line by line."""
    trace: str = ""
    """The traceback of a defect of ours."""
    report: Report | None = None
    delivery: Delivery = Delivery.NONE
    pull: int | None = None
    """The pull request's number."""
    draft: bool = False
    """Whether that is a draft now."""
    branch: str = ""
    """The branch of the problem."""
    url: str = ""
    """Where what came of it can be seen."""
    run_url: str = ""
    """The workflow run, with its log and the bundle."""
    notes: tuple[str, ...] = ()
    """What else a reader should know, in sentences of ours: pushes that start no CI, reviewers not found, …"""
