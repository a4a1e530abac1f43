"""Reading a history: trees, changes, and repositories that are none."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from indexer.errors import UsageError
from indexer.evaluation.commits import History

Commit = Callable[..., str]


def test_no_folder_and_no_repository_are_said(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none"):
        with pytest.raises(UsageError, match="no git repository") as caught:
            History.open(path)
        assert caught.value.cure


def test_an_empty_repository_has_no_commit(repository: Path) -> None:
    with pytest.raises(UsageError, match="no commit 'HEAD'"):
        History.open(repository).resolve()


@pytest.mark.parametrize("name", ["nonsense", "--output=x", "-h", ""])
def test_a_name_is_never_an_option(repository: Path, commit: Commit, name: str) -> None:
    commit("Start", a_py="x = 1\n")
    with pytest.raises(UsageError):
        History.open(repository).resolve(name)
    assert not (repository / "x").exists()


def test_a_tree_and_its_blobs(repository: Path, commit: Commit) -> None:
    first = commit("Start", a_py="x = 1\n", sub__b_py="y = 2\n")
    commit("Change", a_py="x = 3\n", sub__b_py=None)
    history = History.open(repository)
    tree = history.tree(first)
    assert list(history.read([tree["a.py"], tree["sub/b.py"], "0" * 40])) == [b"x = 1\n", b"y = 2\n", b""]


def test_a_git_directory_without_a_work_tree_will_do(repository: Path, commit: Commit) -> None:
    head = commit("Start", a_py="x = 1\n")
    assert History.open(repository / ".git").resolve() == head


def test_oldest_first(repository: Path, commit: Commit) -> None:
    made = [commit(f"Commit {number}", a_py=f"x = {number}\n") for number in range(4)]
    assert History.open(repository).oldest_first([made[3], made[0], made[2]]) == [made[0], made[2], made[3]]


def test_what_the_repository_configures_is_not_run(repository: Path, commit: Commit) -> None:
    commit("Start", a_py="x = 1\n", _txt="*.py diff=evil\n")
    (repository / ".gitattributes").write_text("*.py diff=evil\n")
    commit("Change", a_py="x = 2\n")
    trap = repository / "ran"
    (repository / ".git" / "config").open("a").write(
        f'[diff "evil"]\n\ttextconv = touch {trap};cat\n\tcommand = touch {trap}\n[diff]\n\texternal = touch {trap}\n'
    )
    history = History.open(repository)
    newest = next(history.commits(history.resolve()))
    (change,) = [change for change in history.changes(newest) if change.new_path == "a.py"]
    (hunk,) = history.hunks(change)
    assert (hunk.start, hunk.old, hunk.new) == (1, ("x = 1",), ("x = 2",))
    assert not trap.exists()
