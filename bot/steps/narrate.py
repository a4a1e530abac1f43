"""What a person watching a run is told, step by step."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from bot.models.attempt import Attempt
from bot.models.evidence import Evidence
from bot.models.plan import Plan
from bot.models.request import RepairRequest
from bot.models.validation import ValidationReport
from bot.reporting.terminal import Progress
from bot.reporting.text import listed, plural
from bot.steps.base import Tools
from bot.steps.distinct import counted, distinct
from bot.steps.watch import watched

TITLES = {
    "evidence": "look",
    "reproduce": "reproduce",
    "retrieve": "read up",
    "plan": "plan",
    "patch": "patch",
    "validate": "validate",
    "critique": "judge",
    "heal": "heal",
    "answer": "answer",
    "report": "report",
}
QUIET = frozenset({"reproduce", "retrieve", "plan", "patch", "heal", "answer"})
"""Steps too short to be shown by themselves, unless a model is asked in them."""

LOOKING = "reading {addon}, to run it in Blender {releases}"
FOUND = "{count} found"
FOUND_NOTHING = "no fault found"
PLANNED = "{places} by {rules}"
VALIDATING = "attempt {number}: reading what is changed, to run it in Blender {releases}"
VALIDATED = "attempt {number}: {fixed} fixed, {broken} broken"
NOT_RUN = "attempt {number}: not run"
REPORTING = "rendering before and after, writing the report"

Say = Callable[[Mapping[str, Any]], None]


@dataclass(frozen=True)
class Narrator:
    """Turns the steps' values into lines of progress."""

    progress: Progress
    request: RepairRequest

    @contextmanager
    def step(self, name: str, attempts: int) -> Iterator[Say]:
        """Show one step while it runs; call what is yielded with what it came to."""
        if name in QUIET:
            yield lambda update: self._quietly(name, update)
            return
        with self.progress.step(TITLES[name], self._before(name, attempts)) as shown:
            yield lambda update: shown.say(self._after(name, update, attempts) or shown.detail)

    def watching(self, tools: Tools) -> Tools:
        """The same tools, which tell what they are doing, and in which Blender, while they do it."""
        return watched(tools, self.progress)

    def _before(self, name: str, attempts: int) -> str:
        releases = listed(map(str, self.request.runs_on))
        match name:
            case "evidence":
                return LOOKING.format(addon=self.request.addon.name, releases=releases)
            case "validate":
                return VALIDATING.format(number=attempts + 1, releases=releases)
            case "report":
                return REPORTING
            case _:
                return ""

    def _after(self, name: str, update: Mapping[str, Any], attempts: int) -> str:
        match name:
            case "evidence":
                faults = distinct(Evidence.model_validate_json(update["known"]).faults)
                return FOUND.format(count=counted(faults)) if faults else FOUND_NOTHING
            case "validate":
                rows = ValidationReport.model_validate_json(update["seen"]).differences
                fixed, broken = sum(len(row.fixed) for row in rows), sum(len(row.broken) for row in rows)
                if not rows:
                    return NOT_RUN.format(number=attempts + 1)
                return VALIDATED.format(number=attempts + 1, fixed=plural(fixed, "check"), broken=broken or "nothing")
            case "critique":
                return Attempt.model_validate_json(update["attempts"][-1]).verdict.reason
            case _:
                return ""

    def _quietly(self, name: str, update: Mapping[str, Any]) -> None:
        for text in update.get("plans", ()):
            made = Plan.model_validate_json(text)
            if made.repairs:
                rules = ", ".join(sorted({repair.rule for repair in made.repairs}))
                places = plural(len(made.repairs), "place")
                self.progress.note(PLANNED.format(places=places, rules=rules))
