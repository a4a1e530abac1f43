"""Which lines of the add-on ran."""

from __future__ import annotations

import dis
import signal
import sys
import threading
from types import CodeType, FrameType
from typing import Any

from bot.blender.harness.code.addon import Addon

WATCHED_SECONDS = 1.0
"""Of processor time."""


class Coverage:
    """Which lines of the add-on ran, from its import on.

    Code that is not the add-on's costs one dictionary look-up per call; from Python 3.12 on,
    `sys.monitoring` makes each line cost once.
    """

    def __init__(self, addon: Addon) -> None:
        self._addon = addon
        self._lines: dict[str, set[int]] = {}
        self._known: dict[str, set[int] | None] = {}

    def start(self) -> None:
        """Begin to record, in every thread."""
        if sys.version_info >= (3, 12):
            self._start_monitoring()
        else:
            threading.settrace(self._trace)
            sys.settrace(self._trace)

    def renew(self) -> None:
        """Record again where somebody put another trace function in the way."""
        if sys.version_info < (3, 12) and sys.gettrace() != self._trace:
            self.start()

    def executed(self) -> dict[str, list[int]]:
        """The lines that ran, by relative path."""
        return {path: sorted(lines) for path, lines in sorted(self._lines.items()) if lines}

    def lines(self, path: str) -> set[int]:
        """The lines of one file that ran so far."""
        return self._lines.get(path, set())

    def set_aside(self) -> dict[str, set[int]]:
        """Begin to count anew; what is returned is for `take_back`."""
        earlier = {path: set(lines) for path, lines in self._lines.items()}
        for lines in self._lines.values():
            lines.clear()  # in place: code that runs holds on to the set
        if sys.version_info >= (3, 12):
            monitoring: Any = sys.monitoring  # type: ignore[attr-defined,unused-ignore]
            monitoring.restart_events()
        return earlier

    def take_back(self, earlier: dict[str, set[int]]) -> int:
        """How many lines ran since; what ran earlier ran again from now on."""
        count = sum(len(lines) for lines in self._lines.values())
        for path, lines in earlier.items():
            self._lines.setdefault(path, set()).update(lines)
        return count

    def _of(self, filename: str) -> set[int] | None:
        if filename not in self._known:
            path = self._addon.relative(filename)
            self._known[filename] = self._lines.setdefault(path, set()) if path else None
        return self._known[filename]

    def _trace(self, frame: FrameType, _event: str, _argument: Any) -> Any:
        lines = self._of(frame.f_code.co_filename)
        if lines is None:
            return None
        add = lines.add

        def local(inner: FrameType, event: str, _value: Any) -> Any:
            if event == "line":
                add(inner.f_lineno)
            return local

        return local

    def _start_monitoring(self) -> None:
        monitoring: Any = sys.monitoring  # type: ignore[attr-defined,unused-ignore]
        tool = monitoring.COVERAGE_ID

        def line(code: CodeType, number: int) -> Any:
            lines = self._of(code.co_filename)
            if lines is not None:
                lines.add(number)
            return monitoring.DISABLE

        monitoring.use_tool_id(tool, "bcrag")
        monitoring.register_callback(tool, monitoring.events.LINE, line)
        monitoring.set_events(tool, monitoring.events.LINE)


class Touched(Coverage):
    """Which functions of the add-on run, and which of some lines: cheap, because tests may compute.

    A call costs a look-up; lines are followed in functions that hold one of `wanted`, by relative path, and only until
    all of these ran. Python before 3.12 computes several times slower while it is watched at all, and so is watched for
    the first `WATCHED_SECONDS` of a test alone.
    """

    def __init__(self, addon: Addon, wanted: dict[str, set[int]]) -> None:
        super().__init__(addon)
        self._wanted = wanted
        self._left: dict[int, set[int]] = {}
        self._ran: dict[int, CodeType] = {}
        self._codes: dict[int, CodeType] = {}

    def begin(self) -> None:
        """Forget which functions ran."""
        self._ran.clear()
        if sys.version_info >= (3, 12):
            monitoring: Any = sys.monitoring  # type: ignore[attr-defined,unused-ignore]
            monitoring.restart_events()
        else:
            self.renew()
            signal.signal(signal.SIGVTALRM, self._enough)
            signal.setitimer(signal.ITIMER_VIRTUAL, WATCHED_SECONDS)

    def functions(self) -> list[str]:
        """The functions that ran since, `<path>::<qualified name>`; code outside of functions is none."""
        named = ((code, getattr(code, "co_qualname", code.co_name)) for code in self._ran.values())
        return sorted({f"{self._addon.relative(code.co_filename)}::{name}" for code, name in named if name[0] != "<"})

    def _trace(self, frame: FrameType, _event: str, _argument: Any) -> Any:
        code = frame.f_code
        lines = self._of(code.co_filename)
        if lines is None:
            return None
        self._ran[id(code)] = code
        left = self._left.get(id(code))
        if left is None:
            left = self._left[id(code)] = self._among(code)
            self._codes[id(code)] = code  # as long as it is kept, no other has its id
        if not left:
            return None

        def local(inner: FrameType, event: str, _value: Any) -> Any:
            if event == "line" and inner.f_lineno in left:
                left.discard(inner.f_lineno)
                lines.add(inner.f_lineno)
            return local if left else None

        return local

    def _enough(self, _number: int, _frame: FrameType | None) -> None:
        sys.settrace(None)

    def _among(self, code: CodeType) -> set[int]:
        """The wanted lines of a piece of code."""
        wanted = self._wanted.get(self._addon.relative(code.co_filename), set())
        return wanted & {line for _, line in dis.findlinestarts(code) if line} if wanted else set()

    def _start_monitoring(self) -> None:
        monitoring: Any = sys.monitoring  # type: ignore[attr-defined,unused-ignore]
        tool = monitoring.COVERAGE_ID

        def line(code: CodeType, number: int) -> Any:
            lines = self._of(code.co_filename)
            if lines is not None:
                self._ran[id(code)] = code
                self._codes[id(code)] = code
                lines.add(number)
            return monitoring.DISABLE

        monitoring.use_tool_id(tool, "bcrag")
        monitoring.register_callback(tool, monitoring.events.LINE, line)
        monitoring.set_events(tool, monitoring.events.LINE)
