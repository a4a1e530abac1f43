"""What there is to report so far."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.blender.harness.values import Json

Shown = dict[str, tuple[type, str]]
"""By the name of a list, the panel that shows it and the scene it was drawn in."""


@dataclass
class Results:
    """What there is to report so far."""

    probes: list[Json] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    makers: list[tuple[str, bool]] = field(default_factory=list)
    """Operators that made geometry, and whether it was a new object."""
    lists: Shown = field(default_factory=dict)
