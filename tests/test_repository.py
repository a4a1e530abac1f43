"""The user's repository is only read; the private clone holds the commit's exact bytes."""

from __future__ import annotations

import stat
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.errors import UsageError
from bot.models.patch import Patch
from bot.patches import parse, to_bytes, to_patch
from bot.repository import Repository


def git(folder: Path, *arguments: str) -> str:
    identity = ["-c", "user.name=T", "-c", "user.email=t@example.org", "-c", "core.autocrlf=false"]
    return subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True, text=True).stdout


def make(folder: Path, files: dict[str, bytes]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    git(folder, "init", "-q")
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    git(folder, "add", "-A", "-f")
    git(folder, "commit", "-q", "-m", "Start", "--allow-empty")
    return folder


def snapshot(folder: Path) -> dict[str, tuple[bytes, int]]:
    return {
        str(path.relative_to(folder)): (path.read_bytes(), path.stat().st_mode)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_no_repository_is_a_wrong_use_with_the_cure(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="not in a git repository") as error:
        Repository.open(tmp_path)
    assert "git init" in error.value.cure


def test_a_repository_without_a_commit_says_so(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    with pytest.raises(UsageError, match="no commit yet"):
        Repository.open(tmp_path)


def test_a_bare_repository_says_so(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "--bare")
    with pytest.raises(UsageError, match="bare"):
        Repository.open(tmp_path)


def test_a_folder_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no folder"):
        Repository.open(tmp_path / "nowhere")


def test_the_clone_has_the_bytes_of_the_commit_whatever_the_attributes_say(tmp_path: Path) -> None:
    files = {
        ".gitattributes": b"*.py text eol=crlf ident -diff\n",
        "a/__init__.py": b"# $Id$\nx = 1\r\ny = 2\rz = 3\n",
    }
    folder = make(tmp_path / "repo", {"a/__init__.py": files["a/__init__.py"]})
    (folder / ".gitattributes").write_bytes(files[".gitattributes"])
    git(folder, "add", ".gitattributes")
    git(folder, "commit", "-q", "-m", "Attributes")
    clone = Repository.open(folder).clone(tmp_path / "clone")
    assert clone.read(["a/__init__.py"]) == {"a/__init__.py": files["a/__init__.py"]}


def test_symlinks_never_become_links_in_the_clone(tmp_path: Path) -> None:
    folder = make(tmp_path / "repo", {"a.py": b"x = 1\n"})
    (folder / "link.py").symlink_to("/etc/passwd")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "Link")
    repository = Repository.open(folder)
    clone = repository.clone(tmp_path / "clone")
    assert "link.py" not in repository.files
    assert not (clone.folder / "link.py").is_symlink()


def test_hooks_and_filters_of_the_checkout_do_not_run(tmp_path: Path) -> None:
    folder = make(tmp_path / "repo", {"a.py": b"x = 1\n", ".gitattributes": b"* filter=evil\n"})
    marker = tmp_path / "ran"
    for hook in ("post-checkout", "pre-commit", "reference-transaction", "post-index-change"):
        path = folder / ".git" / "hooks" / hook
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"#!/bin/sh\ntouch {marker}\n")
        path.chmod(0o755)
    git(folder, "config", "filter.evil.smudge", f"touch {marker}; cat")
    git(folder, "config", "core.fsmonitor", f"touch {marker}")
    repository = Repository.open(folder)
    clone = repository.clone(tmp_path / "clone")
    clone.write({"a.py": b"x = 2\n"})
    repository.take_branch(clone, clone.diff(), "bcrag/one", "fix: one")
    assert not marker.exists()


def test_a_run_leaves_the_checkout_byte_for_byte_as_it_was(tmp_path: Path) -> None:
    folder = make(tmp_path / "repo", {"a/__init__.py": b"x = 1\n"})
    (folder / "a" / "__init__.py").touch()  # a stale index entry must not be refreshed either
    before = snapshot(folder)
    repository = Repository.open(folder)
    assert repository.holding("x =", "*.py") == ("a/__init__.py",)
    clone = repository.clone(tmp_path / "clone")
    clone.write({"a/__init__.py": b"x = 2\n"})
    diff = clone.diff()
    assert clone.accepts(diff) == ""
    assert repository.changed_paths(repository.files) == ()
    assert snapshot(folder) == before


def test_a_branch_gets_the_change_and_the_working_tree_stays(tmp_path: Path) -> None:
    folder = make(tmp_path / "repo", {"a.py": b"x = 1\n"})
    repository = Repository.open(folder)
    clone = repository.clone(tmp_path / "clone")
    clone.write({"a.py": b"x = 2\n"})
    diff = clone.diff()
    clone.reset()
    commit = repository.take_branch(clone, diff, "bcrag/one", "fix: one\n\nBcrag-Run: 7\n")
    assert (folder / "a.py").read_bytes() == b"x = 1\n"
    assert git(folder, "show", "bcrag/one:a.py") == "x = 2\n"
    assert git(folder, "rev-parse", f"{commit}^").strip() == repository.commit
    with pytest.raises(UsageError, match="exists already"):
        repository.check_branch_name("bcrag/one")


@pytest.mark.parametrize("name", ["-x", "a..b", "a b", "/a", "a.lock", "@{-1}"])
def test_a_bad_branch_name_is_refused(tmp_path: Path, name: str) -> None:
    folder = make(tmp_path / "repo", {"a.py": b"x = 1\n"})
    with pytest.raises(UsageError):
        Repository.open(folder).check_branch_name(name)


def test_applying_over_other_changes_is_refused_and_changes_nothing(tmp_path: Path) -> None:
    folder = make(tmp_path / "repo", {"a.py": b"x = 1\n"})
    repository = Repository.open(folder)
    clone = repository.clone(tmp_path / "clone")
    clone.write({"a.py": b"x = 2\n"})
    (folder / "a.py").write_bytes(b"y = 9\n")
    with pytest.raises(UsageError, match="does not apply"):
        repository.apply(clone.diff(), "patch.diff")
    assert (folder / "a.py").read_bytes() == b"y = 9\n"


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    lines=st.lists(st.text(st.characters(blacklist_characters="\r\n\0", codec="utf-8"), max_size=12), min_size=1),
    ending=st.sampled_from(["\n", "\r\n", "\r"]),
    last=st.booleans(),
    executable=st.booleans(),
    place=st.integers(0, 100),
)
def test_any_file_survives_a_patch_outside_the_changed_line(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str], ending: str, last: bool, executable: bool, place: int
) -> None:
    folder = tmp_path_factory.mktemp("any")
    data = (ending.join(lines) + (ending if last else "")).encode()
    make(folder / "repo", {"a.py": data})
    if executable:
        (folder / "repo" / "a.py").chmod(0o755)
        git(folder / "repo", "commit", "-qam", "Mode")
    repository = Repository.open(folder / "repo")
    clone = repository.clone(folder / "clone")
    changed = list(lines)
    changed[place % len(lines)] += "changed"
    new = (ending.join(changed) + (ending if last else "")).encode()
    clone.write({"a.py": new})
    diff = clone.diff()
    assert clone.accepts(diff) == ""
    assert to_patch(diff).files == ("a.py",)
    assert len(parse(diff.decode("utf-8", "surrogateescape"))) == 1
    repository.apply(diff, "patch.diff")
    assert (folder / "repo" / "a.py").read_bytes() == new
    assert bool((folder / "repo" / "a.py").stat().st_mode & stat.S_IXUSR) == executable


@given(data=st.binary(max_size=60))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_patch_of_any_bytes_survives_json(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    folder = tmp_path_factory.mktemp("bytes")
    make(folder / "repo", {"a.py": b"# " + data + b"\nx = 1\n"})
    clone = Repository.open(folder / "repo").clone(folder / "clone")
    clone.write({"a.py": b"# " + data + b"\nx = 2\n"})
    diff = clone.diff()
    patch = Patch.model_validate_json(to_patch(diff).model_dump_json())
    assert to_bytes(patch) == diff


NEW_FILE = b"""\
diff --git a/tests/test_x.py b/tests/test_x.py
new file mode 100644
--- /dev/null
+++ b/tests/test_x.py
@@ -0,0 +1 @@
+assert True
"""


def test_a_new_file_is_written_into_the_working_tree_once_and_never_over_another(tmp_path: Path) -> None:
    root = make(tmp_path / "repo", {"a.py": b"x = 1\n"})
    repository = Repository.open(root)
    for _ in range(2):
        repository.apply(NEW_FILE, "FILE")
        assert (root / "tests" / "test_x.py").read_text() == "assert True\n"
    (root / "tests" / "test_x.py").write_text("mine\n")
    with pytest.raises(UsageError):
        repository.apply(NEW_FILE, "FILE")
    assert (root / "tests" / "test_x.py").read_text() == "mine\n"


def test_a_new_file_is_not_written_through_a_link(tmp_path: Path) -> None:
    root = make(tmp_path / "repo", {"a.py": b"x = 1\n"})
    (tmp_path / "elsewhere").mkdir()
    (root / "tests").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(UsageError):
        Repository.open(root).apply(NEW_FILE, "FILE")
    assert not list((tmp_path / "elsewhere").iterdir())
