"""What a run is told: the issue or pull request as it was when it was asked, and what was said about it till then.

Left out: comments that were made or edited later, what bots say, and what nobody sees.
"""

from __future__ import annotations

from datetime import datetime
from itertools import islice

from bot.host.errors import HostError
from bot.host.github import GitHub
from bot.host.values import Comment, Issue
from bot.models.base import Frozen
from bot.models.command import Command, Verb
from bot.models.errand import Errand
from bot.models.request import Mode, Turn
from bot.publishing import ours
from bot.triggers.commands import read
from bot.triggers.events import A_MOMENT, written
from bot.triggers.hidden import undisguised, visible

MOST_TURNS = 100
"""The newest count, and the first."""
MOST_COMMENTS = 2_000
MAX_TURN = 20_000
MAX_TASK = 190_000
MAX_LOG = 1_000_000

EDITED = """\
query($owner: String!, $name: String!, $number: Int!) {
  repository(owner: $owner, name: $name) {
    issueOrPullRequest(number: $number) { ... on Issue { lastEditedAt } ... on PullRequest { lastEditedAt } }
  }
}"""
"""When an issue's text was changed last: only GraphQL says."""


class Thread(Frozen):
    """What was asked, and what was said before; hostile text."""

    mode: Mode
    task: str = ""
    hint: str = ""
    log: str = ""
    """All in which a traceback may stand that was meant: the task, and what its author and the asker said."""
    conversation: tuple[Turn, ...] = ()


class _Text(Frozen):
    """An issue's text, and who wrote it."""

    title: str
    body: str
    author: str


def told(host: GitHub, errand: Errand, payload: object = None) -> Thread:
    """What a run is told of an errand; the event's payload has the text as it was when it was asked.

    Raises:
        HostError: GitHub does not say what was said.
    """
    command, mode = errand.command, errand.mode
    text, comments = _Text(title="", body="", author=""), list[Comment]()
    if errand.subject is not None:
        about = errand.about or errand.subject.number
        text = _text(host, errand, about, payload)
        for number in dict.fromkeys((about, errand.subject.number)):
            comments += islice(host.comments(number), MOST_COMMENTS)
    # the comment that was heard with says whose the bot's comments are, whatever token this job has
    me = next((each.user.login for each in comments if each.id == errand.comment), "") or host.me()
    said = [each for each in comments if _counts(each, errand, me)]
    said.sort(key=lambda each: (each.created_at, each.id))
    issue = "\n\n".join(part for part in (text.title, text.body) if part)
    words = "" if command.words and command.words == text.body else command.words
    hinted = command.verb in (Verb.FIX, Verb.RETRY) and issue != ""
    task = issue if hinted else "\n\n".join(part for part in (words, issue) if part)
    close = {text.author, errand.asked_by.login if errand.asked_by else ""} - {""}
    logs = [seen(each.body) for each in said if each.user.login in close and ours.marker(each, me) is None]
    return Thread(
        mode=mode,
        task=task[:MAX_TASK],
        hint=words if hinted else "",
        log="\n\n".join(part for part in (issue, *logs, words) if part)[:MAX_LOG],
        conversation=_turns(said, me),
    )


def seen(text: str) -> str:
    """A text as its readers see it."""
    return undisguised(visible(text.replace("\r\n", "\n").replace("\r", "\n"))).strip()


def _text(host: GitHub, errand: Errand, number: int, payload: object) -> _Text:
    """An issue as it was when it was asked; without its text where that was changed since."""
    issue = host.issue(number)
    then = written(payload)
    if then is not None and then[0] == number:
        title, body = then[1], then[2]
    else:
        title, body = issue.title, issue.body if _unchanged(host, issue, errand.asked_at) else ""
    body = seen(body)
    asked = read(body)
    if isinstance(asked, Command):  # the issue began with the command
        body = body.partition("\n")[2].strip() if asked.verb is Verb.CHECK else asked.words
    return _Text(title=seen(title), body=body, author=issue.user.login)


def _unchanged(host: GitHub, issue: Issue, moment: datetime) -> bool:
    """Whether nobody changed an issue's text after a moment; where GitHub does not say, somebody may have."""
    if issue.updated_at <= moment:
        return True
    owner, _, name = host.repository.partition("/")
    try:
        answer = host.wire.graphql(EDITED, {"owner": owner, "name": name, "number": issue.number})
        edited = answer["repository"]["issueOrPullRequest"]["lastEditedAt"]
        return edited is None or datetime.fromisoformat(edited) <= moment
    except (HostError, KeyError, TypeError, ValueError):
        return False


def _counts(comment: Comment, errand: Errand, me: str) -> bool:
    """Whether a comment is part of what the asker saw, and somebody's words or ours."""
    edited = comment.updated_at - comment.created_at >= A_MOMENT
    if comment.updated_at > errand.asked_at or (edited and comment.updated_at == errand.asked_at):
        return False
    if comment.created_at == errand.asked_at and read(comment.body) == errand.command:
        return False  # the command itself
    return not comment.user.is_bot or ours.marker(comment, me) is not None


def _turns(comments: list[Comment], me: str) -> tuple[Turn, ...]:
    turns = [
        Turn(author=each.user.login[:200], text=text[:MAX_TURN], ours=ours.marker(each, me) is not None)
        for each in comments
        if (text := seen(each.body))
    ]
    return (*turns[:1], *turns[1:][-(MOST_TURNS - 1) :])
