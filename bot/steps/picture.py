"""Renders of what the add-on's main operator makes, before and after, through one camera."""

from __future__ import annotations

from dataclasses import dataclass
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


@dataclass(frozen=True)
class Pictures:
    """The files of the renders (PNG), what they show, and how many Blenders it took."""

    before: Path | None = None
    after: Path | None = None
    operator: str | None = None
    starts: int = 0
    note: str = ""


def pictures(request: RepairRequest, evidence: Evidence, chosen: Attempt | None, tools: Tools) -> Pictures:
    """The renders of a run: of a repair both, through the camera that frames what it makes after."""
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


def _of(observations: tuple[Observation, ...], release: object) -> Observation | None:
    return next((seen for seen in observations if seen.validator == "exercise" and seen.release == release), None)


def _file(observation: Observation | None, tools: Tools) -> Path | None:
    if observation is None or "picture" not in observation.pictures:
        return None
    return kept(observation.pictures["picture"], tools.renders)
