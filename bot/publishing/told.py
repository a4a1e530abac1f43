"""The one result of an errand, told: in its comment, as a check run, on the page of the workflow run.

Each of them is tried, whatever became of the others.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import islice

from bot.host.errors import HostError, NotAllowed, NotThere, RateLimited
from bot.host.github import GitHub
from bot.host.surroundings import Surroundings
from bot.host.values import Comment, TokenKind
from bot.models.errand import Errand
from bot.models.result import Ending, Result
from bot.publishing import ours
from bot.reporting import checks, progress
from bot.settings import GitHubSettings

CHECK = "bcrag"
"""The name of the check run."""
NOT_TOLD = "The result could not be told on GitHub: {why}"
NOT_SHOWN = "GitHub took no more of it than this. The report lies with the run."
NOT_FINISHED = "GitHub did not take the end of the check run on {commit}: it may be shown as in progress."
LONGEST_WAIT = 240.0
"""Seconds that are waited for a limit to pass, so that a result is told all the same."""


def tell(
    result: Result,
    errand: Errand,
    host: GitHub,
    settings: GitHubSettings,
    around: Surroundings,
    sleep: Callable[[float], None] = time.sleep,
) -> str:
    """Tell a result wherever it can be told; what could not be, or empty. Raises nothing of GitHub's."""
    text = progress.result(errand, result)
    around.summarise(text)
    why = ""
    try:
        _patiently(lambda: _comment(text, errand, host), sleep)
    except HostError as error:
        why = NOT_TOLD.format(why=error)
    if settings.checks and not _check(result, errand, host):
        why = f"{why}\n{NOT_FINISHED.format(commit=errand.commit[:12])}".lstrip()
    return why


def superseded(errand: Errand, host: GitHub) -> bool:
    """Whether a newer run about the same problem has begun to tell of itself."""
    return any(mark.problem == errand.problem and mark.run > errand.run for _, mark in _marked(errand, host))


def _comment(text: str, errand: Errand, host: GitHub) -> None:
    """Edit the errand's comment; make one where there is none."""
    if errand.subject is None:
        return
    if errand.comment is not None:
        try:
            host.edit_comment(errand.comment, text)
            return
        except (NotThere, NotAllowed):  # somebody removed it, or it is another account's
            pass
    for each, mark in _marked(errand, host):
        if each.id != errand.comment and (mark.problem, mark.run) == (errand.problem, errand.run):
            host.edit_comment(each.id, text)
            return
    host.comment(errand.subject.number, text)


def _marked(errand: Errand, host: GitHub) -> list[tuple[Comment, progress.Marker]]:
    """The bot's own progress comments where the errand was asked for, since then."""
    if errand.subject is None:
        return []
    me = host.me()
    found = islice(host.comments(errand.subject.number, since=errand.asked_at), ours.MOST_COMMENTS)
    return [(each, mark) for each in found if (mark := ours.marker(each, me)) is not None]


def _patiently(action: Callable[[], None], sleep: Callable[[float], None]) -> None:
    """Do it; where GitHub's limit passes soon, wait for that once."""
    try:
        action()
    except RateLimited as limited:
        wait = (limited.until - datetime.now(UTC)).total_seconds()
        if wait > LONGEST_WAIT:
            raise
        sleep(max(wait, 0.0) + 1.0)
        action()


def _check(result: Result, errand: Errand, host: GitHub) -> bool:
    """A check run on the commit, where there is a report and the token may make one; false where it stays open."""
    if result.ending is not Ending.FINISHED or result.report is None or host.wire.token.kind is TokenKind.PERSONAL:
        return True
    made = checks.check_run(result)
    try:
        number = host.start_check(CHECK, errand.commit, result.run_url)
    except HostError:
        return True
    if number is None:
        return True
    shown = [one.model_dump() for one in made.annotations]
    # One that is never finished would keep a pull request from being merged: it ends, whatever GitHub has against it.
    return host.finish_check(number, made.conclusion, made.title, made.summary, shown) or host.finish_check(
        number, made.conclusion, made.title, NOT_SHOWN
    )
