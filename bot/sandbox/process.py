"""One command under supervision: time, memory, disk and output are bounded from outside."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence

from bot.sandbox.base import Command, Finished, Limits
from bot.sandbox.scope import TIME, Scope
from bot.sandbox.streams import Streams

STOPPED = "\n[stopped: {reason}]\n"

_GLANCE = 0.1
"""Seconds between two looks at what is used."""
_SHARE = 10
"""A look may take this part of the time between two."""


def supervise(
    argv: Sequence[str],
    *,
    command: Command,
    environment: Mapping[str, str],
    enter: Callable[[subprocess.Popen[bytes]], Scope],
    pass_fds: Sequence[int] = (),
) -> Finished:
    """Run `argv`, a `command` with what holds it in, to its end or to a limit, and leave no child behind.

    `enter` is called once it is started and gives what holds its processes together.

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
    scope: Scope | None = None
    try:
        scope = enter(process)
        reason = _watch(process, scope, began + command.limits.seconds, command.limits)
    finally:
        if scope is not None:
            scope.end()
        process.kill()
        process.wait()
        streams.close()
    reason = reason or scope.verdict()
    return Finished(
        status=None if reason == TIME else -signal.SIGKILL if reason else process.returncode,
        output=streams.output + (STOPPED.format(reason=reason) if reason else ""),
        seconds=time.monotonic() - began,
        answer=streams.answer,
        stopped=reason,
    )


def _watch(process: subprocess.Popen[bytes], scope: Scope, deadline: float, limits: Limits) -> str:
    """Wait for the end; the answer is empty, or why the process has to be stopped."""
    took = 0.0
    while True:
        left = deadline - time.monotonic()
        try:
            process.wait(min(max(left, 0.001), max(_GLANCE, took * _SHARE)))
            return ""
        except subprocess.TimeoutExpired:
            pass
        if left <= 0:
            return TIME
        looked = time.monotonic()
        if reason := scope.excess(limits):
            return reason
        took = time.monotonic() - looked
