"""Why something is not let through, as a value."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Refusal:
    """What was wrong, in a sentence of ours, and what to do about it; `details` may hold a stranger's text."""

    reason: str
    cure: str = ""
    details: str = ""

    def __str__(self) -> str:
        return f"{self.reason} {self.details}".strip()
