"""What somebody asks the bot to do, in a slash command or by other means."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from bot.models.base import Frozen
from bot.models.release import Release
from bot.models.request import Mode


class Verb(StrEnum):
    """The word after `/bcrag`."""

    FIX = "fix"
    RETRY = "retry"
    """Another try at the same problem, with a hint."""
    EXPLAIN = "explain"
    TEST = "test"
    REFACTOR = "refactor"
    FEATURE = "feature"
    CHECK = "check"
    """Look and repair nothing."""
    STATUS = "status"
    STOP = "stop"
    HELP = "help"

    @property
    def runs(self) -> bool:
        """Whether it takes a run in Blender; the others are answered at once."""
        return self not in (Verb.STATUS, Verb.STOP, Verb.HELP)

    @property
    def mode(self) -> Mode:
        """The kind of work a run of it does."""
        return Mode.FIX if self is Verb.RETRY or not self.runs else Mode(self.value)


class Command(Frozen):
    """A verb and what was said with it: a hint, a question, what to do; hostile text."""

    verb: Verb
    words: str = Field(default="", max_length=10_000)
    releases: tuple[Release, ...] = Field(default=(), max_length=20)
    """Of `check`: the releases to look at, where some are named."""
