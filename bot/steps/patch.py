"""Make the patch: edits in the private clone, the diff by git, the policy's word on it."""

from __future__ import annotations

from bot.models.patch import Patch
from bot.models.plan import Plan
from bot.models.request import RepairRequest
from bot.patches import to_bytes, to_patch
from bot.policy import objections
from bot.rules import engine
from bot.steps.base import Tools

DOES_NOT_APPLY = "git does not apply it to the base commit: {reason}"


def patch(request: RepairRequest, plan: Plan, base: Patch, tools: Tools) -> Patch:
    """Apply a plan on top of an earlier patch; the result is against the base commit, and the clone has it.

    The diff always comes from git, so that it applies; a patch the policy refuses is returned with
    the reasons in `refused`, and the clone is put back to the base commit.
    """
    checkout(base, tools)
    done = engine.apply(tools.sources(request.addon), plan.repairs)
    tools.clone.write(done.files)
    diff = tools.clone.diff()
    left_out = {(repair.rule, repair.path, repair.line) for repair in done.dropped}
    kept = tuple(repair for repair in plan.repairs if (repair.rule, repair.path, repair.line) not in left_out)
    made = to_patch(diff, (*base.repairs, *kept))
    reasons = list(objections(made, request.addon))
    if not made.empty and (reason := tools.clone.accepts(diff)):
        reasons.append(DOES_NOT_APPLY.format(reason=reason))
    if reasons:
        tools.clone.reset()
    kept_of_base = {name: getattr(base, name) for name in ("by", "summary", "cites", "names")}
    return made.model_copy(update={**kept_of_base, "refused": tuple(reasons)})


def checkout(patch: Patch, tools: Tools) -> None:
    """Put the clone at the base commit with this patch applied."""
    tools.clone.reset()
    tools.clone.apply(to_bytes(patch))
