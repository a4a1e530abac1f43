"""What there is to report so far."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.blender.harness.values import Json


@dataclass
class Results:
    """What there is to report so far."""

    probes: list[Json] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    makers: list[tuple[str, bool]] = field(default_factory=list)
    """Operators that made geometry, and whether it was a new object."""
