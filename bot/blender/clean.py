"""A Blender that was just started and has nothing in it of ours: it runs one script, and ends."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from bot.blender.base import Runtime
from bot.blender.environments import touch
from bot.blender.launching import command_line, environment
from bot.sandbox.base import Command, Finished, Limits, Sandbox

SECONDS = 60.0
"""A script that shows one fault takes a second or two."""
_MOST = 64 * 1024
"""Bytes of output: a traceback, and what the add-on prints around it."""


class Clean(Protocol):
    """Runs a script in a Blender of its own."""

    def run(self, runtime: Runtime, script: Path, arguments: tuple[str, ...], work: Path) -> Finished:
        """How it ended. `work` is a folder of ours that holds the script and all it reads; it is left as it was."""
        ...


@dataclass(frozen=True)
class CleanBlender:
    """Starts it in the sandbox, with the folders of a user who has nothing."""

    sandbox: Sandbox
    seconds: float = SECONDS

    def run(self, runtime: Runtime, script: Path, arguments: tuple[str, ...], work: Path) -> Finished:
        """As `Clean.run`.

        Raises:
            MissingError: the sandbox cannot be set up.
        """
        touch(runtime)
        scratch = Path(tempfile.mkdtemp(prefix="user-", dir=work))
        return self.sandbox.run(
            Command(
                argv=command_line(runtime, script, *arguments),
                writable=work,
                readable=runtime.readable,
                environment=environment(scratch),
                limits=Limits(seconds=self.seconds, output_bytes=_MOST),
            )
        )
