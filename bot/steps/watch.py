"""What is being done at this moment, and in which Blender: told while a step runs."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from bot.blender.base import HarnessRequest, Runtime, Session
from bot.models.release import Release
from bot.reporting.text import listed, plural, seconds
from bot.steps.base import Tools
from bot.validators.exercise import Starter

RUNNING = "{what} in Blender {releases}"
DONE = "{release} done in {time}"
EXERCISING, DRAWING = "running the add-on", "rendering what it makes"
ALONE = "trying {checks} again alone"
LOADING = "loading the add-on"


@dataclass
class Watched:
    """A starter that says which Blenders are at work; several may be at once."""

    starter: Starter
    say: Callable[[str], None]
    _running: dict[Release, str] = field(default_factory=dict)
    _done: list[str] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def exercise(self, runtime: Runtime, request: HarnessRequest, work: Path) -> Session:
        """What the starter does, told before and after."""
        started = time.monotonic()
        with self._lock:
            if not self._running:
                self._done.clear()
            self._running[runtime.release] = _what(request)
            self._tell()
        try:
            return self.starter.exercise(runtime, request, work)
        finally:
            with self._lock:
                self._running.pop(runtime.release, None)
                self._done.append(DONE.format(release=runtime.release, time=seconds(time.monotonic() - started)))
                if self._running:
                    self._tell()

    def _tell(self) -> None:
        what = listed(dict.fromkeys(self._running.values()))
        releases = listed(map(str, sorted(self._running)))
        self.say("; ".join((RUNNING.format(what=what, releases=releases), *self._done)))


def watched(tools: Tools, say: Callable[[str], None]) -> Tools:
    """The same tools, whose Blenders are told of."""
    exercise = replace(tools.exercise, starter=Watched(tools.exercise.starter, say))
    validators = tuple(exercise if validator is tools.exercise else validator for validator in tools.validators)
    return replace(tools, exercise=exercise, validators=validators)


def _what(request: HarnessRequest) -> str:
    if request.only:
        return ALONE.format(checks=plural(len(request.only), "check"))
    if request.exercise:
        return EXERCISING
    return DRAWING if request.picture is not None else LOADING
