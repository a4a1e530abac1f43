"""Whether a model was asked, and whether one answered: what is said to be next rests on it."""

from __future__ import annotations

from bot.models.plan import Path
from bot.models.report import Report

_NOBODY = "No model answered. "
"""What the words for a failure may begin with, and what is said beside them anyway."""


def answered(report: Report) -> bool:
    """Whether a model had a part in the patches that were tried: only a model reads a hint."""
    return any(attempt.patch.by == "model" and not attempt.patch.unanswered for attempt in report.attempts)


def silent(report: Report) -> bool:
    """Whether a model was asked for a patch, and did not answer in the end."""
    mine = [attempt.patch for attempt in report.attempts if attempt.patch.by == "model"]
    return bool(mine) and bool(mine[-1].unanswered)


def unanswered(report: Report) -> str | None:
    """Why no model answered, where one was to be asked and none did; null elsewhere. It may quote a server."""
    mine = [attempt for attempt in report.attempts if attempt.patch.by == "model"]
    if mine and mine[-1].patch.unanswered:
        return without_beginning(mine[-1].patch.unanswered)
    route = report.plan.route
    return route.reason if not mine and route is not None and route.path is Path.NOTHING else None


def without_beginning(why: str) -> str:
    """The words for a failure, without those that are said beside them."""
    return why.removeprefix(_NOBODY)
