"""A command without a namespace of its own: its process and every descendant that is seen."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bot.sandbox.base import Limits
from bot.sandbox.files import Contents, contents
from bot.sandbox.memory import machine_is_short, used_by
from bot.sandbox.scope import DISK, FAREWELL, MACHINE, MEMORY

_DISK_SHARE = 10
"""Looking through the folder may take this part of the time."""


@dataclass
class Tree:
    """The scope of a process group; `folder` is a plain folder, looked through now and then."""

    process: subprocess.Popen[bytes]
    folder: Path
    given: Contents
    """What lay in the folder when it began."""
    seen: dict[int, str] = field(default_factory=dict)
    looked: float = 0.0
    looking: float = 0.0

    def excess(self, limits: Limits) -> str:
        """Which limit is exceeded; see `Scope`."""
        self.seen.update(_descendants(self.process.pid))
        proc = os.open("/proc", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            if used_by(proc, (self.process.pid, *self.seen), limits.memory_bytes) > limits.memory_bytes:
                return MEMORY
            if machine_is_short(proc):
                return MACHINE
        finally:
            os.close(proc)
        return self._disk(limits)

    def end(self) -> None:
        """Kill the process, its group and every descendant ever seen."""
        self.seen.update(_descendants(self.process.pid))
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.kill()
        self.process.wait()
        deadline = time.monotonic() + FAREWELL
        while alive := [pid for pid, started in self.seen.items() if _started(pid) == started]:
            for pid in alive:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.kill(pid, signal.SIGKILL)
            if time.monotonic() > deadline:
                return
            time.sleep(0.005)

    def verdict(self) -> str:
        """The kernel stops nothing here."""
        return ""

    def _disk(self, limits: Limits) -> str:
        now = time.monotonic()
        if now - self.looked < self.looking * _DISK_SHARE:
            return ""
        most = Contents(self.given.bytes + limits.folder_bytes, self.given.entries + limits.entries)
        found = contents(self.folder, most)
        self.looked = time.monotonic()
        self.looking = self.looked - now
        return "" if found.within(most) else DISK


def _stat(pid: int | str) -> list[str]:
    """The fields of `/proc/<pid>/stat` from the state on; nothing for a process that is gone."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(errors="replace")
    except OSError:
        return []
    return text[text.rfind(")") + 2 :].split()


def _started(pid: int) -> str:
    """When a living process started, in the kernel's words: a number may be given to another process."""
    fields = _stat(pid)
    return fields[19] if len(fields) > 19 and fields[0] not in "ZX" else ""


def _descendants(root: int) -> dict[int, str]:
    """Every living descendant of a process, with when it started."""
    children: dict[int, list[int]] = {}
    started: dict[int, str] = {}
    for pid in _processes():
        fields = _stat(pid)
        if len(fields) > 19 and fields[0] not in "ZX":
            children.setdefault(int(fields[1]), []).append(pid)
            started[pid] = fields[19]
    found: dict[int, str] = {}
    waiting = list(children.get(root, ()))
    while waiting:
        pid = waiting.pop()
        found[pid] = started[pid]
        waiting += children.get(pid, ())
    return found


def _processes() -> Iterator[int]:
    try:
        names = os.listdir("/proc")  # noqa: PTH208  (names alone, hundreds of them)
    except OSError:
        return
    yield from (int(name) for name in names if name.isdigit())
