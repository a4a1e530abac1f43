"""What a test is, and how it ends; what runs tests is an engine."""

from __future__ import annotations

import contextlib
import unittest
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from bot.blender.harness.values import FAIL, PASS, SKIPPED

EXPECTED = "it is expected to fail"
UNEXPECTED = "it is expected to fail, and does not"
IN_SETUP, IN_TEARDOWN = "it failed while it was set up", "it failed after it had ended"


@dataclass(frozen=True)
class Test:
    """One test: `<file>::<its name there>`, and what its engine knows it by."""

    name: str
    file: str
    item: Any


@dataclass
class Ended:
    """How a test, or reading a file of tests, ended."""

    outcome: str = PASS
    detail: str = ""
    error: BaseException | None = None

    def failed(self, error: BaseException | None, detail: str = "") -> None:
        """It fails; what was said first stays."""
        if self.outcome != FAIL:
            self.outcome, self.error, self.detail = FAIL, error, detail

    def skipped(self, why: str) -> None:
        """It comes to nothing, unless it failed."""
        if self.outcome == PASS:
            self.outcome, self.detail = SKIPPED, why


@contextlib.contextmanager
def not_by_themselves() -> Iterator[None]:
    """Files that end with `unittest.main()` are read without running anything by that, and without its end of all."""
    program: Any = unittest.main
    unittest.main = lambda *_arguments, **_options: None  # type: ignore[assignment]
    try:
        yield
    finally:
        unittest.main = program


class Engine(Protocol):
    """Finds the tests of files and runs them, one at a time."""

    def prepare(self, files: list[str]) -> Ended | None:
        """What comes before the first file; null where that is nothing. Raises what the repository's code raises."""
        ...

    def collect(self, file: str) -> tuple[list[Test], Ended]:
        """The tests of one file, and how reading it went."""
        ...

    def arrange(self, tests: list[Test]) -> list[Test]:
        """Those that are to be run, in their order."""
        ...

    def run(self, test: Test, following: Test | None) -> Ended:
        """Run one; `following` is the next one, for which some of what was set up is kept."""
        ...
