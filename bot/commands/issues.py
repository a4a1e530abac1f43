"""`bot run --issue` and `--event`: what was said on GitHub, as a task on a laptop."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import NamedTuple

from bot.errors import UsageError
from bot.models.command import Command
from bot.models.request import Turn

NO_REPOSITORY = "It is not known which repository on GitHub issue {number} is in."
NO_REPOSITORY_CURE = "Set GITHUB_REPOSITORY=OWNER/NAME, or give the checkout a remote `origin` on GitHub."
NO_EVENT = "--event: {path} is no payload of an issue, a comment or a pull request."
NO_EVENT_CURE = "GitHub keeps it in GITHUB_EVENT_PATH; a webhook's page shows it, too."
MAX_EVENT = 25_000_000


class Told(NamedTuple):
    """What an issue says, and the command that is in it, if any."""

    text: str
    command: Command | None = None
    conversation: tuple[Turn, ...] = ()


def of_issue(root: Path, number: int) -> Told:
    """An issue as it stands on GitHub, with what was said under it.

    Raises:
        UsageError: it is not known where.
        MissingError: there is no token, or GitHub does not say.
    """
    from itertools import islice

    from bot.commands.initialising.showing import repository_of
    from bot.errands.thread import MAX_TURN, MOST_TURNS, seen
    from bot.host.connecting import connected
    from bot.host.surroundings import Surroundings

    name = os.environ.get("GITHUB_REPOSITORY") or repository_of(root)
    if not name:
        raise UsageError(NO_REPOSITORY.format(number=number), NO_REPOSITORY_CURE)
    with connected(Surroundings({**os.environ, "GITHUB_REPOSITORY": name})) as host:
        issue = host.issue(number)
        said = [
            Turn(author=each.user.login[:200], text=text[:MAX_TURN])
            for each in islice(host.comments(number), MOST_TURNS)
            if not each.user.is_bot and (text := seen(each.body))
        ]
    return Told(_text(issue.title, issue.body), conversation=tuple(said))


def of_event(path: Path) -> Told:
    """What an event's payload says; GitHub is not asked.

    Raises:
        UsageError: it cannot be read, or is another payload.
    """
    from bot.triggers.commands import read
    from bot.triggers.events import written

    try:
        with path.open("rb") as file:
            payload = json.loads(file.read(MAX_EVENT))
        found = written(payload)
    except (OSError, ValueError, RecursionError) as error:
        raise UsageError(NO_EVENT.format(path=path), NO_EVENT_CURE) from error
    if found is None:
        raise UsageError(NO_EVENT.format(path=path), NO_EVENT_CURE)
    _, title, body = found
    comment = payload.get("comment") if isinstance(payload, dict) else None
    said = comment.get("body") if isinstance(comment, dict) else None
    asked = read(said if isinstance(said, str) else body)
    return Told(_text(title, body), asked if isinstance(asked, Command) and asked.verb.runs else None)


def _text(title: str, body: str) -> str:
    from bot.errands.thread import seen

    return "\n\n".join(part for part in (seen(title), seen(body)) if part)
