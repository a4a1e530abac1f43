"""The kernel's own limits, put on by util-linux' `prlimit` in front of the command."""

from __future__ import annotations

import os
import resource
import shutil
from collections.abc import Sequence

from bot.sandbox.base import Limits

_ROOM_PER_CORE = 256 * 1024**2
"""Address space that threads reserve and never use (stacks, allocator arenas)."""
_LEAST_ADDRESS_SPACE = 8 * 1024**3
"""Below this Blender cannot start; its real memory is watched from outside."""
_OPEN_FILES = 4096


def limited(argv: Sequence[str], limits: Limits, *, processes: bool) -> list[str]:
    """The command with its limits in front; without `prlimit`, the command alone.

    `processes` limits their number too: right only where the user is the sandbox's own, for the
    kernel counts everything the user runs.
    """
    cores = os.cpu_count() or 1
    space = max(limits.memory_bytes, _LEAST_ADDRESS_SPACE) + cores * _ROOM_PER_CORE
    options = [
        f"--fsize={limits.file_bytes}",
        f"--nofile={_OPEN_FILES}",
        f"--cpu={int(limits.seconds * cores) + 5}",
        f"--as={space}",
    ]
    if processes:
        options.append(f"--nproc={limits.processes}")
    return _behind(options, argv)


def without_core(argv: Sequence[str]) -> list[str]:
    """The command, unable to leave a core file or to have the machine's crash reporter started for it.

    The kernel starts a reporter (`kernel.core_pattern` with a pipe) however low the limit is, unless
    it is exactly 1 byte.
    """
    _, most = resource.getrlimit(resource.RLIMIT_CORE)
    return _behind([f"--core={0 if most == 0 else 1}"], argv)


def _behind(options: Sequence[str], argv: Sequence[str]) -> list[str]:
    prlimit = shutil.which("prlimit", path="/usr/bin:/bin:/usr/sbin:/sbin")
    return list(argv) if prlimit is None else [prlimit, *options, "--", *argv]
