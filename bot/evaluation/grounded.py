"""The names of Blender's API in patches and in first answers, and those of them that exist."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.clones import PrivateClone
from bot.edits.answers import read
from bot.edits.applying import Unapplied, apply
from bot.evaluation.lines import added_lines
from bot.evaluation.recording import First
from bot.models.evaluation import Share
from bot.models.patch import Patch
from bot.models.proposal import Malformed
from bot.models.release import Release
from bot.models.request import RepairRequest
from bot.patches import to_bytes
from bot.validators.base import Tables
from bot.validators.grounding import Grounding, ground
from indexer.blender_api.table import ApiTable
from indexer.git import GitError


def known(request: RepairRequest, tables: Tables) -> dict[Release, ApiTable]:
    """The API of the ends of the support range, and of every release that is run, by their stubs."""
    supported = request.support.releases()
    wanted = {*request.runs_on, *supported[:1], *supported[-1:]}
    return {release: table for release in wanted if (table := tables(release)) is not None}


def of_patches(
    patches: Sequence[Patch], clone: PrivateClone, before: Mapping[str, str], tables: Mapping[Release, ApiTable]
) -> Share | None:
    """Of the names in the lines that patches add, those that exist; null where there is no name. The clone is reset."""
    found: list[Grounding] = []
    for patch in patches:
        clone.reset()
        try:
            clone.apply(to_bytes(patch))
        except GitError:
            continue
        there = [path for path in patch.files if (clone.folder / path).is_file()]
        texts = {path: data.decode("utf-8", "replace") for path, data in clone.read(there).items()}
        found.append(ground(texts, patch.changed_lines, before, tables))
    clone.reset()
    return _share(found)


def of_firsts(firsts: Sequence[First], tables: Mapping[Release, ApiTable]) -> Share | None:
    """The same of first answers; those that cannot be placed are passed over."""
    found: list[Grounding] = []
    for first in firsts:
        proposal = read(first.text)
        if isinstance(proposal, Malformed) or isinstance(done := apply(proposal.changes, first.before), Unapplied):
            continue
        added = {path: added_lines(first.before.get(path, ""), text) for path, text in done.files.items()}
        found.append(ground(done.files, added, first.before, tables))
    return _share(found)


def _share(found: Sequence[Grounding]) -> Share | None:
    total = sum(len(one.named) for one in found)
    return Share(good=total - sum(len(one.missing) for one in found), total=total) if total else None
