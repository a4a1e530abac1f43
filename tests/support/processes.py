"""What runs on this machine, as tests look at it."""

from __future__ import annotations

import time
from pathlib import Path


def processes(word: str) -> list[str]:
    """The command lines of living processes that hold a word."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                line = (entry / "cmdline").read_bytes().decode(errors="replace").replace("\0", " ")
            except OSError:
                continue
            if word in line:
                found.append(line)
    return found


def gone(word: str, seconds: float = 10) -> bool:
    """Whether all such processes are gone, soon."""
    deadline = time.monotonic() + seconds
    while processes(word):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True
