"""The clone as it is now, to be looked at in one Blender."""

from __future__ import annotations

from pathlib import Path

from bot.models.release import Release
from bot.models.request import RepairRequest
from bot.steps.base import Tools
from bot.validators.base import Subject


def tree(request: RepairRequest, release: Release, work: Path, tools: Tools) -> Subject:
    """What an exerciser is handed for a look of its own at one release; `work` is made."""
    work.mkdir(parents=True, exist_ok=True)
    return Subject(
        root=tools.clone.folder,
        work=work,
        addon=request.addon,
        files=tools.clone.read(request.addon.files),
        links=tools.clone.links,
        releases=(release,),
        target=release,
    )
