"""Tests in the style of `unittest`, run by it: fixtures of classes and modules included."""

from __future__ import annotations

import importlib
import os
import sys
import unittest
import unittest.suite
from collections.abc import Iterator
from types import ModuleType, TracebackType
from typing import Any

from bot.blender.harness.testing.tests import EXPECTED, IN_SETUP, IN_TEARDOWN, UNEXPECTED, Ended, Test

Information = tuple[type[BaseException], BaseException, TracebackType]


class Listening:
    """What `unittest` tells how things went; one for all tests, because it also keeps fixtures' state there."""

    def __init__(self) -> None:
        self.shouldStop = False
        self.failfast = False
        self._testRunEntered = True  # what was set up for a class is kept until a test of another one runs
        self.ended = Ended()
        self.where = IN_SETUP
        self.began = False
        self.broken: dict[object, Ended] = {}
        """By class, or module, what kept it from being set up."""

    def startTest(self, _test: Any) -> None:  # noqa: N802
        """A test begins; its class and its module are set up."""
        self.began, self.where = True, ""

    def stopTest(self, _test: Any) -> None:  # noqa: N802
        """It has ended, but for what is let go of after it."""
        self.where = IN_TEARDOWN

    def addSuccess(self, _test: Any) -> None:  # noqa: N802
        """It passes; nothing needs to be kept."""

    def addError(self, _test: Any, error: Information) -> None:  # noqa: N802
        """It, or what is set up around it, raised something."""
        self.ended.failed(error[1], self.where)

    def addFailure(self, _test: Any, error: Information) -> None:  # noqa: N802
        """It states what is not so."""
        self.ended.failed(error[1], self.where)

    def addSubTest(self, _test: Any, _subtest: Any, error: Information | None) -> None:  # noqa: N802
        """A part of it has ended."""
        if error is not None:
            self.ended.failed(error[1])

    def addSkip(self, _test: Any, reason: str) -> None:  # noqa: N802
        """It is skipped."""
        self.ended.skipped(str(reason))

    def addExpectedFailure(self, _test: Any, _error: Information) -> None:  # noqa: N802
        """It fails as it is expected to."""
        self.ended.skipped(EXPECTED)

    def addUnexpectedSuccess(self, _test: Any) -> None:  # noqa: N802
        """It passes and is expected not to."""
        self.ended.failed(None, UNEXPECTED)

    def addDuration(self, _test: Any, _seconds: float) -> None:  # noqa: N802
        """How long it took; Python 3.12 and later tell that."""


class Unittests:
    """The engine `unittest`."""

    def __init__(self, root: str) -> None:
        self._root = root
        self._result: Any = Listening()

    def prepare(self, files: list[str]) -> Ended | None:
        """Nothing has to be."""
        return None

    def collect(self, file: str) -> tuple[list[Test], Ended]:
        """Import the file and ask it for its tests. Raises what it raises."""
        try:
            suite = unittest.defaultTestLoader.loadTestsFromModule(self._imported(file))
        except unittest.SkipTest as why:
            return [], Ended("skipped", str(why))
        tests: dict[str, Test] = {}
        for case in _flat(suite):
            part = str(case.id()).removeprefix(f"{type(case).__module__}.").replace(".", "::")
            tests.setdefault(part, Test(f"{file}::{part}", file, case))
        return list(tests.values()), Ended()

    def arrange(self, tests: list[Test]) -> list[Test]:
        """As they were found."""
        return tests

    def run(self, test: Test, following: Test | None) -> Ended:
        """Run one, and let go of what was set up for its class and its module where nothing else needs that."""
        result, case = self._result, test.item
        result.ended, result.where, result.began = Ended(), IN_SETUP, False
        holders = (type(case), type(case).__module__)
        suite: Any = unittest.suite.TestSuite([case])
        suite.run(result)
        if not result.began and result.ended.outcome != "pass":
            failed = getattr(type(case), "_classSetupFailed", False)
            result.broken.setdefault(holders[0 if failed else 1], result.ended)
        elif not result.began:
            known = next((result.broken[one] for one in holders if one in result.broken), None)
            result.ended = known or Ended("skipped", "it was not begun")
        after = following.item if following is not None else None
        result.where = IN_TEARDOWN
        if type(after) is not type(case):
            suite._tearDownPreviousClass(after, result)
            # In its place one there is nothing to let go of, of the same module, which is still set up.
            gone = {"__module__": type(case).__module__, "_classSetupFailed": True}
            result._previousTestClass = type("Gone", (), gone)
        if after is None:
            suite._handleModuleTearDown(result)
        ended: Ended = result.ended
        return ended

    def _imported(self, file: str) -> ModuleType:
        """The module of a file, by the name it has as a part of its packages."""
        path = os.path.join(self._root, *file.split("/"))
        folder, name = os.path.split(path.removesuffix(".py"))
        while os.path.isfile(os.path.join(folder, "__init__.py")) and folder.startswith(self._root):
            folder, package = os.path.split(folder)
            name = f"{package}.{name}"
        if folder not in sys.path:
            sys.path.insert(0, folder)
        known = getattr(sys.modules.get(name), "__file__", None)
        if known and os.path.realpath(known) != os.path.realpath(path):  # of the same name in another folder
            del sys.modules[name]
        return importlib.import_module(name)


def _flat(suite: Any) -> Iterator[Any]:
    for one in suite:
        if isinstance(one, unittest.suite.BaseTestSuite):
            yield from _flat(one)
        else:
            yield one
