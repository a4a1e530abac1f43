"""How a task is worked on: rules where they answer, one call where it is simple, else step by step. And why."""

from __future__ import annotations

from collections.abc import Sequence

from bot.answers import judgements
from bot.dossier.dossier import SECTIONS
from bot.llm.tokens import count
from bot.models.evidence import Evidence
from bot.models.exchange import Role
from bot.models.fault import Fault
from bot.models.plan import Path, Plan, Route, SubTask
from bot.models.request import Mode, RepairRequest
from bot.prompts.compose import Failed, compose
from bot.reporting.text import plural
from bot.steps.asking import Unanswered, ask
from bot.steps.base import Tools
from bot.steps.subject import asked, dossier

BY_RULES = "Rules answer {places}."
NO_MODEL = "No rule answers what is left, and there is no model: {why}"
ONE_FAULT = "What is left is {faults}: one call."
MANY = "What is left is {faults}: step by step."
ADDED = "A feature is added step by step."
WORDS = "The task is told in words, and short: one call."
NOT_SAID = "The router gave no answer, so the cheaper path is tried: one call."

MOST_FILES = 2
MOST_FAULTS = 4
"""More are no simple fault."""
LONG_TASK = 900
"""Characters; a longer task without a fault is put to the router."""
STEP = "plan"
ROUTER_TOKENS = 1500


def route(request: RepairRequest, evidence: Evidence, faults: Sequence[Fault], tools: Tools) -> Route:
    """The path for what rules leave."""
    if not tools.models.available:
        return Route(path=Path.NOTHING, reason=NO_MODEL.format(why=tools.models.why))
    if request.mode is Mode.FEATURE:
        return Route(path=Path.AGENTIC, reason=ADDED)
    files = {fault.path for fault in faults if fault.path}
    if len(faults) > MOST_FAULTS or len(files) > MOST_FILES:
        return Route(path=Path.AGENTIC, reason=MANY.format(faults=counted(faults)))
    if faults:
        return Route(path=Path.ONE_CALL, reason=ONE_FAULT.format(faults=counted(faults)))
    if len(request.task) <= LONG_TASK:
        return Route(path=Path.ONE_CALL, reason=WORDS)
    return _asked(request, evidence, tools)


def plan(request: RepairRequest, evidence: Evidence, faults: Sequence[Fault], tools: Tools, why: str = "") -> Plan:
    """The plan for what rules leave: its route, and on the agentic path the sub-tasks in order.

    `why` is what a plan before this one failed for. A planner that gives no plan leaves one call.
    """
    way = route(request, evidence, faults, tools)
    if way.path is Path.NOTHING:
        return Plan(unanswered=tuple(faults), route=way)
    tasks = _tasks(request, evidence, faults, tools, why) if way.path is Path.AGENTIC else ()
    return Plan(unanswered=tuple(faults), by="model", route=way, tasks=tasks)


def counted(faults: Sequence[Fault]) -> str:
    """How many faults there are, and in how many files, where they are in any."""
    files = len({fault.path for fault in faults if fault.path})
    return plural(len(faults), "fault") + (f" in {plural(files, 'file')}" if files else "")


def _asked(request: RepairRequest, evidence: Evidence, tools: Tools) -> Route:
    known = dossier(request, evidence, (), tools)
    room = min(ROUTER_TOKENS, tools.prompt_tokens)
    prompt = compose("route", Role.ROUTER, asked(request), known.pieces, SECTIONS, room, count)
    answer = ask(tools.models, prompt.call, judgements.route, STEP)
    if isinstance(answer, Unanswered):
        return Route(path=Path.ONE_CALL, reason=NOT_SAID)
    path, reason = answer
    return Route(path=Path(path), reason=reason, by="model")


def _tasks(
    request: RepairRequest, evidence: Evidence, faults: Sequence[Fault], tools: Tools, why: str
) -> tuple[SubTask, ...]:
    known = dossier(request, evidence, faults, tools)
    failed = (Failed(why),) if why else ()
    prompt = compose("plan", Role.PLANNER, asked(request, failed), known.pieces, SECTIONS, tools.prompt_tokens, count)
    answer = ask(tools.models, prompt.call, judgements.tasks, STEP)
    return () if isinstance(answer, Unanswered) else answer
