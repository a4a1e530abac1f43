"""One child process under supervision: time, memory, disk and output are bounded from outside."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from bot.sandbox.base import Command, Finished, Limits
from bot.sandbox.streams import Streams

_GLANCE = 0.25
"""Seconds between two looks at memory."""
_DISK_EVERY = 8
"""Looks at memory between two looks at the disk."""
_DISK_FILES = 4
"""How many files of the greatest size the folder may hold in all."""
_MOST_ENTRIES = 50_000
_FAREWELL = 5.0
"""Seconds to wait for killed processes to be gone."""


def supervise(
    argv: Sequence[str],
    *,
    command: Command,
    environment: Mapping[str, str],
    pass_fds: Sequence[int] = (),
) -> Finished:
    """Run `argv`, a `command` with what holds it in, to its end or to a limit, and leave no child behind.

    Raises:
        OSError: it cannot be started.
    """
    began = time.monotonic()
    process = subprocess.Popen(
        list(argv),
        cwd=command.writable,
        env=dict(environment),
        stdin=subprocess.PIPE if command.input else subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE if command.answers else subprocess.STDOUT,
        start_new_session=True,
        pass_fds=tuple(pass_fds),
        bufsize=0,
    )
    streams = Streams(process, command)
    seen: dict[int, str] = {}
    try:
        reason = _watch(process, began + command.limits.seconds, command.writable, command.limits, seen)
    finally:
        _end(process, seen)
        streams.close()
    return Finished(
        status=None if reason == _TIME else process.returncode,
        output=streams.output + (f"\n[stopped: {reason}]\n" if reason else ""),
        seconds=time.monotonic() - began,
        answer=streams.answer,
    )


_TIME = "it ran out of time"
_MEMORY = "it used too much memory"
_DISK = "it wrote too much to its folder"


def _watch(
    process: subprocess.Popen[bytes], deadline: float, folder: Path, limits: Limits, seen: dict[int, str]
) -> str:
    """Wait for the end; the answer is empty, or why the process has to be stopped."""
    looks = 0
    while True:
        left = deadline - time.monotonic()
        try:
            process.wait(min(max(left, 0.001), _GLANCE))
            return ""
        except subprocess.TimeoutExpired:
            pass
        if left <= 0:
            return _TIME
        looks += 1
        seen.update(_tree(process.pid))
        if sum(_private_bytes(pid) for pid in (process.pid, *seen)) > limits.memory_bytes:
            return _MEMORY
        if looks % _DISK_EVERY == 0 and not _fits(folder, _DISK_FILES * limits.file_bytes):
            return _DISK


def _end(process: subprocess.Popen[bytes], seen: dict[int, str]) -> None:
    """Kill the process, its group and every descendant ever seen, and wait until they are gone."""
    seen.update(_tree(process.pid))
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.wait()
    deadline = time.monotonic() + _FAREWELL
    while alive := [pid for pid, started in seen.items() if _started(pid) == started]:
        for pid in alive:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        if time.monotonic() > deadline:
            return
        time.sleep(0.005)


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


def _tree(root: int) -> dict[int, str]:
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


def _private_bytes(pid: int) -> int:
    """Memory that is the process's own (resident, not shared with a file)."""
    try:
        fields = Path(f"/proc/{pid}/statm").read_text().split()
        return (int(fields[1]) - int(fields[2])) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return 0


def _fits(folder: Path, most_bytes: int) -> bool:
    """Whether a folder holds no more than that; links are not followed, and a huge number is too much."""
    total = entries = 0
    waiting: list[str | os.DirEntry[str]] = [str(folder)]
    while waiting:
        try:
            with os.scandir(waiting.pop()) as listing:
                for entry in listing:
                    entries += 1
                    if entries > _MOST_ENTRIES:
                        return False
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(entry)
                    else:
                        total += entry.stat(follow_symlinks=False).st_blocks * 512
        except OSError:
            continue
        if total > most_bytes:
            return False
    return True
