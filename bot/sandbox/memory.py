"""How much memory a group of processes keeps, read from a `/proc` it is shown in."""

from __future__ import annotations

import os
from collections.abc import Iterable

_STATUS = ("RssAnon", "RssShmem", "VmSwap", "VmPTE")
"""Its own memory, memory shared without a file, what is swapped out, and the tables for all that."""
_EXACT = ("Pss_Anon", "Pss_Shmem", "SwapPss")
"""The first three, with what several processes share split between them."""
_ENTRY_BYTES = 2048
"""Of the kernel's memory, about what one file in memory costs beside its content."""
_FLOOR_BYTES = 512 * 1024**2
_FLOOR_PART = 16


def used_by(proc: int, pids: Iterable[int], enough: int) -> int:
    """Bytes in memory; `proc` is a descriptor of the `/proc` that lists these processes.

    Memory that processes share counts once for each of them, until the sum is more than `enough`:
    then it is read exactly, which takes the kernel a walk over all of it. A process that does not
    let itself be read exactly is counted in full.
    """
    rough = {pid: _sum(proc, f"{pid}/status", _STATUS) or 0 for pid in pids}
    if sum(rough.values()) <= enough:
        return sum(rough.values())
    exact = ((_sum(proc, f"{pid}/smaps_rollup", _EXACT), _sum(proc, f"{pid}/status", ("VmPTE",))) for pid in rough)
    return sum(
        full if shared is None else shared + (tables or 0)
        for full, (shared, tables) in zip(rough.values(), exact, strict=True)
    )


def used_in(folder: int) -> int:
    """Bytes of memory that a filesystem in memory takes, by a descriptor of a folder in it."""
    status = os.fstatvfs(folder)
    content = (status.f_blocks - status.f_bfree) * status.f_frsize
    return content + max(status.f_files - status.f_ffree, 0) * _ENTRY_BYTES


def machine_is_short(proc: int) -> bool:
    """Whether the machine has hardly any memory left: the kernel's own use on a command's behalf is in no list."""
    told = _fields(proc, "meminfo", ("MemTotal", "MemAvailable"))
    if len(told) < len(("MemTotal", "MemAvailable")):
        return False
    return told["MemAvailable"] < min(_FLOOR_BYTES, told["MemTotal"] // _FLOOR_PART)


def _sum(proc: int, name: str, wanted: tuple[str, ...]) -> int | None:
    told = _fields(proc, name, wanted)
    return sum(told.values()) if told else None


def _fields(proc: int, name: str, wanted: tuple[str, ...]) -> dict[str, int]:
    """Lines like `RssAnon:  1024 kB`, in bytes; none where it cannot be read."""
    try:
        descriptor = os.open(name, os.O_RDONLY | os.O_CLOEXEC, dir_fd=proc)
        try:
            text = os.read(descriptor, 8192)
        finally:
            os.close(descriptor)
    except OSError:  # it is gone, or does not let itself be read
        return {}
    lines = (line.partition(":") for line in text.decode(errors="replace").splitlines())
    return {key: int(value.split()[0]) * 1024 for key, _, value in lines if key in wanted and value.split()}
