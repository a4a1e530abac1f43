"""One start of Blender with the harness in it, for add-ons of ours: no sandbox."""

from __future__ import annotations

import os
import secrets
import subprocess
from pathlib import Path
from typing import Any

from bot.blender.base import HarnessRequest, HarnessResult, Probe, Runtime
from bot.blender.journal import Journal
from bot.blender.records import read_channel
from bot.blender.session import told
from bot.blender.tampering import tampering_of

HARNESS = Path(__file__).parents[2] / "bot" / "blender" / "harness" / "start.py"
ADDONS = Path(__file__).parents[1] / "data" / "addons"


class Run:
    """One start of Blender."""

    def __init__(self, runtime: Runtime, work: Path, source: Path, **asked: Any) -> None:
        self.work = work
        request = HarnessRequest(
            **{
                "addon_source": str(source),
                "module": source.stem,
                "kind": "legacy",
                "scratch": str(work / "scratch"),
                **asked,
            }
        )
        start = [str(HARNESS)]
        argv = [
            str(runtime.path),
            *(start if runtime.kind == "module" else ["-b", "--factory-startup", "--python", *start]),
        ]
        environment = {"PATH": os.environ["PATH"], "HOME": str(work)}
        self.runtime, key = runtime, secrets.token_bytes(32)
        self.finished = subprocess.run(
            argv, env=environment, input=told(request, key), capture_output=True, timeout=120, check=False
        )
        self.channel = read_channel(self.finished.stdout, key)

    @property
    def result(self) -> HarnessResult:
        """Its answer, put together as the bot does it."""
        result = Journal.of(self.channel.records).result(self.runtime)
        assert result is not None and result.complete, self.finished.stderr.decode(errors="replace")[-3000:]
        assert tampering_of(self.channel) == ()
        return result

    @property
    def journal(self) -> tuple[dict[str, Any], ...]:
        """What it said, in order."""
        return self.channel.records

    @property
    def probes(self) -> dict[str, Probe]:
        """What was tried, by id."""
        return {probe.id: probe for probe in self.result.probes}

    def raised(self, probe: str) -> tuple[str, str, int, str | None, str | None]:
        """Type, path, line, owner and member of what a probe raised."""
        found = self.probes[probe].raised
        assert found is not None, self.probes[probe]
        return found.type, found.path, found.line, found.owner, found.member


def line_of(name: str, text: str) -> int:
    """The line of a test add-on that holds a text."""
    lines = (ADDONS / name).read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if text in line)
