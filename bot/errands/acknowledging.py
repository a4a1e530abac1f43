"""The comment that says an errand was heard: one for each run, also where the run is started again."""

from __future__ import annotations

from bot.host.github import GitHub
from bot.models.errand import Errand
from bot.publishing import ours
from bot.reporting.progress import progress


def acknowledge(host: GitHub, errand: Errand, run_url: str) -> int | None:
    """Say that an errand was heard; gives the number of the comment, or nothing where there is nothing to comment on.

    Raises:
        HostError: GitHub does not let us.
    """
    if errand.subject is None:
        return None
    text = progress(errand, "acknowledged", run_url)
    number, me = errand.subject.number, host.me()
    if errand.attempt > 1:
        for comment in host.comments(number, since=None):
            mark = ours.marker(comment, me)
            if mark is not None and mark.run == errand.run:
                return host.edit_comment(comment.id, text).id
    return host.comment(number, text).id
