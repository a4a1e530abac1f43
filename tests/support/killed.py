"""The real `bot`, killed at a named place of a named step: `python killed.py STEP PLACE ARGUMENTS…`.

PLACE is `before` the step's work, `during` it (with Blender running), or `after` it, before its checkpoint is written.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from bot.__main__ import main
from bot.steps.narrate import Narrator, Say


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def die_with_blender() -> None:
    """Wait until a Blender of this run is at work, then die."""
    while not any(b"harness" in line for line in descendants()):
        time.sleep(0.02)
    time.sleep(0.5)
    die()


def descendants() -> Iterator[bytes]:
    """The command lines of the processes below this one."""
    parents: dict[int, int] = {}
    lines: dict[int, bytes] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError, ValueError, IndexError):
                fields = (entry / "stat").read_text(errors="replace")
                parents[int(entry.name)] = int(fields[fields.rfind(")") + 2 :].split()[1])
                lines[int(entry.name)] = (entry / "cmdline").read_bytes()
    for pid, line in lines.items():
        above = parents[pid]
        while above in parents and above != os.getpid():
            above = parents[above]
        if above == os.getpid():
            yield line


def arm(wanted: str, place: str) -> None:
    real = Narrator.step

    @contextmanager
    def step(self: Narrator, name: str, attempts: int) -> Iterator[Say]:
        if name == wanted and place == "before":
            die()
        if name == wanted and place == "during":
            threading.Thread(target=die_with_blender, daemon=True).start()
        with real(self, name, attempts) as say:
            yield say
            if name == wanted and place == "after":
                die()

    Narrator.step = step  # type: ignore[method-assign]


if __name__ == "__main__":
    arm(sys.argv[1], sys.argv[2])
    sys.argv[1:] = sys.argv[3:]
    main()
