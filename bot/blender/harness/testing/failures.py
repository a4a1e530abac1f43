"""What the exception a test ended with says: a fault of the add-on, a failure of the test, or of what is not there."""

from __future__ import annotations

import errno
import os
import socket
import traceback
from collections.abc import Iterator
from dataclasses import dataclass

from bot.blender.harness.bench import Bench
from bot.blender.harness.judging.excuse_words import OWN_MODULES
from bot.blender.harness.probes.scripts import behind
from bot.blender.harness.testing.tests import Ended
from bot.blender.harness.timing import OutOfTimeError
from bot.blender.harness.values import FAIL, SKIPPED, Json, bounded, probe

NO_MODULE = "it needs the Python module {name}, which is not there"
NO_FIXTURE = "it needs the fixture {name}, which is not there"
NO_PROGRAM = "it needs the program {name}, which is not there"
NO_FILE = "it needs the file {name}, of which git has but a note: its content is kept by git LFS"
NO_NETWORK = "it needs a network, which is not there"
NO_WINDOW = "it needs a window, which is not there: {message}"
NOT_IN_TIME = "it had not ended after {seconds:.0f} s"
ENDS_ALL = "it ends the whole run of tests"
_UNREACHABLE = frozenset({errno.ENETUNREACH, errno.ENETDOWN, errno.EHOSTUNREACH, errno.EAFNOSUPPORT})
_WINDOWLESS = ("background mode", "needs a window")
"""In what Blender says where it would have to draw."""
_WRAPS = frozenset({"CollectError", "ConftestImportFailure", "UsageError"})
"""What pytest makes of what was raised where a file is read."""
_STATED = frozenset({"AssertionError", "Failed"})
"""What is raised where what a test states is not so."""
_TEXT = 600


@dataclass(frozen=True)
class Failures:
    """Tells failures of tests; `root` is the repository's folder."""

    bench: Bench
    root: str

    def told(self, kind: str, name: str, ended: Ended, reached: bool, lacking: str = "") -> Json:
        """The probe of a test, or of a file of tests; `reached` says whether any of the add-on ran in it.

        `lacking` is a file it read that is not there but for a note.

        A failure is a fault where it was raised in the add-on, or where a statement of the test does not hold after
        code of the add-on ran. One in which the add-on had no part fails, and says nothing about the add-on.
        """
        error = ended.error
        if lacking and ended.outcome == FAIL:
            return probe(kind, name, SKIPPED, NO_FILE.format(name=bounded(lacking, 300)))
        if ended.outcome != FAIL or error is None:
            return probe(kind, name, ended.outcome, self.bench.describer.clean(ended.detail))
        error = behind(self.bench, _unwrapped(error))
        if why := self._lacking(error):
            return probe(kind, name, SKIPPED, why)
        self._shorten(error)
        fault = self.bench.fault(error)
        file, line = self._place(error)
        stated = type(error).__name__ in _STATED and reached
        if isinstance(error, OutOfTimeError):
            fault["type"], fault["message"] = "TimeoutError", bounded(ended.detail, 4000)
            stated = reached
        if isinstance(error, SyntaxError) and not fault["path"]:
            file, line = self._inside(error.filename), error.lineno or 0
        detail = bounded(f"{fault['type']}: {fault['message']}", _TEXT)
        if ended.detail and not isinstance(error, OutOfTimeError):
            detail = f"{ended.detail}: {detail}"
        result = probe(kind, name, FAIL, detail, fault=fault if fault["path"] or stated else None)
        return {**result, "file": bounded(file, 1000), "line": line}

    def _lacking(self, error: BaseException) -> str:
        """What a test needs and nobody could give it here; empty where it fails by itself."""
        for one in _chain(error):
            if isinstance(one, ModuleNotFoundError) and one is error and not self._own(one):
                return NO_MODULE.format(name=bounded(str(one.name), 100))
            if type(one).__name__ == "FixtureLookupError":
                return NO_FIXTURE.format(name=bounded(str(getattr(one, "argname", "")), 100))
            if isinstance(one, socket.gaierror) or (isinstance(one, OSError) and one.errno in _UNREACHABLE):
                return NO_NETWORK
            if isinstance(one, FileNotFoundError) and _starting(one):
                return NO_PROGRAM.format(name=bounded(os.path.basename(str(one.filename)), 100))
            message = self.bench.describer.message(one)
            if isinstance(one, (RuntimeError, SystemError)) and any(words in message for words in _WINDOWLESS):
                return NO_WINDOW.format(message=bounded(message, 300))
        return ""

    def _own(self, error: ModuleNotFoundError) -> bool:
        """Whether a module that is missing is the add-on's own, or one of Blender's or Python's the add-on asks for."""
        name = error.name or ""
        top = name.partition(".")[0]
        addon = self.bench.addon
        folder = os.path.basename(addon.root).removesuffix(".py")
        if addon.owns(name) or top == folder:
            return True
        return self.bench.inside(error) and (top in OWN_MODULES or self._relative(error, name))

    def _relative(self, error: ModuleNotFoundError, name: str) -> bool:
        """Whether the add-on asked for a module of its own, by whatever name it goes here."""
        frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
        packages = {str(frame.f_globals.get("__package__") or "").partition(".")[0] for frame in frames}
        return name.partition(".")[0] in packages - {""}

    def _shorten(self, error: BaseException) -> None:
        """Leave out what called the test: its traceback begins in the repository."""
        trace = error.__traceback__
        while trace is not None and not self._inside(trace.tb_frame.f_code.co_filename):
            trace = trace.tb_next
        if trace is not None:
            error.__traceback__ = trace

    def _place(self, error: BaseException) -> tuple[str, int]:
        """The innermost line of the repository that is none of the add-on."""
        for frame, line in reversed(list(traceback.walk_tb(error.__traceback__))):
            filename = frame.f_code.co_filename
            if self._inside(filename) and not self.bench.addon.relative(filename):
                return self._inside(filename), line
        return "", 0

    def _inside(self, filename: str | None) -> str:
        """A file's path in the repository; empty where it is none of it."""
        path = os.path.normpath(filename or "")
        return path[len(self.root) + 1 :].replace(os.sep, "/") if path.startswith(self.root + os.sep) else ""


def _unwrapped(error: BaseException) -> BaseException:
    """What a runner of tests raised it for."""
    for _ in range(5):
        inner = getattr(error, "cause", None) or error.__cause__
        wraps = type(error).__name__ in _WRAPS or type(error) is ImportError
        if not wraps or not isinstance(inner, BaseException):
            break
        error = inner
    return error


def _chain(error: BaseException) -> Iterator[BaseException]:
    """It, and what it was raised from or while handling."""
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        yield current
        current = current.__cause__ or current.__context__


def _starting(error: BaseException) -> bool:
    """Whether it was raised where a program is started."""
    return any(frame.f_code.co_name == "_execute_child" for frame, _ in traceback.walk_tb(error.__traceback__))
