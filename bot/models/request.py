"""What is asked of a run."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from bot.models.addon import Addon
from bot.models.base import Frozen
from bot.models.release import Release, SupportRange


class Trigger(StrEnum):
    """What started the run."""

    COMMAND_LINE = "command line"
    SLASH_COMMAND = "slash command"
    RED_CI = "red CI"
    LABEL = "label"
    PUSH = "push"
    SCHEDULE = "schedule"


class Mode(StrEnum):
    """What kind of work is asked for."""

    FIX = "fix"
    CHECK = "check"
    EXPLAIN = "explain"
    """Answer a question; nothing is changed."""
    TEST = "test"
    """Write tests that fail without the behaviour and pass with it."""
    REFACTOR = "refactor"
    """Change the code and not what it does."""
    FEATURE = "feature"
    """Add something small, with its test and documentation."""


class Turn(Frozen):
    """One comment of the conversation on an issue; hostile text."""

    author: str = Field(max_length=200)
    text: str = Field(max_length=200_000)
    ours: bool = False
    """The bot wrote it."""


class RepairRequest(Frozen):
    """Task, commit, add-on and releases of one run; `log` is a traceback or log, hostile text."""

    id: str
    task: str = Field(default="", max_length=200_000)
    log: str = Field(default="", max_length=5_000_000)
    mode: Mode = Mode.FIX
    trigger: Trigger = Trigger.COMMAND_LINE
    commit: str
    addon: Addon
    support: SupportRange
    targets: tuple[Release, ...]
    """The releases this run must prove, oldest first."""
    runs_on: tuple[Release, ...]
    """The targets and the oldest supported release a runtime exists for, oldest first."""
    max_attempts: int = Field(default=6, ge=1, le=50)
    asked_by: str | None = None
    hint: str = Field(default="", max_length=10_000)
    """What somebody adds for another try: "use bmesh instead"."""
    conversation: tuple[Turn, ...] = Field(default=(), max_length=500)
    """What was said before, oldest first."""
