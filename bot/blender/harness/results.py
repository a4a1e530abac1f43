"""What there is to report so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

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
    loaded: dict[Any, Json | None] = field(default_factory=dict)
    """By the code of a handler that was called when a file was loaded: the probe it makes fail, if it does."""

    def is_told(self, fault: Json) -> bool:
        """Whether a probe has failed by it already."""
        same = ("type", "path", "line", "message")
        known = [one["raised"] for one in self.probes if one["raised"]]
        return any(all(one[name] == fault[name] for name in same) for one in known)
