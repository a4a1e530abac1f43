"""The protocol every checker meets: read a copy of the add-on against the stubs of a release, list findings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from bot.models.release import Release

MAX_FINDINGS = 20_000
"""More are not read: what lists as many has nothing to say about single lines."""

MAX_MESSAGE = 1_000
"""Characters of a message; a union of everything Blender has is longer and says no more."""

_PYTHONS: tuple[tuple[Release, str], ...] = (
    (Release(5, 1), "3.13"),
    (Release(4, 1), "3.11"),
    (Release(3, 1), "3.10"),
    (Release(2, 93), "3.9"),
)
_OLDEST_PYTHON = "3.7"
"""Of 2.80 to 2.92; 2.79 had 3.5, which no checker knows any more."""


@dataclass(frozen=True)
class Copied:
    """A throw-away copy of an add-on, for reading.

    `folder` holds Python files and nothing else, all of them below one folder that is named as the
    add-on is; `paths` are theirs, relative to `folder`, sorted. `work` is an empty folder to write to.
    """

    folder: Path
    paths: Sequence[str]
    work: Path
    stubs: Path
    release: Release


@dataclass(frozen=True)
class Finding:
    """One finding at a place of the copy: `path` relative to its folder, lines and columns from 1, in characters.

    `end_column` is the one behind the last character. `code` is the checker's own word for the kind. Only
    ty's columns are exact on lines with characters outside ASCII; those of the others are not used.
    """

    path: str
    line: int
    column: int
    end_line: int
    end_column: int
    code: str
    message: str


@dataclass(frozen=True)
class Checked:
    """What a checker found; `problem` says why it could not look (a part of a sentence), else it is empty."""

    findings: tuple[Finding, ...] = ()
    problem: str = ""
    seconds: float = 0.0


class Checker(Protocol):
    """Reads a copy in the sandbox, with our configuration and never the repository's."""

    @property
    def name(self) -> str:
        """What its observations are filed under, and what the setting calls it."""
        ...

    def check(self, copied: Copied) -> Checked:
        """Never raises for what the add-on's code is."""
        ...


def python_of(release: Release) -> str:
    """The Python a release brings along, as checkers write it: `3.11`."""
    return next((python for since, python in _PYTHONS if release >= since), _OLDEST_PYTHON)


def ended(status: int | None, seconds: float) -> str:
    """The problem of a checker that did not end well; empty for one that did."""
    if status is None:
        return f"it did not end within {seconds:.0f} s"
    if status < 0:
        return f"it was stopped by signal {-status}"
    return f"it ended with status {status}" if status else ""
