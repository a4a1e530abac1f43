"""Look at a patched tree with the same eyes as at the base commit, and take the difference."""

from __future__ import annotations

from bot.models.evidence import Evidence
from bot.models.patch import Patch
from bot.models.request import Mode, RepairRequest
from bot.models.validation import ValidationReport
from bot.steps.alone import settle
from bot.steps.base import Tools
from bot.steps.look import look
from bot.steps.patch import checkout
from bot.steps.prove_tests import prove
from bot.steps.sameness import same
from bot.validators.compare import difference, differences
from bot.validators.reproduction import scripts_of


def validated(request: RepairRequest, evidence: Evidence, patch: Patch, number: int, tools: Tools) -> ValidationReport:
    """What becomes of a candidate; one that is refused, or changes nothing, is not run."""
    if patch.refused or patch.unanswered or patch.empty:
        return ValidationReport(observations=(), differences=(), faults=evidence.faults)
    checkout(patch, tools)
    if request.mode is Mode.TEST:
        return _tests(request, evidence, patch, number, tools)
    return validate(request, evidence, patch, number, tools)


def _tests(request: RepairRequest, evidence: Evidence, patch: Patch, number: int, tools: Tools) -> ValidationReport:
    """Where tests alone are added the add-on is what it was: looked at are the tests, not once more everything."""
    seen = prove(request, patch, number, tools)
    return ValidationReport(observations=(seen,), differences=(difference(None, seen),), faults=evidence.faults)


def validate(request: RepairRequest, evidence: Evidence, patch: Patch, number: int, tools: Tools) -> ValidationReport:
    """Run every validator on the clone, which must hold this patch."""
    scripts = scripts_of(evidence.reproductions, evidence.baseline)
    sight = look(request, tools, patch, evidence.asked, f"attempt-{number}", scripts, evidence.baseline)
    rows = differences(evidence.baseline, sight.observations, patch.changed_lines)
    work = tools.work / f"alone-{number}"
    settled = settle(request, patch, rows, sight.observations, work, tools)
    broken = any(row.broken for row in settled)
    return ValidationReport(
        observations=sight.observations,
        differences=settled,
        faults=sight.faults,
        # Of a patch that is turned down for what it breaks nobody asks what else it changes.
        sameness=() if broken else same(request, patch, evidence.baseline, sight.observations, work, tools),
    )
