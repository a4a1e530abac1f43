"""A fault that a script is to show."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.models.addon import Addon
from bot.models.fault import Fault, FaultKind
from bot.models.recipe import Recipe
from bot.models.release import Release

FOLDER = "reproductions"
"""Where scripts lie in a bundle."""


class UnmakeableError(ValueError):
    """No script can be made; the message says why, for people."""


@dataclass(frozen=True)
class Wanted:
    """A fault, and what is known of how it comes about."""

    fault: Fault
    addon: Addon
    release: Release
    recipes: tuple[Recipe, ...]
    """Each may do; the likeliest first."""
    script: str = ""
    """Of a fault that a script showed: its text."""


def slug(fault: Fault) -> str:
    """What a fault's script is called after: what was tried, in letters that every system takes."""
    words = re.sub(r"[^a-z0-9]+", "-", (fault.subject or fault.kind.value).lower()).strip("-")
    return words[:50].strip("-") or "fault"


def hanging(fault: Fault) -> bool:
    """Whether what is wrong is that it does not end."""
    return fault.kind is FaultKind.TIMEOUT or (fault.exception == "TimeoutError" and not fault.traceback)
