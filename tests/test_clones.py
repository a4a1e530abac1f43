"""New files in the private clone: seen in the diff and in the commit, never outside of it, never through a link."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.clones import PrivateClone
from bot.patches import to_bytes, to_patch
from bot.repository import Repository
from repositories import Repository as Folder

NEW = b"def test_x():\n    assert 1 + 1 == 2\n"


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    made = Folder(tmp_path / "repo")
    made.write("addon/__init__.py", "x = 1\n")
    made.write(".gitignore", "ignored/\n*.log\n")
    made.git("add", "-A")
    made.git("commit", "-q", "-m", "Start")
    return made


@pytest.fixture
def clone(folder: Folder, tmp_path: Path) -> PrivateClone:
    return Repository.open(folder.root).clone(tmp_path / "clone")


def test_a_new_file_is_in_the_diff_and_applies_to_the_base(clone: PrivateClone) -> None:
    clone.write({"tests/deep/test_x.py": NEW, "addon/__init__.py": b"x = 2\n"})
    diff = clone.diff()
    patch = to_patch(diff)
    assert set(patch.files) == {"tests/deep/test_x.py", "addon/__init__.py"}
    assert b"new file mode 100644" in diff
    assert clone.accepts(diff) == ""
    clone.reset()
    assert clone.diff() == b"" and not (clone.folder / "tests").exists()
    clone.apply(to_bytes(patch))
    assert clone.diff() == diff


def test_files_nobody_wrote_stay_unseen(clone: PrivateClone) -> None:
    (clone.folder / "addon" / "left.txt").write_bytes(b"by a tool\n")
    (clone.folder / "tests").mkdir()
    (clone.folder / "tests" / "other.py").write_bytes(b"by a tool\n")
    clone.write({"tests/test_x.py": NEW})
    assert to_patch(clone.diff()).files == ("tests/test_x.py",)


@pytest.mark.parametrize("path", ["ignored/a.py", "a.log", "*.py", ":(top)a.py", "-n", "my add-on/c d.py", "käse/ü.py"])
def test_ignored_paths_and_odd_names_are_taken_as_they_are(clone: PrivateClone, path: str) -> None:
    clone.write({path: NEW})
    diff = clone.diff()
    assert to_patch(diff).files == (path,)
    assert clone.accepts(diff) == ""


def test_a_new_file_may_be_written_again_and_may_be_empty(clone: PrivateClone) -> None:
    clone.write({"addon/new.py": b"y = 1\n"})
    clone.write({"addon/new.py": b"y = 2\n", "addon/sub/__init__.py": b""})
    patch = to_patch(clone.diff())
    assert set(patch.files) == {"addon/new.py", "addon/sub/__init__.py"}
    assert "+y = 2" in patch.diff and "+y = 1" not in patch.diff


def test_a_branch_has_the_new_file(folder: Folder, clone: PrivateClone) -> None:
    clone.write({"ignored/new.py": NEW})
    diff = clone.diff()
    Repository.open(folder.root).take_branch(clone, diff, "bcrag/new", "test: one more")
    assert folder.git("show", "bcrag/new:ignored/new.py") + "\n" == NEW.decode()
    assert folder.git("ls-tree", "bcrag/new", "ignored/new.py").startswith("100644")


def test_a_patch_that_adds_what_is_there_is_not_accepted(clone: PrivateClone) -> None:
    clone.write({"addon/new.py": NEW})
    diff = clone.diff().replace(b"addon/new.py", b"addon/__init__.py")
    assert "already exists" in clone.accepts(diff)


def test_a_patch_that_puts_a_file_below_a_file_is_not_accepted(clone: PrivateClone) -> None:
    clone.write({"addon/new.py": NEW})
    diff = clone.diff().replace(b"addon/new.py", b"addon/__init__.py/new.py")
    clone.reset()
    assert "a file is where a folder would be" in clone.accepts(diff)
    assert "a folder where the file would be" in clone.accepts(diff.replace(b"addon/__init__.py/new.py", b"addon"))


@pytest.mark.parametrize(
    "path",
    [
        "../out.py", "/tmp/out.py", "a/../../out.py", ".git/config", ".GIT/config", "a/.git/hooks/x", "", ".", "a//b",
        "a/", "addon", "addon/__init__.py/x.py", "a\0b",
    ],
)  # fmt: skip
def test_no_path_leaves_the_clone(clone: PrivateClone, tmp_path: Path, path: str) -> None:
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(ValueError, match="place"):
        clone.write({"addon/first.py": NEW, path: NEW})
    assert sorted(tmp_path.rglob("*")) == before, "nothing is written where one path is refused"


def test_no_path_leads_through_a_link(folder: Folder, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (folder.root / "away").symlink_to(outside)
    (folder.root / "link.py").symlink_to("addon/__init__.py")
    folder.git("add", "-A")
    folder.git("commit", "-q", "-m", "Links")
    clone = Repository.open(folder.root).clone(tmp_path / "clone")
    (clone.folder / "planted").symlink_to(outside)  # by something that ran in between
    for path in ("away/x.py", "away", "link.py", "planted/x.py", "planted"):
        with pytest.raises(ValueError, match="link"):
            clone.write({path: NEW})
    assert not list(outside.iterdir())
    assert {"away", "link.py", "addon/__init__.py"} <= clone.paths()


@given(st.text(st.characters(codec="utf-8"), max_size=12), st.lists(st.sampled_from(["..", ".git", "a", "", "."])))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_path_is_refused_or_stays_inside(clone: PrivateClone, tmp_path: Path, name: str, before: list[str]) -> None:
    path = "/".join([*before, name])
    outside = {file for file in tmp_path.rglob("*") if clone.folder not in file.parents}
    git_files = {file: file.read_bytes() for file in (clone.folder / ".git").glob("[cH]*") if file.is_file()}
    try:
        clone.write({path: NEW})
    except (ValueError, OSError):
        pass
    else:
        assert (clone.folder / path).read_bytes() == NEW
    assert {file for file in tmp_path.rglob("*") if clone.folder not in file.parents} == outside
    assert {file: file.read_bytes() for file in (clone.folder / ".git").glob("[cH]*") if file.is_file()} == git_files
    clone.reset()
