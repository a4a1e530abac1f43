"""Choose what to repair: every fault a rule answers, and why the others are left."""

from __future__ import annotations

from collections.abc import Sequence

from bot.models.evidence import Evidence
from bot.models.fault import Fault
from bot.models.patch import Repair
from bot.models.plan import Path, Plan, Route
from bot.models.request import Mode, RepairRequest
from bot.reporting.text import plural
from bot.rules import engine
from bot.steps import route
from bot.steps.base import Tools
from bot.steps.look import context
from bot.steps.subject import open_faults, worded

_REPAIRS = frozenset({Mode.FIX, Mode.CHECK})
"""What rules have a say in."""


def plan(request: RepairRequest, evidence: Evidence, tools: Tools) -> Plan:
    """The first plan, from the faults of the base commit: rules where they answer any, else a model."""
    made = propose(request, evidence.faults, tools) if request.mode in _REPAIRS else Plan()
    if any(not repair.accompanies for repair in made.repairs):
        places = plural(len(made.repairs), "place")
        return made.model_copy(update={"route": Route(path=Path.RULES, reason=route.BY_RULES.format(places=places))})
    faults = open_faults(evidence, None)
    if not faults and not worded(request):
        return made
    asked = route.plan(request, evidence, faults, tools)
    return asked.model_copy(update={"explained": made.explained, "unanswered": asked.unanswered or made.unanswered})


def propose(request: RepairRequest, faults: Sequence[Fault], tools: Tools) -> Plan:
    """What the rules would do about these faults in the clone as it is now."""
    survey = engine.survey(tools.sources(request.addon), context(request, tools, faults), tools.rules)
    chosen, explained, _postponed = engine.select(survey.repairs, faults)
    return Plan(
        repairs=chosen,
        explained=explained,
        unanswered=tuple(fault for fault in faults if not any(answers(repair, fault) for repair in chosen)),
    )


def answers(repair: Repair, fault: Fault) -> bool:
    """Whether a repair is made because of this fault."""
    if repair.fault is not None and repair.fault.identity == fault.identity:
        return True
    if repair.path != fault.path:
        return False
    return repair.line <= fault.line <= repair.end_line
