"""Whose crash it is: a Blender without a window dies of calls that are harmless with one."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.blender.last_words import IN_AN_OPERATOR
from bot.models.fault import Fault, FaultKind
from bot.models.validation import Check, Observation, Outcome

NOT_COUNTED = "{message}. No older Blender that was run gets further, so it may be for want of a window: not counted."

_COMPARABLE = 2
_BY_ITSELF = re.compile(r"\(signal (?:4|7|8|11)\)")
"""Illegal instruction, bad address, arithmetic: Blender's own code failed. An add-on that aborts or kills does not
end this way."""


def without_blenders_own(observations: Sequence[Observation]) -> tuple[Observation, ...]:
    """The same looks; a crash in a call of an operator counts as a fault only where an older release did not crash.

    Releases of one add-on side by side are the evidence there is: what brings down the oldest Blender as well is
    no change of the API, and most often a call that needs a window. One release alone is no evidence, and its
    crash is told.
    """
    if sum(observation.reached for observation in observations) < _COMPARABLE:
        return tuple(observations)
    return tuple(_without_excused(observation, observations) for observation in observations)


def _without_excused(observation: Observation, others: Sequence[Observation]) -> Observation:
    checks = tuple(_judged(check, observation, others) for check in observation.checks)
    return observation.model_copy(update={"checks": checks})


def _judged(check: Check, observation: Observation, others: Sequence[Observation]) -> Check:
    if check.fault is None or not _is_blenders_own(check.fault):
        return check
    if any(_passes(check.id, other) for other in others if _is_older(other, observation)):
        return check
    detail = NOT_COUNTED.format(message=check.fault.message)
    return check.model_copy(update={"outcome": Outcome.SKIPPED, "detail": detail, "fault": None})


def _is_blenders_own(fault: Fault) -> bool:
    called = fault.kind is FaultKind.CRASH and fault.owner == IN_AN_OPERATOR
    return called and _BY_ITSELF.search(fault.message) is not None


def _is_older(other: Observation, observation: Observation) -> bool:
    return other.release is not None and observation.release is not None and other.release < observation.release


def _passes(check_id: str, observation: Observation) -> bool:
    return any(check.id == check_id and check.outcome is Outcome.PASS for check in observation.checks)
