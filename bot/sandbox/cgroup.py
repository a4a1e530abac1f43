"""Limits the kernel keeps by itself: a control group of version 2 for one command, where this user may make one."""

from __future__ import annotations

import contextlib
import os
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.sandbox.base import Limits

NEEDED = frozenset({"memory", "pids"})
"""The controllers without which a group is of no use."""
MOUNT = Path("/sys/fs/cgroup")

_PATIENCE = 2.0
"""Seconds to wait for a killed group to be empty."""


@dataclass(frozen=True)
class Leaf:
    """A group of its own for one command."""

    folder: Path

    @classmethod
    def make(cls, limits: Limits, pid: int) -> Leaf | None:
        """A new group with `pid` in it; null where no place for one can be written to."""
        for parent in places():
            folder = parent / f"bcrag-{secrets.token_hex(6)}"
            try:
                folder.mkdir()
            except OSError:
                continue
            leaf = cls(folder)
            try:
                leaf._limit(limits)
                leaf._write("cgroup.procs", str(pid))
            except OSError:
                leaf.remove()
                continue
            return leaf
        return None

    def was_full(self) -> bool:
        """Whether the kernel had to kill a process of it because its memory was used up."""
        try:
            events = (self.folder / "memory.events").read_text()
        except OSError:
            return False
        return any(
            name in ("oom_kill", "oom_group_kill") and count != "0"
            for name, _, count in (line.partition(" ") for line in events.splitlines())
        )

    def remove(self) -> None:
        """Kill what is left in it, and remove it."""
        with contextlib.suppress(OSError):
            self._write("cgroup.kill", "1")
        deadline = time.monotonic() + _PATIENCE
        while self.folder.exists() and time.monotonic() < deadline:
            try:
                self.folder.rmdir()
            except OSError:
                time.sleep(0.005)

    def _limit(self, limits: Limits) -> None:
        self._write("memory.max", str(limits.memory_bytes))
        with contextlib.suppress(OSError):  # a kernel without swap has no such file
            self._write("memory.swap.max", "0")
        self._write("memory.oom.group", "1")
        self._write("pids.max", str(limits.processes + _OUR_OWN))

    def _write(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text)


_OUR_OWN = 8
"""The sandbox's own processes."""


def places(root: Path | None = None, own: str | None = None) -> Iterator[Path]:
    """Groups that could hold another: our own group's parents, nearest first, that pass the controllers on.

    Our own group cannot: a group with processes in it passes on nothing, the topmost one aside.
    `root` is where version 2 is mounted and `own` the path of our own group in it; both are looked up
    where not given.
    """
    root = _mounted() if root is None else root
    own = _own() if own is None else own
    if root is None or own is None or ".." in Path(own).parts:  # another namespace's: not shown here
        return
    folder = root / own.strip("/")
    for parent in (folder, *folder.parents):
        if not parent.is_relative_to(root):
            return
        try:
            passed = set((parent / "cgroup.subtree_control").read_text().split())
        except OSError:
            continue
        if passed >= NEEDED and os.access(parent, os.W_OK) and os.access(parent / "cgroup.procs", os.W_OK):
            yield parent


def _mounted() -> Path | None:
    for folder in (MOUNT, MOUNT / "unified"):
        if (folder / "cgroup.controllers").is_file():
            return folder
    return None


def _own() -> str | None:
    try:
        lines = Path("/proc/self/cgroup").read_text().splitlines()
    except OSError:
        return None
    return next((line.removeprefix("0::") for line in lines if line.startswith("0::")), None)
