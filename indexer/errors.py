"""Errors for people.

    IndexerError
    ├── UsageError      exit 2: the command line or the input is wrong
    └── MissingError    exit 3: something that is needed is not there
        └── Unreachable     the package index does not answer

Each says what happened, and in `cure` what to type or do next.
"""

from __future__ import annotations

from enum import IntEnum


class ExitStatus(IntEnum):
    """The exit status of every command."""

    OK = 0
    NOTHING_FOUND = 1
    USAGE = 2
    MISSING = 3
    INTERRUPTED = 130


class IndexerError(Exception):
    """Something a person can mend: `str(error)` says what happened, `cure` what to do about it."""

    exit_status = ExitStatus.NOTHING_FOUND

    def __init__(self, message: str, cure: str = "") -> None:
        super().__init__(message)
        self.cure = cure


class UsageError(IndexerError):
    """The command line or the input is wrong."""

    exit_status = ExitStatus.USAGE


class MissingError(IndexerError):
    """Something that is needed (API stubs, the network) is missing."""

    exit_status = ExitStatus.MISSING


class Unreachable(MissingError):  # noqa: N818  (a state of the world, told apart by its name)
    """The package index does not answer, or has no such package."""
