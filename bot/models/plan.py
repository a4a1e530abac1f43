"""What is going to be repaired, by which rule, and what is not."""

from __future__ import annotations

from enum import StrEnum

from bot.models.base import Frozen
from bot.models.fault import Fault
from bot.models.patch import Repair


class Path(StrEnum):
    """How a task is worked on."""

    NOTHING = "nothing"
    RULES = "rules"
    ONE_CALL = "one call"
    AGENTIC = "agentic"


class Route(Frozen):
    """The router's decision, and why; `by` says whether a rule of ours or a model made it."""

    path: Path
    reason: str
    by: str = "rules"
    """`rules`, or `model`: then the patch is still to be asked for."""
    route: Route | None = None
    tasks: tuple[SubTask, ...] = ()
    """What the task was taken into, in order; empty where one patch is to do it."""
    query: str = ""
    """What is to be looked up first."""


class SubTask(Frozen):
    """One step of a task that was taken apart: what a model's plan says, hostile text."""

    id: str
    title: str
    files: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    query: str = ""


class Plan(Frozen):
    """The repairs to make, in no order that matters, and every fault nothing answers."""

    repairs: tuple[Repair, ...] = ()
    explained: tuple[Repair, ...] = ()
    """What rules know about and leave to a person, with the reason."""
    unanswered: tuple[Fault, ...] = ()
    by: str = "rules"
    """`rules`, or `model`: then the patch is still to be asked for."""
    route: Route | None = None
    tasks: tuple[SubTask, ...] = ()
    """What the task was taken into, in order; empty where one patch is to do it."""
    query: str = ""
    """What is to be looked up first."""
