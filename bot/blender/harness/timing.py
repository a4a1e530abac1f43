"""No probe takes longer than it may."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Iterator
from types import FrameType

_TRACER = os.path.join(os.path.dirname(__file__), "code", "coverage.py")
_DEEPEST = 6
"""Frames between a trace function and what it calls."""


class OutOfTimeError(BaseException):
    """A probe used up its time; no `except Exception` of an add-on swallows it."""


def _is_traced(frame: FrameType | None) -> bool:
    """Whether what is running is a trace function, or what that calls."""
    for _ in range(_DEEPEST):
        if frame is None:
            return False
        if frame.f_code.co_filename == _TRACER:
            return True
        frame = frame.f_back
    return False


@contextlib.contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise `OutOfTimeError` in the Python code that is running when the time is up, again each second.

    Where there is a limit around it already, that one holds as well.
    """

    def expire(_number: int, frame: FrameType | None) -> None:
        if _is_traced(frame):
            signal.setitimer(signal.ITIMER_REAL, 0.005, 1.0)  # in a trace function it would end all tracing
        else:
            raise OutOfTimeError

    began = time.monotonic()
    around, _ = signal.setitimer(signal.ITIMER_REAL, 0)
    previous = signal.signal(signal.SIGALRM, expire)
    signal.setitimer(signal.ITIMER_REAL, max(min(seconds, around or seconds), 0.05), 1.0)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)
        if around:
            signal.setitimer(signal.ITIMER_REAL, max(around - (time.monotonic() - began), 0.05), 1.0)
