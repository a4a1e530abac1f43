"""`bot respond listen`: the job that decides what an event asks for, and says that it was heard."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from bot.host.github import GitHub
    from bot.host.surroundings import Surroundings
    from bot.models.errand import Errand

HELP = """Decide what an event asks for: the job `listen` of the workflow.

It reads the event (GITHUB_EVENT_PATH), asks GitHub whether whoever asks may write to the repository, pins the commit,
and acknowledges in a comment. `/bcrag help`, `status` and `stop` are answered here. It has no checkout and runs
nothing of the repository. Outputs: go, errand, problem, commit, trusted.
"""

IGNORED = "Nothing to do: {reason}"
ANSWERED = "Answered: {first}"
HEARD = "Heard: {verb} ({problem}) at {commit}."
NO_COMMENT = "GitHub does not let this token comment: {error}"
EYES = "eyes"
THUMB = "+1"


def listen() -> None:
    """Decide what an event asks for."""
    from bot.errands import listening
    from bot.host.connecting import TALKING, connected
    from bot.host.surroundings import Surroundings
    from bot.models.errand import Errand
    from bot.publishing import configuration
    from bot.triggers.events import Ignored, hear

    around = Surroundings(os.environ)
    payload, now = around.event(), datetime.now(UTC)
    heard = hear(around.event_name, payload, now, around.environment.get("BCRAG_COMMAND", ""))
    if isinstance(heard, Ignored):
        _nothing(around, heard.reason)
        return
    with connected(around, TALKING) as host:
        decided = listening.listen(
            heard, host, lambda branch: configuration.of(host, branch).github, around.run, around.attempt, now
        )
        if isinstance(decided, Ignored):
            _nothing(around, decided.reason)
        elif isinstance(decided, Errand):
            _react(host, heard.comment, heard.number, EYES)
            _go(around, host, decided)
        else:
            _react(host, heard.comment, heard.number, THUMB)
            if decided.number is not None:
                host.comment(decided.number, decided.text)
            around.summarise(decided.text)
            _nothing(around, ANSWERED.format(first=decided.text.partition("\n")[0]), said=True)


def _go(around: Surroundings, host: GitHub, errand: Errand) -> None:
    """Acknowledge an errand, and hand it on."""
    from bot.errands.acknowledging import acknowledge
    from bot.host.errors import HostError

    if errand.subject is not None:
        try:
            errand = errand.model_copy(update={"comment": acknowledge(host, errand, around.run_url)})
        except HostError as error:
            _say(NO_COMMENT.format(error=error))
    around.put(
        go=True,
        errand=errand.model_dump_json(),
        problem=errand.problem,
        commit=errand.commit,
        trusted=errand.trusted,
    )
    _say(HEARD.format(verb=errand.command.verb.value, problem=errand.problem, commit=errand.commit[:12]))


def _nothing(around: Surroundings, reason: str, *, said: bool = False) -> None:
    around.put(go=False, errand="", problem="", commit="", trusted=False)
    _say(reason if said else IGNORED.format(reason=reason))


def _say(text: str) -> None:
    """Say it in the log, where whoever writes a comment has no command to give."""
    from bot.reporting.log import logged

    typer.echo(logged(text), err=True)


def _react(host: GitHub, comment: int | None, number: int | None, content: str) -> None:
    if comment is not None:
        host.react(comment, content)
    elif number is not None:
        host.react_issue(number, content)
