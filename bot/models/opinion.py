"""What a critic model thinks of a patch: an opinion, after the machine's checks and below them."""

from __future__ import annotations

from bot.models.base import Frozen


class Opinion(Frozen):
    """Marks from 0 to 1, and objections in words (hostile text)."""

    api: float
    context: float
    idempotence: float
    side_effects: float
    objections: tuple[str, ...] = ()

    @property
    def mark(self) -> float:
        """The lowest of the marks: one bad side is not made good by the others."""
        return min(self.api, self.context, self.idempotence, self.side_effects)
