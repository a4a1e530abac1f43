"""Python modules an add-on expects beside it: put where the user's Blender would have them, before it starts."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.blender.base import HarnessRequest, Runtime, Session
from bot.validators.exercise import Starter


@dataclass(frozen=True)
class WithModules:
    """A starter whose Blender finds the modules of some folders."""

    starter: Starter
    folders: Sequence[Path] = ()

    def exercise(self, runtime: Runtime, request: HarnessRequest, work: Path) -> Session:
        """See `Starter`."""
        for folder in self.folders:
            place = Path(request.scratch) / "scripts" / "modules"
            shutil.copytree(folder, place, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
        return self.starter.exercise(runtime, request, work)
