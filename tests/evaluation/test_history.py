"""Cases out of a repository's own history."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import UsageError
from bot.evaluation.history import cases
from bot.evaluation.suite import MOST, is_test, script
from bot.evaluation.trees import at_commit
from bot.models.evaluation import JudgedBy
from bot.repository import Repository
from fixes import MESSAGE, TESTS, fixed
from repositories import Repository as Made


def test_a_fix_becomes_a_case_judged_by_its_tests(tmp_path: Path) -> None:
    made = fixed(tmp_path / "repo")
    (found,) = cases(Repository.open(made.root), 5, told=True)
    assert (found.before, found.after, found.addon) == (made.before, made.after, "line_up")
    assert (found.judged_by, found.task) == (JudgedBy.TESTS, MESSAGE)
    assert repr(TESTS)[1:30] in found.script
    (unaided,) = cases(Repository.open(made.root), 5, told=False)
    assert unaided.task == ""


def test_a_fix_without_tests_claims_nothing(tmp_path: Path) -> None:
    made = fixed(tmp_path / "repo", tests=False)
    (found,) = cases(Repository.open(made.root), 5, told=True)
    assert (found.judged_by, found.script) == (JudgedBy.NOTHING, "")


def test_a_history_without_fixes_is_said(tmp_path: Path) -> None:
    made = Made(tmp_path / "repo")
    made.write("a.py", "x = 1\n")
    made.commit("Start")
    with pytest.raises(UsageError, match="No commit of"):
        cases(Repository.open(made.root), 5, told=True)


def test_a_checkout_knows_nothing_of_what_came_after(tmp_path: Path) -> None:
    made = fixed(tmp_path / "repo")
    found = at_commit(made.root, made.before, tmp_path / "tree")
    assert found.commit == made.before
    assert Made(tmp_path / "tree").git("log", "--all", "--format=%H", "HEAD") == made.before
    assert b"(count - 1)" in found.read("line_up/measure.py")
    again = at_commit(made.root, made.after, tmp_path / "tree")
    assert b"max(count - 1, 1)" in again.read("line_up/measure.py")
    with pytest.raises(UsageError, match="does not have the commit"):
        at_commit(made.root, "1234567", tmp_path / "other")


def test_files_a_partial_clone_lacks_are_empty(tmp_path: Path) -> None:
    made = Made(tmp_path / "repo")
    made.write("big.bin", "what is large")
    made.write("a.py", "x = 1\n")
    commit = made.commit("Start")
    blob = made.git("rev-parse", "HEAD:big.bin")
    (tmp_path / "repo" / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    found = at_commit(tmp_path / "repo", commit, tmp_path / "tree")
    assert (found.read("big.bin"), found.read("a.py")) == (b"", b"x = 1\n")
    assert found.clone(tmp_path / "clone").paths() == {"big.bin", "a.py"}


def test_which_files_are_tests_and_which_fit_a_script() -> None:
    assert is_test("tests/test_a.py")
    assert is_test("a_test.py")
    assert not is_test("tests/conftest.py")
    assert not is_test("tests/test_a.txt")
    assert script({}) == ""
    assert script({"test_a.py": "x" * (MOST + 1)}) == ""
    assert script({"a/test_a.py": "", "b/test_a.py": ""}) == ""
    compile(script({"test_a.py": "'\\n{}'"}), "script", "exec")
