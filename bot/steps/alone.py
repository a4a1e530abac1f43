"""Tell what a patch broke from what only depends on what ran before it.

Probes share one Blender, so an operator may pass or refuse by what another one left in the scene. One
that passed and now merely refuses, or was not tried, is tried again with its like alone, on both trees;
only what differs then is broken.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from bot.models.patch import EMPTY, Patch
from bot.models.release import Release
from bot.models.request import RepairRequest
from bot.models.validation import Difference, Observation, Outcome
from bot.steps.base import Tools
from bot.steps.patch import checkout
from bot.steps.tree import tree

SETTLED = "{count} tried again alone: no difference"
MOST = 40
"""More than these are not a matter of order, and are not tried again."""


def settle(
    request: RepairRequest,
    patch: Patch,
    differences: Sequence[Difference],
    after: Sequence[Observation],
    work: Path,
    tools: Tools,
) -> tuple[Difference, ...]:
    """The differences, less those of checks that are the same on both trees when each runs alone.

    The clone must hold the patch, and holds it again afterwards.
    """
    doubtful = {row.release: ids for row in differences if (ids := _doubtful(row, after)) and row.release is not None}
    if not doubtful:
        return tuple(differences)
    new = {release: _alone(request, release, ids, work / "after", tools) for release, ids in doubtful.items()}
    checkout(EMPTY, tools)
    old = {release: _alone(request, release, ids, work / "before", tools) for release, ids in doubtful.items()}
    checkout(patch, tools)
    return tuple(_settled(row, old, new) if row.release in doubtful else row for row in differences)


def _doubtful(row: Difference, after: Sequence[Observation]) -> tuple[str, ...]:
    """What is counted as broken without having failed, in a release where the add-on still loads."""
    if row.validator != "exercise" or row.static:
        return ()
    seen = next((one for one in after if one.validator == row.validator and one.release == row.release), None)
    outcomes = {check.id: check.outcome for check in seen.checks} if seen is not None else {}
    if outcomes.get("enable") is not Outcome.PASS:
        return ()
    ids = tuple(check for check in row.broken if ":" in check and outcomes.get(check) is not Outcome.FAIL)
    return ids if len(ids) <= MOST else ()


def _alone(
    request: RepairRequest, release: Release, ids: Sequence[str], work: Path, tools: Tools
) -> Mapping[str, Outcome]:
    subject = tree(request, release, work, tools)
    seen = tools.exercise.only(subject, release, tuple(ids))
    return {check.id: check.outcome for check in seen.checks if check.id in ids}


def _settled(
    row: Difference, old: Mapping[Release, Mapping[str, Outcome]], new: Mapping[Release, Mapping[str, Outcome]]
) -> Difference:
    if row.release is None:
        return row
    before, after = old[row.release], new[row.release]
    same = {
        check
        for check in row.broken
        if check in after and (after[check] is Outcome.PASS or after[check] is before.get(check))
        if after[check] is not Outcome.FAIL
    }
    if not same:
        return row
    note = "; ".join(filter(None, (row.note, SETTLED.format(count=len(same)))))
    return row.model_copy(update={"broken": tuple(check for check in row.broken if check not in same), "note": note})
