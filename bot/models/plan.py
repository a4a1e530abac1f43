"""What is going to be repaired, by which rule, and what is not."""

from __future__ import annotations

from bot.models.base import Frozen
from bot.models.fault import Fault
from bot.models.patch import Repair


class Plan(Frozen):
    """The repairs to make, in no order that matters, and every fault nothing answers."""

    repairs: tuple[Repair, ...] = ()
    explained: tuple[Repair, ...] = ()
    """What rules know about and leave to a person, with the reason."""
    unanswered: tuple[Fault, ...] = ()
    by: str = "rules"
