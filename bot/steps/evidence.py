"""What is wrong with the untouched commit: reproduction in Blender, API questions, the log's own words."""

from __future__ import annotations

from collections.abc import Sequence

from bot.models.evidence import Evidence
from bot.models.fault import Fault, FaultSource
from bot.models.patch import Patch
from bot.models.request import RepairRequest
from bot.models.validation import Observation
from bot.steps.base import Tools
from bot.steps.look import answered, look
from bot.triggers.logs import faults_in


def gather(request: RepairRequest, tools: Tools) -> Evidence:
    """Look at the base commit with every validator and collect its faults."""
    asked = faults_in(request.log, request.addon, tools.texts(request.addon)) if request.log else ()
    sight = look(request, tools, Patch(diff=""), asked, "baseline")
    told = told_apart(asked, sight.faults)
    open_ones = tuple(fault for fault in told if not covered(fault, sight.faults))
    return Evidence(
        faults=(*sight.faults, *open_ones),
        asked=told,
        baseline=sight.observations,
        answers=answered(sight.observations),
    )


def told_apart(asked: Sequence[Fault], seen: Sequence[Fault]) -> tuple[Fault, ...]:
    """The faults a log tells of; each takes over the proof of what was seen at its place."""
    found: list[Fault] = []
    for fault in asked:
        match = next((other for other in seen if same_place(fault, other)), None)
        found.append(fault.model_copy(update={"proof": match.proof, "release": match.release}) if match else fault)
    return tuple(found)


def covered(fault: Fault, seen: Sequence[Fault]) -> bool:
    """Whether what a log tells of was seen by ourselves."""
    return any(same_place(fault, other) for other in seen)


def same_place(told: Fault, seen: Fault) -> bool:
    """Whether a fault we saw is the one a log tells of: the same file, on its line or raising the same there."""
    if not told.path or told.path != seen.path:
        return False
    on_line = seen.line <= told.line <= max(seen.line, seen.end_line)
    return on_line and (seen.source in (FaultSource.API, FaultSource.TYPES) or told.exception in (None, seen.exception))


def dead_targets(request: RepairRequest, evidence: Evidence) -> tuple[Observation, ...]:
    """The looks that could not be had in releases the run must prove. Where Blender itself ran, a type checker that
    could not is no such look."""
    ran = {seen.release for seen in evidence.baseline if seen.validator == "exercise" and seen.reached}
    return tuple(
        seen
        for seen in evidence.baseline
        if not seen.reached and not seen.static and seen.release in request.targets and seen.release not in ran
    )
