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
from contextlib import contextmanager
from pathlib import Path

from bot.__main__ import main
from bot.steps.narrate import Narrator, Say


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def die_with_blender() -> None:
    """Wait until the sandbox holds a Blender, then die."""
    while not any(b"harness" in line and b"bwrap" not in line[:60] for line in commands()):
        time.sleep(0.02)
    time.sleep(0.5)
    die()


def commands() -> Iterator[bytes]:
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and entry.name != str(os.getpid()):
            try:
                yield (entry / "cmdline").read_bytes()
            except OSError:
                continue


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
