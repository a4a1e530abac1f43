"""A fault: one normalised thing that is wrong."""

from __future__ import annotations

import hashlib
from enum import StrEnum

from pydantic import Field

from bot.models.base import Frozen
from bot.models.release import Release


class FaultKind(StrEnum):
    """What was being done when the fault showed."""

    LOAD = "load"
    CLASS = "class"
    DISABLE = "disable"
    OPERATOR = "operator"
    PANEL = "panel"
    NODE = "node"
    PROPERTY = "property"
    HANDLER = "handler"
    """What Blender calls at an event, or after a time."""
    KEYMAP = "keymap"
    FUNCTION = "function"
    RELOAD = "reload"
    """A file with the add-on's data was saved and loaded."""
    LEFT_BEHIND = "left-behind"
    """It is still there when the add-on is disabled, and fails."""
    API = "api"
    SYNTAX = "syntax"
    LINT = "lint"
    CRASH = "crash"
    TIMEOUT = "timeout"
    LOG = "log"
    SCENARIO = "scenario"
    """A script that states what a person expects."""
    TEST = "test"
    """One of the repository's own tests."""
    TAMPERING = "tampering"
    """The add-on did something to pass for other than it is; what it shows is not believed."""


class FaultSource(StrEnum):
    """Which sensor saw it."""

    RUNTIME = "runtime"
    TYPES = "types"
    API = "api"
    LINT = "lint"
    TEST = "test"
    LOG = "log"


class Proof(StrEnum):
    """How surely it is known."""

    REPRODUCED = "reproduced"
    """It was raised in real Blender."""
    API = "api"
    """A real Blender of that release was asked whether the API exists."""
    STATIC = "static"
    """Stubs, checkers or a text say so."""


class Fault(Frozen):
    """One thing that is wrong, with its place and its proof.

    `path` is relative to the repository root and empty where no place is known; `line` and
    `end_line` count from 1 (0: unknown). `owner` and `member` are the type and the name that do not
    fit (`Mesh`, `use_auto_smooth`). `subject` is what was tried: an operator's `bl_idname`, a
    panel's class, a function's qualified name.
    """

    kind: FaultKind
    owner: str | None = None
    member: str | None = None
    path: str = ""
    line: int = 0
    end_line: int = 0
    message: str
    exception: str | None = None
    source: FaultSource
    proof: Proof
    release: Release | None = None
    rule: str | None = None
    subject: str | None = None
    traceback: str | None = Field(default=None, max_length=20_000)
    alone: bool | None = None
    """Whether a script of its own shows it in a clean Blender; false: only the exerciser has seen it; null: nobody
    has tried."""

    @property
    def identity(self) -> str:
        """What stays the same when lines move: equal identities are one fault before and after a patch."""
        parts = (self.kind, self.subject, self.exception, self.owner, self.member, self.path, self.message)
        return hashlib.sha256("\0".join(str(part) for part in parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]

    @property
    def place(self) -> str:
        """`path:line`, as far as it is known."""
        return f"{self.path}:{self.line}" if self.line else self.path
