"""What models had to do with a run: the path that was chosen, who wrote the patch, what a critic thinks, what failed.

Sentences are words of ours and numbers. What a model, a provider or a server said stands in fields of its own, for
each medium to escape.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from bot.models.attempt import Attempt
from bot.models.citation import Citation
from bot.models.exchange import Role
from bot.models.opinion import Opinion
from bot.models.plan import Path, SubTask
from bot.models.report import Report
from bot.reporting import asked, bill, prose
from bot.reporting.story import best_attempt
from bot.reporting.text import plural

WROTE, TRIED_ALONE = "Who wrote it, and how", "What a model was asked"
"""Titles: of a patch, and where there is none."""

PATHS: Mapping[Path, str] = MappingProxyType(
    {
        Path.NOTHING: "No model could be asked",
        Path.RULES: "Rules alone",
        Path.ONE_CALL: "One call to a model",
        Path.AGENTIC: "A model, step by step",
    }
)
"""The router's decision, for people."""

BY_MODEL = "A language model wrote this patch; no rule had a part in it."
BY_BOTH = "Rules repaired {places}; a language model wrote the rest on top of that."
BY_RULES = "Rules wrote this patch. What a model wrote was not used."
BY_RULES_ALONE = "Rules wrote this patch. A model was asked for what is left, and none answered."
BY_NOBODY = "There is no patch: what a model wrote was not good enough."
UNANSWERED = "There is no patch: no rule repairs this, and no model answered."
CHECKED = "A model's word proves nothing: the patch was checked like any other, in Blender and by the same checks."
OPINION = "A critic model gave these marks, of 1, to a patch the checks had accepted: an opinion, which proves nothing."

TRIED = "What a model tried besides, and what came of it"
REFUSED = "refused before anything ran"
UNUSABLE = "set aside"
LOOKED_UP = "asked to see more first"
NO_ANSWER = "no model answered"
OBJECTED = "the checks accepted it, a critic objected"
SUPERSEDED = "accepted, and another was better"


@dataclass(frozen=True)
class Routed:
    """The router's decision: `path` in words of ours, `asked` whether a model made it, `reason` as it was given."""

    path: str
    asked: bool
    reason: str


@dataclass(frozen=True)
class Tried:
    """An attempt of a model that is not handed over: how it ended in words of ours, and why, which may quote it."""

    number: int
    ending: str
    said: str


@dataclass(frozen=True)
class Marked:
    """One of a critic's marks, from 0 to 1."""

    name: str
    mark: float


@dataclass(frozen=True)
class Authors:
    """What models had to do with it. `title`, `wrote` and `checked` are words of ours."""

    title: str
    routed: Routed | None
    tasks: tuple[SubTask, ...]
    wrote: str
    checked: str
    models: tuple[str, ...]
    summary: tuple[prose.Block, ...]
    cites: tuple[Citation, ...]
    marks: tuple[Marked, ...]
    objections: tuple[str, ...]
    tried: tuple[Tried, ...]


def routed(report: Report) -> Routed | None:
    """How the task was worked on, and why."""
    route = report.plan.route
    return Routed(PATHS[route.path], route.by == "model", route.reason) if route is not None else None


def told(report: Report) -> Authors | None:
    """What models had to do with it; null where rules were alone."""
    tried = tuple(_tried(report))
    best = best_attempt(report) if report.patch is not None else None
    ours = best is not None and best.patch.by == "model"
    if not tried and not ours:
        return None
    opinion = best.verdict.opinion if best is not None else None
    writers = [call for call in report.cost.calls if call.role in (Role.PATCHER, Role.HEALER)]
    return Authors(
        title=WROTE if best is not None else TRIED_ALONE,
        routed=routed(report),
        tasks=report.plan.tasks,
        wrote=_wrote(report, best, tried),
        checked=CHECKED if ours else "",
        models=bill.models(writers) if ours else (),
        summary=prose.read(prose.unmarked(best.patch.summary), limit=4000) if best is not None and ours else (),
        cites=best.patch.cites if best is not None and ours else (),
        marks=_marks(opinion) if opinion is not None else (),
        objections=opinion.objections if opinion is not None else (),
        tried=tried,
    )


def _wrote(report: Report, best: Attempt | None, tried: tuple[Tried, ...]) -> str:
    silent = all(one.ending == NO_ANSWER for one in tried)
    if best is None:
        return UNANSWERED if silent else BY_NOBODY
    if best.patch.by != "model":
        return BY_RULES_ALONE if silent else BY_RULES
    places = len({(repair.path, repair.line) for repair in best.patch.repairs})
    return BY_BOTH.format(places=plural(places, "place")) if places else BY_MODEL


def _marks(opinion: Opinion) -> tuple[Marked, ...]:
    return (
        Marked("Use of the API", opinion.api),
        Marked("Works in any context", opinion.context),
        Marked("Can be done twice", opinion.idempotence),
        Marked("No side effects", opinion.side_effects),
    )


def _tried(report: Report) -> Iterator[Tried]:
    for attempt in report.attempts:
        patch, verdict = attempt.patch, attempt.verdict
        if patch.by != "model" or (attempt.number == report.best and report.patch is not None):
            continue
        if patch.unanswered:
            yield Tried(attempt.number, NO_ANSWER, asked.without_beginning(patch.unanswered))
        elif patch.query:
            yield Tried(attempt.number, LOOKED_UP, patch.query)
        elif patch.refused:
            yield Tried(attempt.number, REFUSED, "; ".join(patch.refused))
        elif not verdict.accepted:
            yield Tried(attempt.number, UNUSABLE, verdict.reason)
        elif verdict.objected and verdict.opinion is not None:
            yield Tried(attempt.number, OBJECTED, " ".join(verdict.opinion.objections))
        else:
            yield Tried(attempt.number, SUPERSEDED, verdict.reason)
