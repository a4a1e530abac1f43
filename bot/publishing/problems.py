"""Which problem an errand is about: the same one has the same branch and the same pull request."""

from __future__ import annotations

import hashlib
import re

from bot.models.command import Command, Verb
from bot.models.errand import BRANCHES

_PROBLEM = re.compile(r"(?P<kind>fix|test|refactor|feature|check|explain)-(?P<key>[0-9a-f]{1,20})")
_HASH = 9
_NO_NUMBER = "f"
"""What the key of a problem without an issue begins with: no number does."""

CHANGING = frozenset({Verb.FIX, Verb.RETRY, Verb.TEST, Verb.REFACTOR, Verb.FEATURE})
"""The commands of which a pull request may come."""


def of(command: Command, number: int | None) -> str:
    """The problem a command is about, on an issue or a pull request, or on none."""
    if number is not None:
        return f"{command.verb.mode.value}-{number}"
    said = "\n".join((command.verb.value, command.words, *map(str, command.releases)))
    return f"{command.verb.mode.value}-{_NO_NUMBER}{hashlib.sha256(said.encode()).hexdigest()[:_HASH]}"


def of_branch(name: str) -> str | None:
    """The problem a branch of the bot belongs to; null for other branches."""
    problem = name.removeprefix(BRANCHES)
    return problem if name.startswith(BRANCHES) and _PROBLEM.fullmatch(problem) else None


def number(problem: str) -> int | None:
    """The issue or pull request a problem was asked about on; null where it was on none."""
    found = _PROBLEM.fullmatch(problem)
    return int(found["key"]) if found and found["key"].isdecimal() else None
