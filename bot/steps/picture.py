"""Renders of what the add-on's main operator makes, before and after, through one camera."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from bot.models.attempt import Attempt
from bot.models.evidence import Evidence
from bot.models.patch import EMPTY
from bot.models.request import RepairRequest
from bot.models.validation import Observation
from bot.steps.base import Tools
from bot.steps.keep import keep, kept
from bot.steps.patch import checkout
from bot.steps.tree import tree
from bot.validators.scenarios import NAME as SCENARIO


@dataclass(frozen=True)
class Pictures:
    """The files of the renders (PNG), what they show, and how many Blenders it took."""

    before: Path | None = None
    after: Path | None = None
    operator: str | None = None
    starts: int = 0
    note: str = ""
    scenarios: Mapping[str, Path] = field(default_factory=dict)
    """Renders of scenarios, by where they go in the bundle."""


def pictures(request: RepairRequest, evidence: Evidence, chosen: Attempt | None, tools: Tools) -> Pictures:
    """The renders of a run: of a repair both, through the camera that frames what it makes after."""
    seen = chosen.validation.observations if chosen is not None else evidence.baseline
    return replace(_of_operator(request, evidence, chosen, tools), scenarios=_of_scenarios(seen, tools))


def _of_operator(request: RepairRequest, evidence: Evidence, chosen: Attempt | None, tools: Tools) -> Pictures:
    target = request.targets[-1]
    if chosen is None:
        seen = _of(evidence.baseline, target)
        return Pictures(before=_file(seen, tools), operator=seen.main_operator if seen else None)
    after = _of(chosen.validation.observations, target)
    shown = _file(after, tools)
    if after is None or shown is None:
        return Pictures(note=after.note if after else "")
    checkout(EMPTY, tools)
    subject = tree(request, target, tools.work / "picture", tools)
    before = keep(tools.exercise.photograph(subject, target, after), tools.renders)
    return Pictures(
        before=_file(before, tools), after=shown, operator=after.main_operator, starts=before.starts, note=before.note
    )


def _of_scenarios(observations: tuple[Observation, ...], tools: Tools) -> dict[str, Path]:
    found = {what: name for seen in observations if seen.validator == SCENARIO for what, name in seen.pictures.items()}
    return {what: file for what, name in found.items() if (file := kept(name, tools.renders)) is not None}


def _of(observations: tuple[Observation, ...], release: object) -> Observation | None:
    return next((seen for seen in observations if seen.validator == "exercise" and seen.release == release), None)


def _file(observation: Observation | None, tools: Tools) -> Path | None:
    if observation is None or "picture" not in observation.pictures:
        return None
    return kept(observation.pictures["picture"], tools.renders)
