"""One thing looked at, and how a failure becomes one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.errors import BcragError


@dataclass(frozen=True)
class Check:
    """One thing looked at: `cure` is the command that mends it. `needed`: without it no run is possible."""

    name: str
    ok: bool
    found: str
    cure: str = ""
    needed: bool = True


def attempt(name: str, ask: Callable[[], str]) -> Check:
    """A check that holds unless asking raises an error for people."""
    try:
        return Check(name, ok=True, found=ask())
    except BcragError as error:
        return Check(name, ok=False, found=str(error), cure=error.cure)
