"""A script that Blender did not survive in the start that tries everything is given a start of its own.

There it ran on the untouched commit too: whatever the add-on's operators left behind in that Blender is none of its.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.models.fault import FaultKind
from bot.models.release import Release
from bot.models.reproduction import Script
from bot.models.request import RepairRequest
from bot.models.validation import Check, Observation, Outcome
from bot.steps.base import Tools
from bot.steps.tree import tree
from bot.validators.reproduction import check_id

_DEATHS = frozenset({FaultKind.CRASH, FaultKind.TIMEOUT})


def revive(
    request: RepairRequest, seen: Sequence[Observation], scripts: Sequence[Script], name: str, tools: Tools
) -> tuple[Observation, ...]:
    """The observations, with what became of such scripts when each was run alone; the clone must hold the patch."""
    return tuple(_revived(request, one, scripts, name, tools) for one in seen)


def _revived(
    request: RepairRequest, seen: Observation, scripts: Sequence[Script], name: str, tools: Tools
) -> Observation:
    dead = {check.id for check in seen.checks if _died(check)}
    wanted = tuple(script for script in scripts if check_id(script) in dead)
    if not wanted or seen.release is None or seen.validator != tools.exercise.name:
        return seen
    alone = _alone(request, seen.release, wanted, name, tools)
    again = {check.id: check for check in alone.checks if check.id in dead}
    return seen.model_copy(
        update={
            "checks": tuple(again.get(check.id, check) for check in seen.checks),
            "executed": {
                path: tuple(sorted({*seen.executed.get(path, ()), *alone.executed.get(path, ())}))
                for path in seen.executed.keys() | alone.executed.keys()
            },
            "starts": seen.starts + alone.starts,
            "seconds": seen.seconds + alone.seconds,
            "tampering": tuple(dict.fromkeys((*seen.tampering, *alone.tampering))),
        }
    )


def _alone(
    request: RepairRequest, release: Release, scripts: tuple[Script, ...], name: str, tools: Tools
) -> Observation:
    subject = tree(request, release, tools.work / f"revived-{name}" / str(release), tools)
    return tools.exercise.scripts(subject, release, scripts)


def _died(check: Check) -> bool:
    return check.outcome is Outcome.FAIL and check.fault is not None and check.fault.kind in _DEATHS
