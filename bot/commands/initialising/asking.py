"""What `bot init` has to know: from flags, from a person, from the repository, in this order."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import typer
from pydantic import ValidationError

from bot.addons import choose, discover
from bot.blender.releases import WHEELS
from bot.blender.selection import newest_installable
from bot.commands import common
from bot.errors import UsageError
from bot.workflows import pins
from bot.workflows.answers import Answers, Pin
from indexer.git import text

if TYPE_CHECKING:
    from bot.models.addon import Addon
    from bot.models.release import Release
    from bot.repository import Repository
    from bot.settings import Settings

NO_PIN = "It is not known which commit of the Action this bot is."
NO_PIN_CURE = "Name it: --action OWNER/NAME@COMMIT, with all 40 digits of the commit."
BAD_FLAG = "{flag}: {why}."
BAD_FLAG_CURE = "See bot init --help."

ASK_ADDON = "Which add-on is to be repaired?"
ASK_BLENDER = "Which Blender releases is it to work in? (as 4.2,4.5)"
ASK_LLM = "A model for what rules leave: none, openai, openrouter, one of these with :MODEL, or an address"
ASK_PROGRESS = "Say in the comment which step is running? (takes a second machine)"
ASK_WEEKLY = "Look once a week whether it works in the newest Blender?"
ASK_PIN = "Which commit is the Action? (OWNER/NAME@COMMIT)"

_T = TypeVar("_T")


def addons(repository: Repository) -> tuple[Addon, ...]:
    """Every add-on of the repository."""
    candidates = repository.holding("bl_info", "*.py")
    return discover(repository.files, repository.read, candidates, ".", repository.root.name)


def addon(found: Sequence[Addon], wanted: str | None, place: str, *, asking: bool) -> Addon:
    """The add-on this is about.

    Raises:
        UsageError: there is none, or there are several and nobody can be asked.
    """
    if asking and wanted is None and len(found) > 1:
        return _ask(ASK_ADDON, found[0].path, lambda answer: choose(found, answer, place))
    return choose(found, wanted, place)


def pin(action: str | None, *, asking: bool) -> Pin:
    """The commit of the Action.

    Raises:
        UsageError: it is not known, and nobody can be asked.
    """
    if action is not None:
        try:
            return pins.pin(action)
        except ValueError as error:
            raise UsageError(BAD_FLAG.format(flag="--action", why=error), NO_PIN_CURE) from error
    found = pins.installed_from()
    if found is not None:
        return found
    if asking:
        return _ask(ASK_PIN, None, pins.pin)
    raise UsageError(NO_PIN, NO_PIN_CURE)


def answers(
    repository: Repository, settings: Settings, about: Addon, action: Pin, given: Mapping[str, Any], *, asking: bool
) -> Answers:
    """Everything the workflows are made of.

    Raises:
        UsageError: a flag is wrong.
    """
    facts: dict[str, Any] = {"branch": default_branch(repository), "pin": action, "newest": WHEELS[-1]}
    facts |= {name: value for name, value in given.items() if value is not None}
    releases = settings.blender or ends(about, settings.oldest)
    if asking and not settings.blender:
        default = ",".join(map(str, releases))
        releases = _ask(ASK_BLENDER, default, lambda answer: common.releases(answer) or releases)
    facts["releases"] = releases
    if asking and "llm" not in facts:
        facts["llm"] = _ask(ASK_LLM, "none", lambda answer: Answers(**{**facts, "llm": answer}).llm)
    for name, question in (("progress", ASK_PROGRESS), ("weekly", ASK_WEEKLY)):
        if asking and name not in facts:
            facts[name] = typer.confirm(question, default=True)
    try:
        return Answers(**facts)
    except ValidationError as error:
        flag = "--" + str(error.errors()[0]["loc"][0]).replace("_", "-")
        raise UsageError(BAD_FLAG.format(flag=flag, why=_why(error)), BAD_FLAG_CURE) from error


def ends(about: Addon, oldest: Release | None) -> tuple[Release, ...]:
    """The releases that are proven by default: the oldest and the newest it supports that can be installed."""
    least = oldest or about.declared_minimum
    usable = [release for release in WHEELS if least is None or release >= least]
    newest = newest_installable()
    return tuple(sorted({usable[0], max(usable[0], newest)})) if usable else (newest,)


def default_branch(repository: Repository) -> str:
    """The branch others start from, as far as the checkout knows; else the one that is checked out."""
    remote = text(repository.root, "symbolic-ref", "--quiet", "--short", "refs/remotes/origin/HEAD")
    here = text(repository.root, "symbolic-ref", "--quiet", "--short", "HEAD")
    return remote.removeprefix("origin/") or here or "main"


def _ask(question: str, default: str | None, read: Callable[[str], _T]) -> _T:
    """Ask until the answer can be read."""

    def checked(answer: str) -> _T:
        try:
            return read(answer)
        except (ValueError, UsageError) as error:
            raise typer.BadParameter(_why(error)) from error

    found: _T = typer.prompt(question, default=default, value_proc=checked)
    return found


def _why(error: Exception) -> str:
    """The first thing that is wrong."""
    if isinstance(error, ValidationError):
        return str(error.errors()[0]["msg"]).removeprefix("Value error, ")
    return str(error)
