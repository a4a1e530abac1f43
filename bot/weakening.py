"""Tests that a patch makes prove less: checks taken away, tests deleted, tests that are skipped."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

FEWER_CHECKS = "{path} is a test and loses checks: {removed} removed, {added} added"
FEWER_TESTS = "{path} is a test and loses {names}"
SKIPS = "{path} is a test and gets one that is skipped or may fail ({line})"
STEERS = "{path} steers what other tests do ({line})"

_FOLDERS = frozenset({"test", "tests"})
_NAMES = re.compile(r"test_.*\.py|.*_test\.py|conftest\.py")
_STEERING = frozenset({"conftest.py", "pytest.ini"})
_STEER = re.compile(r"\s*def\s+pytest_\w+|.*\b(?:collect_ignore|autouse\s*=|addopts|norecursedirs|testpaths)")
_CHECK = re.compile(
    r"\s*(?:assert\b(?!\s*\(?\s*(?:True|1|not False|['\"][^'\"]*['\"])\s*\)?\s*(?:[,#]|$))|self\.(?:assert|fail)\w*|"
    r"(?:with\s+)?(?:pytest\.)?(?:raises|warns|fail)\s*\(|with\s+self\.assert\w*|(?:np|numpy)\.testing\.assert\w*)"
)
"""A line that checks something; `assert True` does not."""
_TEST = re.compile(r"\s*(?:async\s+)?def\s+(test\w*)")
_SKIP = re.compile(
    r"\bskip(?:if|unless|test)?\s*\(|\bmark\.(?:skip|xfail)|\bunittest\.(?:skip|expectedfailure|case\.skip)|\bxfail\b|"
    r"\bexpectedfailure\b|\bimportorskip\b|\bskiptest\b|\bcollect_ignore|^\s*(?:from|import)\b.*\bskip|"
    r"\b__test__\s*=\s*(?:False|0)|^\s*@skip\b",
    re.IGNORECASE,
)
_LONGEST = 500
"""Characters of a line that are looked at."""


def is_test(path: str) -> bool:
    """Whether a path of the repository is a test, or lies with them."""
    parts = PurePosixPath(path)
    return not _FOLDERS.isdisjoint(part.lower() for part in parts.parts[:-1]) or bool(_NAMES.fullmatch(parts.name))


def weakened(path: str, removed: Sequence[str], added: Sequence[str]) -> Iterator[str]:
    """How a patch makes a test weaker, by the lines it takes from it and gives it; nothing for other files."""
    if not is_test(path):
        return
    removed, added = [line[:_LONGEST] for line in removed], [line[:_LONGEST] for line in added]
    steers = next((line for line in added if _STEER.match(line)), None)
    if steers is not None and PurePosixPath(path).name in _STEERING:
        yield STEERS.format(path=path, line=steers.strip()[:80])
    gone, new = (sum(bool(_CHECK.match(line)) for line in lines) for lines in (removed, added))
    if new < gone:
        yield FEWER_CHECKS.format(path=path, removed=gone, added=new)
    if lost := sorted(_tests(removed) - _tests(added)):
        yield FEWER_TESTS.format(path=path, names=", ".join(lost[:5]))
    there = {line.strip() for line in removed}
    skip = next((line for line in added if _SKIP.search(line) and line.strip() not in there), None)
    if skip is not None:
        yield SKIPS.format(path=path, line=skip.strip()[:80])


def _tests(lines: Sequence[str]) -> set[str]:
    return {found[1] for line in lines if (found := _TEST.match(line))}
