"""The repository's own tests, one after the other, within the time there is."""

from __future__ import annotations

import os
import time
import traceback
import zlib
from collections.abc import Callable
from functools import partial

from bot.blender.harness.bench import Bench
from bot.blender.harness.code.coverage import Touched
from bot.blender.harness.probes.loading import probe_enable
from bot.blender.harness.testing.failures import ENDS_ALL, NOT_IN_TIME, Failures
from bot.blender.harness.testing.lacking import Lacking
from bot.blender.harness.testing.tests import Ended, Engine, Test, not_by_themselves
from bot.blender.harness.timing import OutOfTimeError, time_limit
from bot.blender.harness.values import PASS, SKIPPED, Json, bounded, probe

CONFTEST = "conftest.py"
"""What is read before any file of tests goes by this name, wherever it lies."""
NO_TIME = "there was no time left"
NOT_ENABLED = "the add-on could not be enabled before its tests: {type}: {message}"
MOST = 4000
"""Tests; more are left out, and that is said."""
LEFT_OUT = "there are {count} tests, of which {most} are run"
_TOUCHED, _TOUCHED_IN_ALL = 400, 40_000
"""Functions that are told of one test, and of all together."""


class Testing:
    """Runs the tests of some files; what is hurt so that it cannot go on leaves the rest to another start."""

    def __init__(
        self, bench: Bench, request: Json, record: Callable[[Json], None], engine: Engine, touched: Touched
    ) -> None:
        root = os.path.normpath(request["tests"]["root"])
        self._bench = bench
        self._touched = touched
        self._request = request
        self._record = record
        self._engine = engine
        self._failures = Failures(bench, root)
        self._lacking = Lacking(root, request["tests"]["lacking"])
        self._deadline = time.monotonic() + float(request["budget_seconds"])
        self._skip = set(request.get("skip") or ())
        self._hurt = False
        self._room = _TOUCHED_IN_ALL
        self.notes: list[str] = []

    def run(self) -> None:
        """Everything, from enabling the add-on to the last test."""
        suite = self._request["tests"]
        if suite["enable"]:
            self._enable()
        files = [file for file in suite["files"] if f"test-file:{file}" not in self._skip]
        ready = self._try("test-file", CONFTEST, partial(self._engine.prepare, files))
        found: list[Test] = []
        if not ready:
            return
        for file in files:
            self._try("test-file", file, partial(self._collect, file, found))
            if self._hurt:
                return
        tests = self._arranged(found)
        if self._hurt:
            return
        self._record({"collected": [f"test:{name}" for name in tests]})
        first = {name: place for place, name in enumerate(suite["first"])}
        left = [name for name in tests if f"test:{name}" not in self._skip]
        left.sort(key=lambda name: first.get(f"test:{name}", len(first)))
        for place, name in enumerate(left):
            following = tests[left[place + 1]] if place + 1 < len(left) else None
            self._try("test", name, partial(self._engine.run, tests[name], following))
            if self._hurt:
                return

    def _enable(self) -> None:
        try:
            with time_limit(float(self._request["probe_seconds"])):
                result, _ = probe_enable(self._bench)
        except OutOfTimeError:
            return
        if result["raised"]:
            self.notes.append(bounded(NOT_ENABLED.format(**result["raised"]), 1000))

    def _collect(self, file: str, found: list[Test]) -> Ended:
        with not_by_themselves():
            tests, ended = self._engine.collect(file)
        found.extend(tests)
        return ended

    def _arranged(self, found: list[Test]) -> dict[str, Test]:
        """The tests to run, by names that fit and are each there once."""
        try:
            with time_limit(self._limit()):
                arranged = self._engine.arrange(found)
        except BaseException:  # a hook of the repository's
            self.notes.append(bounded(traceback.format_exc(), 2000))
            arranged = found
        if len(arranged) > MOST:
            self.notes.append(LEFT_OUT.format(count=len(arranged), most=MOST))
        tests: dict[str, Test] = {}
        for test in arranged[:MOST]:
            tests.setdefault(_plain(test.name), test)
        return tests

    def _limit(self) -> float:
        return max(min(float(self._request["probe_seconds"]), self._deadline - time.monotonic()), 0.1)

    def _try(self, kind: str, name: str, attempt: Callable[[], Ended | None]) -> bool:
        """One of them: announced, limited in time, written down; whether it passes, or is nothing."""
        began = time.monotonic()
        if self._deadline <= began:
            result = _untried(kind, name)
        else:
            self._record({"running": f"{kind}:{name}"})
            limit = self._limit()
            self._touched.begin()
            self._bench.witness.clear()
            self._lacking.begin()
            ended = self._ended(kind, attempt, limit)
            if ended is None:
                return True
            touched = self._touched.functions()
            result = self._failures.told(kind, name, ended, bool(touched), self._lacking.read())
            cut = isinstance(ended.error, OutOfTimeError) and limit < float(self._request["probe_seconds"])
            if cut:
                result = _untried(kind, name)
            told = touched[: min(_TOUCHED, self._room)]
            self._room -= len(told)
            result["touched"] = [bounded(one, 500) for one in told]
        result["seconds"] = round(time.monotonic() - began, 3)
        self._record(result)
        return bool(result["outcome"] == PASS)

    def _ended(self, kind: str, attempt: Callable[[], Ended | None], limit: float) -> Ended | None:
        """How it ended, whatever it does."""
        try:
            with time_limit(limit):
                ended = attempt()
        except BaseException as error:
            # Past what runs a test, and so in the middle of it, nothing is raised but by what wants to end it all.
            self._hurt = kind == "test" or not isinstance(error, Exception)
            ended = Ended()
            ended.failed(error, ENDS_ALL if self._hurt else "")
        if ended is not None and isinstance(ended.error, OutOfTimeError):
            self._hurt = True
            ended.detail = NOT_IN_TIME.format(seconds=limit)
        return ended


def _untried(kind: str, name: str) -> Json:
    return {**probe(kind, name, SKIPPED, NO_TIME), "untried": True}


def _plain(name: str) -> str:
    """A name in which nothing is odd, short enough for an id."""
    text = "".join(one if one.isprintable() else "?" for one in name)
    if len(text) <= 280:
        return text
    return f"{text[:260]}...{zlib.crc32(name.encode('utf-8', 'replace')):08x}"
