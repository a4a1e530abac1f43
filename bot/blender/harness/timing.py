"""No probe takes longer than it may."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Iterator
from types import FrameType

_TRACER = os.path.join(os.path.dirname(__file__), "code", "coverage.py")


class OutOfTimeError(BaseException):
    """A probe used up its time; no `except Exception` of an add-on swallows it."""


@contextlib.contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise `OutOfTimeError` in the Python code that is running when the time is up, again each second.

    Where there is a limit around it already, that one holds as well.
    """

    def expire(_number: int, frame: FrameType | None) -> None:
        if frame is not None and frame.f_code.co_filename == _TRACER:
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
