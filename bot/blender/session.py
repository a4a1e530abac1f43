"""One start of Blender, whatever comes of it, and starting again where one probe killed it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bot.blender.base import HarnessRequest, Runtime, Session
from bot.sandbox.base import Sandbox


@dataclass(frozen=True)
class BlenderExerciser:
    """Starts Blender in a sandbox with the harness inside."""

    sandbox: Sandbox

    def start(self, runtime: Runtime, request: HarnessRequest, work: Path) -> Session:
        """One start. `work` is a fresh folder the sandbox may write to; the request's files lie in it."""
        raise NotImplementedError

    def exercise(self, runtime: Runtime, request: HarnessRequest, work: Path) -> Session:
        """Start, and start again without the probe that killed it; at most `RESTARTS` times.

        The killer is in the result as a failing probe; `Session.starts` counts the starts.
        """
        raise NotImplementedError
