"""Everything a command started, held together: what it uses, and its end."""

from __future__ import annotations

from typing import Protocol

from bot.sandbox.base import Limits

TIME = "it ran out of time"
MEMORY = "it used too much memory"
DISK = "it wrote too much to its folder"
MACHINE = "the machine was short of memory"

FAREWELL = 5.0
"""Seconds to wait for killed processes to be gone."""


class Scope(Protocol):
    """The processes of one command, from the moment it runs."""

    def excess(self, limits: Limits) -> str:
        """Which limit is exceeded, in words; empty when none is. Asked several times a second."""
        ...

    def end(self) -> None:
        """Kill whatever is left and wait until it is gone."""
        ...

    def verdict(self) -> str:
        """Asked after the end: the limit at which the kernel itself stopped something, or nothing."""
        ...
