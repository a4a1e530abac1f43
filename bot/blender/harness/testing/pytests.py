"""Tests in the style of `pytest`, run by it; those of `unittest` beside them are run by it as well.

It is told what to do one step at a time instead of being left alone, so that each test is announced and written down
by the harness itself. For that some of its own names are used: it comes in one version, the one bcrag brings along.
"""

from __future__ import annotations

import importlib
import os
import sys
from typing import Any

from bot.blender.harness.testing.tests import EXPECTED, IN_SETUP, IN_TEARDOWN, UNEXPECTED, Ended, Test

FIXED = (
    *("-p", "no:cacheprovider", "-p", "no:faulthandler", "-p", "no:threadexception", "-p", "no:unraisableexception"),
    *("-q", "--no-header", "--no-summary", "--capture=sys", "--color=no", "--tb=short"),
    *("-o", "addopts=", "-o", "required_plugins="),
)
"""Nothing is written beside the tests; what Blender says when it dies goes where it is looked for; nothing is exchanged
that the harness works with."""
_WHERE = {"setup": IN_SETUP, "teardown": IN_TEARDOWN}


class Listener:
    """A plugin that keeps what pytest says of the test that is run."""

    def __init__(self) -> None:
        self.reports: list[Any] = []
        self.errors: list[tuple[str, BaseException]] = []

    def clear(self) -> None:
        """Forget what was said so far."""
        self.reports.clear()
        self.errors.clear()

    def pytest_runtest_logreport(self, report: Any) -> None:
        """One of three parts of a test has ended."""
        self.reports.append(report)

    def pytest_collectreport(self, report: Any) -> None:
        """A file, or a class in it, was read."""
        self.reports.append(report)

    def pytest_exception_interact(self, call: Any) -> None:
        """Something was raised that is no way to skip."""
        self.errors.append((call.when, call.excinfo.value))


class Pytests:
    """The engine `pytest`, taken from `folder` before anything of the repository can be imported."""

    def __init__(self, root: str, folder: str, options: list[str]) -> None:
        self._root = root
        self._options = options
        self._listener = Listener()
        self._nodes: dict[str, list[Any]] = {}
        sys.path.insert(0, folder)
        self._config_module: Any = importlib.import_module("_pytest.config")
        self._main_module: Any = importlib.import_module("_pytest.main")
        self._runner: Any = importlib.import_module("_pytest.runner")
        importlib.import_module("pytest")
        self._session: Any = None

    def prepare(self, files: list[str]) -> Ended | None:
        """Read the configuration and every `conftest.py`. Raises what is raised there."""
        os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
        paths = [os.path.join(self._root, *file.split("/")) for file in files]
        arguments = [*paths, f"--rootdir={self._root}", *FIXED, *self._options]
        try:
            config = self._config_module._prepareconfig(arguments, [self._listener])
            self._session = self._main_module.Session.from_config(config)
            config._do_configure()
            config.hook.pytest_sessionstart(session=self._session)
            self._find(paths)
        except self._config_module.UsageError as error:
            if error.__cause__ is not None:
                raise
            return Ended("skipped", f"pytest says: {error}")
        return Ended()

    def _find(self, paths: list[str]) -> None:
        """The nodes of the files; none of these is imported yet. What `Session.perform_collect` begins with."""
        session = self._session
        session._notfound, session._initial_parts, session._collection_cache, session.items = [], [], {}, []
        for path in paths:
            part = self._main_module.resolve_collection_argument(session.config.invocation_params.dir, path)
            session._initial_parts.append(part)
        found = [part.path for part in session._initial_parts]
        session._initialpaths = frozenset(found)
        session._initialpaths_with_parents = frozenset([*found, *(folder for path in found for folder in path.parents)])
        report = self._runner.collect_one_node(session)
        for node in report.result or ():
            self._nodes.setdefault(self._relative(node.path), []).append(node)
        for when, error in self._listener.errors:
            if when == "collect":
                raise error

    def collect(self, file: str) -> tuple[list[Test], Ended]:
        """Import the file and make its tests."""
        self._listener.clear()
        tests: list[Test] = []
        for node in self._nodes.get(file, ()):
            tests += [Test(self._name(item), file, item) for item in self._session.genitems(node)]
        ended = Ended() if tests else Ended("skipped", "pytest finds no test in it")
        for _, error in self._listener.errors:
            cause = error.__cause__ if type(error).__name__ == "CollectError" else None
            ended.failed(cause or error)
        for report in self._listener.reports:
            if report.skipped and not tests:
                ended = Ended("skipped", _reason(report))
        return tests, ended

    def arrange(self, tests: list[Test]) -> list[Test]:
        """As the repository's hooks and pytest's own want it."""
        session = self._session
        session.items = [test.item for test in tests]
        session.config.pluginmanager.check_pending()
        session.config.hook.pytest_collection_modifyitems(session=session, config=session.config, items=session.items)
        session._collection_cache = {}
        session.config.hook.pytest_collection_finish(session=session)
        session.testscollected = len(session.items)
        known = {id(test.item): test for test in tests}
        return [known[id(item)] for item in session.items if id(item) in known]

    def run(self, test: Test, following: Test | None) -> Ended:
        """Run one, with what is set up before it and let go of after it."""
        self._listener.clear()
        item = test.item
        item.ihook.pytest_runtest_protocol(item=item, nextitem=following.item if following is not None else None)
        ended = Ended()
        errors = dict(reversed(self._listener.errors))
        for report in self._listener.reports:
            if report.failed:
                unexpected = report.when == "call" and report.when not in errors
                ended.failed(errors.get(report.when), UNEXPECTED if unexpected else _WHERE.get(report.when, ""))
            elif report.skipped:
                ended.skipped(EXPECTED if hasattr(report, "wasxfail") else _reason(report))
        return ended if self._listener.reports else Ended("skipped", "pytest did not run it")

    def _name(self, item: Any) -> str:
        """Its id, the file as it is called in the repository."""
        return f"{self._relative(item.path)}::{str(item.nodeid).partition('::')[2]}"

    def _relative(self, path: Any) -> str:
        return os.path.relpath(str(path), self._root).replace(os.sep, "/")


def _reason(report: Any) -> str:
    """Why something is skipped."""
    told = report.longrepr
    text = str(told[2]) if isinstance(told, tuple) else str(told)
    return text.removeprefix("Skipped: ")
