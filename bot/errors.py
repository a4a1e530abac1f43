"""Errors for people.

    BcragError
    ├── UsageError            exit 2: the command, the configuration or the input is wrong
    │   └── ConfigurationError
    ├── MissingError          exit 3: something the run needs is not there
    └── Cancelled             exit 130: the user pressed Ctrl-C

Each says what happened, and in `cure` what to type or do next. Anything else that is raised is a
defect of ours and is reported as one.
"""

from __future__ import annotations

from enum import IntEnum


class ExitStatus(IntEnum):
    """The exit status of every command."""

    OK = 0
    PROBLEMS = 1
    USAGE = 2
    MISSING = 3
    INTERRUPTED = 130


class BcragError(Exception):
    """Something a person can mend: `str(error)` says what happened, `cure` what to do about it."""

    exit_status = ExitStatus.PROBLEMS

    def __init__(self, message: str, cure: str = "") -> None:
        super().__init__(message)
        self.cure = cure


class UsageError(BcragError):
    """The command line or the input is wrong."""

    exit_status = ExitStatus.USAGE


class ConfigurationError(UsageError):
    """The configuration is wrong."""


class MissingError(BcragError):
    """Something the run needs (Blender, a sandbox, disk space) is missing."""

    exit_status = ExitStatus.MISSING


class Cancelled(BcragError):  # noqa: N818  (it is no error)
    """The user stopped the run."""

    exit_status = ExitStatus.INTERRUPTED
