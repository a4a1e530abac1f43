"""A command in a PID namespace: nothing in it can hide, and with its first process all of it ends."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.sandbox import files
from bot.sandbox.base import Limits
from bot.sandbox.cgroup import Leaf
from bot.sandbox.memory import machine_is_short, used_by, used_in
from bot.sandbox.scope import DISK, FAREWELL, MACHINE, MEMORY

_FIRST = 0.0005
_LONGEST = 0.02
"""Seconds between two looks at whether the sandbox stands: short ones first."""
_SET_UP = 30.0
_WORST = 1000
"""The first to go when the machine runs out of memory."""


@dataclass
class Namespace:
    """The scope of a sandbox whose first process (`init`, a pidfd) waits at a gate until it is told to go on.

    All else are descriptors of folders as the sandbox shows them: its `/proc`, the work folder, and
    the further folders in memory. They stay good when the sandbox is gone.
    """

    init: int
    proc: int
    work: int
    memory: Sequence[int]
    leaf: Leaf | None = None

    @classmethod
    def enter(cls, pid: int, work: Path, memory: Sequence[Path]) -> Namespace | None:
        """The sandbox whose first process is `pid`, once its work folder is in place; null when it ended before."""
        try:
            init = os.pidfd_open(pid)
        except ProcessLookupError:
            return None
        root = Path(f"/proc/{pid}/root")
        deadline, pause = time.monotonic() + _SET_UP, _FIRST
        opened: list[int] = []
        while not _stands(root, work):
            if _over(init, pause) or time.monotonic() > deadline:
                os.close(init)
                return None
            pause = min(2 * pause, _LONGEST)
        try:
            for folder in (Path("/proc"), work, *memory):
                opened.append(os.open(_below(root, folder), os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC))
        except OSError:
            for descriptor in (init, *opened):
                os.close(descriptor)
            return None
        with contextlib.suppress(OSError):
            (root.parent / "oom_score_adj").write_text(str(_WORST))
        return cls(init, opened[0], opened[1], tuple(opened[1:]))

    def give(self, source: Path, owner: int | None) -> None:
        """Put a copy of a folder's contents into the work folder; before the gate is opened."""
        files.give(source, Path(f"/proc/self/fd/{self.work}"), owner)

    def take(self, names: Sequence[Path], target: Path, limit: int) -> None:
        """Write files the command left in its work folder below `target`; after the end."""
        for name in names:
            files.take(self.work, name, target / name, limit=limit)

    def excess(self, limits: Limits) -> str:
        """Which limit is exceeded; see `Scope`."""
        pids = (int(name) for name in os.listdir(self.proc) if name.isdigit())  # noqa: PTH208  (by a descriptor)
        used = used_by(self.proc, pids, limits.memory_bytes) + sum(map(used_in, self.memory))
        if used > limits.memory_bytes:
            return MEMORY
        status = os.fstatvfs(self.work)
        if not status.f_bfree or status.f_files - status.f_ffree > limits.entries:
            return DISK
        return MACHINE if machine_is_short(self.proc) else self.verdict()

    def end(self) -> None:
        """Kill the first process; the kernel lets it go only when every other one in the namespace is gone."""
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self.init, signal.SIGKILL)
        _over(self.init, FAREWELL)

    def verdict(self) -> str:
        """Whether the kernel had to kill something for its memory."""
        return MEMORY if self.leaf is not None and self.leaf.was_full() else ""

    def close(self) -> None:
        """Let go of everything."""
        for descriptor in (self.init, self.proc, *self.memory):
            os.close(descriptor)
        if self.leaf is not None:
            self.leaf.remove()


def _stands(root: Path, work: Path) -> bool:
    """Whether the process is in its new root, where the work folder is on a filesystem of its own."""
    try:
        return _below(root, work).stat().st_dev != work.stat().st_dev
    except OSError:
        return False


def _below(root: Path, path: Path) -> Path:
    return root / path.absolute().relative_to("/")


def _over(process: int, seconds: float) -> bool:
    """Whether a process (a pidfd) ends within that time."""
    poll = select.poll()
    poll.register(process, select.POLLIN)
    return bool(poll.poll(seconds * 1000))
