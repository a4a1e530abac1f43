"""Event payloads of GitHub, read into what somebody asks for, or a reason why nothing is done.

Left alone, each with its reason: what bots did, the bot's own comments, comments that were edited or deleted, threads
that are locked, events in which nothing can be asked, and payloads that are not what GitHub's description says.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, TypeVar

from pydantic import AwareDatetime, Field, ValidationError

from bot.models.base import Frozen
from bot.models.command import Command, Verb
from bot.models.errand import BRANCHES, Branch, Login, RepositoryName, Sha
from bot.models.request import Trigger
from bot.triggers import payloads
from bot.triggers.commands import NoCommand, asked, labelled, read

MARK = "<!-- bcrag"
"""What stands in the bot's own comments, where nobody sees it."""

MALFORMED = "The payload of `{event}` is not what GitHub's description says: {where}."
UNHEARD = "Nothing can be asked with the event `{event}`."
UNHEARD_ACTION = "Nothing is asked by `{event}` with the action `{action}`."
EDITED = "The comment was edited: what it says now is not what it was written as. Write a new one."
DELETED = "The comment was deleted."
REVIEW = "Commands are read in the conversation of a pull request, not in reviews and their comments."
PUSHED = "A push asks for nothing here."
BOT = "{login} is a bot; only people are heard."
BY_APP = "It was written by a GitHub App, and not by a person."
OWN = "It is a comment of the bot itself."
GONE = "Whoever wrote it has no account any more."
NOT_AUTHOR = "It was not written by {login}, who is said to have sent it."
MOVED = "The issue was moved here from another repository; write a comment in it."
LOCKED = "The conversation is locked."
OWN_PULL = "It is the bot's own pull request, whose labels ask for nothing: write `/bcrag retry` as a comment."
NO_ACTOR = "The event does not say who asked."
NO_NUMBER = "`{number}` is no number of an issue."

_HEADS = "refs/heads/"
A_MOMENT = timedelta(seconds=1)
"""GitHub tells times to the second."""
SHOWN = 60
"""Characters of a name that a reason repeats."""


class Author(Frozen):
    """Who asks, as the event has it; that says nothing about what they may do."""

    login: Login
    id: int = Field(gt=0)


class Tip(Frozen):
    """The commit and branch of a pull request as they were when it was asked, and the branch it goes to."""

    sha: Sha
    ref: Branch
    base: Branch
    from_fork: bool


class Heard(Frozen):
    """What somebody asks for: a command, or something that was meant to be one."""

    repository: RepositoryName
    command: Command | NoCommand
    trigger: Trigger
    author: Author | None = None
    """Null where nobody asks: a schedule does."""
    number: int | None = None
    """The issue or pull request."""
    is_pull: bool | None = None
    """Null where the event does not say."""
    tip: Tip | None = None
    """Where the event has it."""
    branch: Branch | None = None
    """The branch a workflow was started on by hand."""
    comment: int | None = None
    """The comment the command stands in."""
    at: AwareDatetime
    """When it was asked."""
    title: str = ""
    body: str = ""
    """The issue or pull request as it was then; hostile text."""


class Ignored(Frozen):
    """Why nothing is done, in a sentence for the log."""

    reason: str


Outcome = Heard | Ignored
_Event = TypeVar("_Event", bound=payloads.Event)


def hear(event: str, payload: object, now: datetime, command: str = "") -> Outcome:
    """What an event asks for. `command` is what the workflow itself asks for, where no person does."""
    reader = _READERS.get(event)
    if reader is None:
        return Ignored(reason=_UNHEARD.get(event) or UNHEARD.format(event=_short(event)))
    try:
        return reader(event, payload, now, command)
    except ValidationError as error:
        wrong = sorted({".".join(map(str, each["loc"])) or "all of it" for each in error.errors()})
        where = ", ".join(_short(name) for name in wrong[:5])
        return Ignored(reason=MALFORMED.format(event=_short(event), where=where))


def written(payload: object) -> tuple[int, str, str] | None:
    """The issue or pull request an event is about: number, title and text as they were then; hostile text."""
    about = payload if isinstance(payload, Mapping) else {}
    try:
        if "issue" in about:
            issue = payloads.IssuesEvent.model_validate(payload).issue
            return issue.number, issue.title, issue.body
        if "pull_request" in about:
            pull = payloads.PullRequestEvent.model_validate(payload).pull_request
            return pull.number, pull.title, pull.body
    except ValidationError:
        pass
    return None


def _comment(event: str, payload: object, now: datetime, command: str) -> Outcome:
    if reason := {"edited": EDITED, "deleted": DELETED}.get(_action(payload)):
        return Ignored(reason=reason)
    if _action(payload) != "created":
        return _other(event, payload)
    found = _read(payloads.IssueCommentEvent, payload)
    said, issue = found.comment, found.issue
    if MARK in said.body:
        return Ignored(reason=OWN)
    if reason := _not_a_person(said.user, found.sender, said.performed_via_github_app):
        return Ignored(reason=reason)
    if said.updated_at - said.created_at >= A_MOMENT:
        return Ignored(reason=EDITED)
    if issue.locked:
        return Ignored(reason=LOCKED)
    meant = _meant(read(said.body))
    if isinstance(meant, Ignored):
        return meant
    return Heard(
        repository=found.repository.full_name,
        command=meant,
        trigger=Trigger.SLASH_COMMAND,
        author=_author(said.user),
        number=issue.number,
        is_pull=issue.pull_request is not None,
        comment=said.id,
        at=said.created_at,
        title=issue.title,
        body=issue.body,
    )


def _issue(event: str, payload: object, now: datetime, command: str) -> Outcome:
    if _action(payload) not in ("opened", "labeled"):
        return _other(event, payload)
    found = _read(payloads.IssuesEvent, payload)
    issue, opened = found.issue, found.action == "opened"
    if issue.locked:
        return Ignored(reason=LOCKED)
    if opened and found.changes and "old_issue" in found.changes:
        return Ignored(reason=MOVED)
    if opened and MARK in issue.body:
        return Ignored(reason=OWN)
    by = issue.user if opened else found.sender
    if reason := _not_a_person(by, found.sender, issue.performed_via_github_app if opened else None):
        return Ignored(reason=reason)
    meant = _meant(read(issue.body) if opened else labelled(found.label.name if found.label else ""))
    if isinstance(meant, Ignored):
        return meant
    return Heard(
        repository=found.repository.full_name,
        command=meant,
        trigger=Trigger.SLASH_COMMAND if opened else Trigger.LABEL,
        author=_author(by),
        number=issue.number,
        is_pull=issue.pull_request is not None,
        at=issue.created_at if opened else issue.updated_at,
        title=issue.title,
        body=issue.body,
    )


def _pull(event: str, payload: object, now: datetime, command: str) -> Outcome:
    if _action(payload) != "labeled":
        return _other(event, payload)
    found = _read(payloads.PullRequestEvent, payload)
    pull, home = found.pull_request, found.repository.full_name
    from_fork = pull.head.repo is None or pull.head.repo.full_name != home
    if pull.locked:
        return Ignored(reason=LOCKED)
    if reason := _not_a_person(found.sender, found.sender, None):
        return Ignored(reason=reason)
    meant = _meant(labelled(found.label.name if found.label else ""))
    if isinstance(meant, Ignored):
        return meant
    if pull.head.ref.startswith(BRANCHES) and not from_fork:
        return Ignored(reason=OWN_PULL)
    return Heard(
        repository=home,
        command=meant,
        trigger=Trigger.LABEL,
        author=_author(found.sender),
        number=pull.number,
        is_pull=True,
        tip=Tip(sha=pull.head.sha, ref=pull.head.ref, base=pull.base.ref, from_fork=from_fork),
        at=pull.updated_at,
        title=pull.title,
        body=pull.body,
    )


def _dispatch(event: str, payload: object, now: datetime, command: str) -> Outcome:
    found = _read(payloads.DispatchEvent, payload)
    if reason := _not_a_person(found.sender, found.sender, None):
        return Ignored(reason=reason)
    number = (found.inputs.get("number") or found.inputs.get("issue") or "").strip().removeprefix("#")
    if number and not (number.isascii() and number.isdigit() and 0 < int(number[:20]) < 2**63):
        return Ignored(reason=NO_NUMBER.format(number=_short(number)))
    wanted = f"{found.inputs.get('command') or command or Verb.CHECK.value}\n{found.inputs.get('words', '')}"
    return Heard(
        repository=found.repository.full_name,
        command=asked(wanted),
        trigger=Trigger.SLASH_COMMAND,
        author=_author(found.sender),
        number=int(number) if number else None,
        branch=found.ref.removeprefix(_HEADS) if found.ref.startswith(_HEADS) else None,
        at=now,
    )


def _schedule(event: str, payload: object, now: datetime, command: str) -> Outcome:
    found = _read(payloads.Event, payload)
    return Heard(
        repository=found.repository.full_name,
        command=asked(command or Verb.CHECK.value),
        trigger=Trigger.SCHEDULE,
        at=now,
    )


_Reader = Callable[[str, object, datetime, str], Outcome]
_READERS: Mapping[str, _Reader] = MappingProxyType(
    {
        "issue_comment": _comment,
        "issues": _issue,
        "pull_request": _pull,
        "workflow_dispatch": _dispatch,
        "schedule": _schedule,
    }
)
_UNHEARD: Mapping[str, str] = MappingProxyType(
    {"push": PUSHED, "pull_request_review": REVIEW, "pull_request_review_comment": REVIEW}
)


def _read(kind: type[_Event], payload: object) -> _Event:
    return kind.model_validate(payload)


def _action(payload: object) -> str:
    action: Any = payload.get("action") if isinstance(payload, Mapping) else None
    return action if isinstance(action, str) else ""


def _other(event: str, payload: object) -> Ignored:
    return Ignored(reason=UNHEARD_ACTION.format(event=event, action=_short(_action(payload)) or "?"))


def _not_a_person(
    author: payloads.Account | None, sender: payloads.Account | None, app: Mapping[str, Any] | None
) -> str | None:
    """Why whoever did it is not heard, or nothing."""
    if author is None:
        return GONE
    if sender is None:
        return NO_ACTOR
    for one in (author, sender):
        if one.type != "User" or one.login.endswith("[bot]"):
            return BOT.format(login=_short(one.login))
    if app is not None:
        return BY_APP
    return None if author.id == sender.id else NOT_AUTHOR.format(login=_short(sender.login))


def _meant(command: Command | NoCommand) -> Command | NoCommand | Ignored:
    """A command, or what was meant to be one; the rest is ignored."""
    if isinstance(command, NoCommand) and not command.meant:
        return Ignored(reason=command.reason)
    return command


def _author(account: payloads.Account | None) -> Author | None:
    return Author(login=account.login, id=account.id) if account else None


def _short(text: str) -> str:
    kept = "".join(each for each in text[: 2 * SHOWN] if each.isprintable() and each != "`")
    return kept if len(kept) <= SHOWN else kept[: SHOWN - 1] + "…"
