"""From what was heard to an errand: who asks is asked of GitHub at that moment, and the commit is pinned."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from pydantic import ValidationError

from bot.errands import replies, runs
from bot.errors import BcragError
from bot.host.errors import NotThere
from bot.host.github import GitHub
from bot.host.values import Permission, Repo
from bot.models.base import Frozen
from bot.models.command import Command, Verb
from bot.models.errand import Asker, Errand, Subject
from bot.publishing import ours, problems
from bot.triggers.commands import NoCommand
from bot.triggers.events import Author, Heard, Ignored

ELSEWHERE = "The event is of {event}, and this job of {here}."
STRANGER = "{login} may not write to {repository} (but: {permission}), and is not heard."
NOBODY = "Nobody asked, and what is asked for is no command: {reason}"
UNASKED = "Nobody asked, so there is nobody to answer."
GONE = "#{number} is not there any more."
ARCHIVED = "The repository is archived: nothing can be changed in it."
NO_SUBJECT = "`/bcrag {verb}` is about an issue or a pull request; say which."
DAY = timedelta(hours=24)


class Limits(Protocol):
    """How much there may be."""

    @property
    def max_runs_per_day(self) -> int:
        """Runs in 24 hours."""

    @property
    def max_open_pulls(self) -> int:
        """Open pull requests of the bot."""


class Reply(Frozen):
    """What is answered at once, as Markdown; on no issue where there is none, but in the log and summary."""

    text: str
    number: int | None = None


Decision = Errand | Reply | Ignored


@dataclass(frozen=True)
class _Place:
    """Where the work is done."""

    base: str
    commit: str
    subject: Subject | None = None
    problem: str | None = None
    """Where the place says it: the bot's own pull request does."""


def listen(
    heard: Heard, host: GitHub, limits: Callable[[str], Limits], run: int, attempt: int, now: datetime
) -> Decision:
    """What is done about what was heard. `limits` are asked for by the default branch, and only where they matter.

    Raises:
        HostError: GitHub does not say what has to be known, and there is nowhere to say that.
        ConfigurationError: the limits are not what they should be, and the same.
    """
    if heard.repository.lower() != host.repository.lower():
        return Ignored(reason=ELSEWHERE.format(event=heard.repository, here=host.repository))
    if heard.author is not None and (stranger := _stranger(heard.author, host)):
        return stranger
    try:
        return _decided(heard, host, limits, run, attempt, now)
    except BcragError as error:
        if heard.number is None:  # the job fails, and whoever looks after it reads its log
            raise
        return Reply(text=replies.hindered(error), number=heard.number)


def _decided(
    heard: Heard, host: GitHub, limits: Callable[[str], Limits], run: int, attempt: int, now: datetime
) -> Decision:
    """What is done for somebody who may ask."""
    command = heard.command
    if isinstance(command, NoCommand):
        if heard.author is None:
            return Ignored(reason=NOBODY.format(reason=command.reason))
        return Reply(text=replies.misunderstood(command.reason), number=heard.number)
    if not command.verb.runs:
        return Ignored(reason=UNASKED) if heard.author is None else _answer(command.verb, heard.number, host, run)
    about = host.about()
    if about.archived:
        return Ignored(reason=ARCHIVED)
    place = _place(heard, command, host, about)
    if not isinstance(place, _Place):
        return place
    problem = place.problem or _problem(command, heard.number, host)
    if refusal := _too_much(command, problem, host, limits(about.default_branch), run, now):
        return Reply(text=refusal, number=heard.number)
    try:
        return Errand(
            repository=host.repository,
            run=run,
            attempt=attempt,
            command=command,
            trigger=heard.trigger,
            problem=problem,
            subject=place.subject,
            base=place.base,
            commit=place.commit,
            asked_by=Asker(login=heard.author.login, id=heard.author.id) if heard.author else None,
            asked_at=heard.at,
        )
    except ValidationError as error:
        what = ", ".join(sorted({str(each["loc"][0]) for each in error.errors() if each["loc"]}))
        return Reply(text=replies.ODD.format(what=what), number=heard.number)


def _stranger(author: Author, host: GitHub) -> Ignored | None:
    permission = host.permission(author.login)
    if permission >= Permission.WRITE:
        return None
    name = permission.name.lower()
    return Ignored(reason=STRANGER.format(login=author.login, repository=host.repository, permission=name))


def _answer(verb: Verb, number: int | None, host: GitHub, run: int) -> Reply:
    """What is answered without a run in Blender."""
    if verb is Verb.HELP:
        return Reply(text=replies.HELP, number=number)
    if number is None:
        return Reply(text=NO_SUBJECT.format(verb=verb.value))
    answer = runs.stop if verb is Verb.STOP else runs.status
    return Reply(text=answer(host, number, run), number=number)


def _place(heard: Heard, command: Command, host: GitHub, about: Repo) -> _Place | Reply | Ignored:
    """Where an errand starts from: the default branch, or a pull request."""
    number = heard.number
    if number is None:
        return _on_branch(heard.branch or about.default_branch, None, host)
    try:
        is_pull = host.issue(number).is_pull if heard.is_pull is None else heard.is_pull
        if is_pull:
            return _on_pull(heard, number, command, host)
    except NotThere:
        return Ignored(reason=GONE.format(number=number))
    return _on_branch(about.default_branch, Subject(number=number), host)


def _on_branch(branch: str, subject: Subject | None, host: GitHub, problem: str | None = None) -> _Place | Reply:
    commit = host.branch(branch)
    if commit is None:
        number = subject.number if subject else None
        return Reply(text=replies.NO_COMMIT.format(branch=branch.replace("`", "")), number=number)
    return _Place(branch, commit, subject, problem)


def _on_pull(heard: Heard, number: int, command: Command, host: GitHub) -> _Place | Reply:
    """A pull request: its newest commit, or the one it had when a label was put on it."""
    pull = host.pull(number)
    if pull.state != "open":
        return Reply(text=replies.CLOSED_PULL, number=number)
    from_fork = not ours.at_home(host, pull)
    subject = Subject(number=number, is_pull=True, from_fork=from_fork)
    own = None if from_fork else problems.of_branch(pull.head.ref)
    if own is not None and command.verb in (Verb.FIX, Verb.RETRY):
        return _on_branch(pull.base.ref, subject, host, own)
    commit = heard.tip.sha if heard.tip else pull.head.sha
    return _Place(pull.base.ref if from_fork else pull.head.ref, commit, subject)


def _problem(command: Command, number: int | None, host: GitHub) -> str:
    """The problem of an errand; another try is about the one that was tried last on the issue."""
    if command.verb is not Verb.RETRY or number is None:
        return problems.of(command, number)
    tried = next((problem for problem, _ in ours.open_pulls(host) if problems.number(problem) == number), None)
    if tried is None:
        marks = ours.here(host, number, host.me())
        tried = next((mark.problem for mark in marks if problems.number(mark.problem) == number), None)
    return tried or problems.of(command, number)


def _too_much(command: Command, problem: str, host: GitHub, limits: Limits, run: int, now: datetime) -> str | None:
    """Why there can be no run now, as an answer, or nothing."""
    today = [mark for mark in ours.since(host, now - DAY, host.me()) if mark.run != run]
    if len(today) >= limits.max_runs_per_day:
        return replies.RUNS_LIMIT.format(most=limits.max_runs_per_day)
    if command.verb in problems.CHANGING:
        others = [pull for its, pull in ours.open_pulls(host) if its != problem]
        if len(others) >= limits.max_open_pulls:
            return replies.PULLS_LIMIT.format(most=limits.max_open_pulls)
    return None
