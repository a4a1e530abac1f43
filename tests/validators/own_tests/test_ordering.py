"""Where there is no time for all tests, those a patch touches come first."""

from __future__ import annotations

from bot.models.patch import Patch
from bot.models.validation import TEST_SUITE, Check, Observation, Outcome
from bot.validators.tests.ordering import changed_functions, first

SOURCE = b"""
LIMIT = 3

def outer():
    def inner():
        return 1
    return inner

class Make:
    @property
    def size(self):
        return 2
"""


def test_functions_are_named_as_python_names_them() -> None:
    assert changed_functions(SOURCE, {6}) == {"outer", "outer.<locals>.inner"}
    assert changed_functions(SOURCE, {10}) == {"Make.size"}, "a decorator is part of its function"
    assert changed_functions(SOURCE, {2}) == frozenset()
    assert changed_functions(b"def f(:", {1}) == frozenset()


def test_failed_ones_then_those_in_changed_functions_then_those_in_changed_files() -> None:
    before = Observation(
        validator=TEST_SUITE,
        checks=(
            Check(id="test:a.py::far", outcome=Outcome.PASS, touched=("tiles/other.py::f",)),
            Check(id="test:a.py::file", outcome=Outcome.PASS, touched=("tiles/make.py::outer",)),
            Check(id="test:a.py::function", outcome=Outcome.PASS, touched=("tiles/make.py::Make.size",)),
            Check(id="test:a.py::failed", outcome=Outcome.FAIL),
            Check(id="test-file:a.py", outcome=Outcome.PASS, touched=("tiles/make.py::Make.size",)),
        ),
    )
    patch = Patch(diff="x", changed_lines={"tiles/make.py": (12,)})
    assert first(before, patch, {"tiles/make.py": SOURCE}) == (
        "test:a.py::failed", "test:a.py::function", "test:a.py::file",
    )  # fmt: skip
