"""Which Blender releases a run is about: what it must prove, where it runs, what must be installed. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.blender.releases import WHEELS, wheel
from bot.models.addon import Addon
from bot.models.release import OLDEST, Release, SupportRange


@dataclass(frozen=True)
class Selection:
    """`targets` must be proven, `runs_on` adds the oldest supported release there is a runtime for;
    `missing` are targets without a runtime."""

    support: SupportRange
    targets: tuple[Release, ...]
    runs_on: tuple[Release, ...]
    missing: tuple[Release, ...]


COMMON_PYTHON = (3, 11)
"""The Python most wheels need; another one is rarely on a machine."""


def newest_installable() -> Release:
    """The release to install where there is none at all: the newest whose wheel needs the common Python."""
    return max(release for release in WHEELS if (found := wheel(release)) and found.python == COMMON_PYTHON)


def decide(
    addon: Addon,
    installed: Sequence[Release],
    *,
    wanted: Sequence[Release] = (),
    oldest: Release | None = None,
    default: Release,
    newest: bool = False,
) -> Selection:
    """Choose the releases of a run.

    `wanted` is what the user named; without it the newest installed release of the support range is
    proven, or `default` where none is installed. With `newest` the newest installed one is proven,
    too, where it is newer than what is named. The support range begins at `oldest`, else at what
    the add-on declares (2.80 at the least), and ends at the newest target.
    """
    declared = oldest or max(addon.declared_minimum or OLDEST, OLDEST)
    usable = [release for release in installed if release >= declared]
    targets = tuple(sorted(set(wanted))) or ((max(usable),) if usable else (max(default, declared),))
    if newest and usable and max(usable) > targets[-1]:
        targets = (*targets, max(usable))
    start = targets[0] if oldest is None and addon.declared_minimum is None else min(declared, targets[0])
    support = SupportRange(oldest=start, newest=targets[-1])
    old_end = sorted(release for release in usable if release in support)[:1]
    return Selection(
        support=support,
        targets=targets,
        runs_on=tuple(sorted({*targets, *old_end})),
        missing=tuple(release for release in targets if release not in installed),
    )
