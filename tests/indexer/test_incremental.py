"""An update costs what differs, sees what lies there, and ends where a fresh build would."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer.models import UpdateStats
from indexer.places import code_index
from indexer.repository import Checkout, CommitTree, TreeFile, Worktree
from indexer.stores.sqlite import SqliteStore
from indexer.wiring import Wanted, index
from repositories import PANEL, README, TOOLS, Repository, addon


class Indexed:
    """A repository and its index."""

    def __init__(self, repository: Repository, cache: Path, embedder: str | None = None) -> None:
        self.repository = repository
        self.wanted = Wanted(cache, embedder)

    def update(self, at: str | None = None) -> UpdateStats:
        checkout = Checkout.open(self.repository.root)
        return index(checkout, self.wanted, tree=CommitTree(checkout, at) if at else None)

    @property
    def path(self) -> Path:
        return code_index(self.wanted.cache, self.repository.root.resolve())

    def store(self) -> SqliteStore:
        return SqliteStore(self.path)

    def keys(self) -> list[str]:
        """The key of every chunk, sorted; equal texts at several places count each."""
        with self.store() as store:
            assert store.verify() == ""
            return sorted(store.keys_of(list(store.files())))

    def content(self) -> set[tuple[object, ...]]:
        """Everything that is indexed, without the numbers."""
        with self.store() as store:
            return {
                (chunk.path, chunk.start, chunk.end, chunk.name, chunk.text, chunk.context, chunk.facts)
                for chunk in store.chunks(row.id for row in store.names()).values()
            }

    def skipped(self) -> dict[str, str]:
        with self.store() as store:
            return dict(store.skipped())


@pytest.fixture
def indexed(tmp_path: Path) -> Iterator[Indexed]:
    yield Indexed(addon(tmp_path / "repo"), tmp_path / "cache")


def names(indexed: Indexed) -> set[str]:
    return {str(entry[3]) for entry in indexed.content()}


def test_the_second_update_does_nothing(indexed: Indexed) -> None:
    first = indexed.update()
    assert first.embedded == len(set(indexed.keys())) > 5
    again = indexed.update()
    assert (again.embedded, again.reused, again.removed) == (0, 0, 0)
    assert (again.files, again.chunks) == (first.files, first.chunks)


def test_editing_one_function_embeds_exactly_the_chunks_whose_text_changed(indexed: Indexed) -> None:
    indexed.update()
    before = set(indexed.keys())
    indexed.repository.write("hello/tools.py", TOOLS.replace("use_smooth = True", "use_smooth = False"))

    stats = indexed.update()

    after = set(indexed.keys())
    assert stats.embedded == len(after - before) == 1
    assert stats.removed == len(before - after) == 1


def test_moving_lines_embeds_nothing_and_moves_the_spans(indexed: Indexed) -> None:
    indexed.update()
    spans = {str(e[3]): e[1] for e in indexed.content() if e[0] == "hello/tools.py"}
    indexed.repository.write("hello/tools.py", TOOLS.replace("\n\n\ndef smooth", "\n\n\n\n\n\ndef smooth"))

    assert indexed.update().embedded == 0
    moved = {str(e[3]): e[1] for e in indexed.content() if e[0] == "hello/tools.py"}
    assert moved["smooth"] == int(str(spans["smooth"])) + 3


def test_a_branch_switch_costs_its_difference_and_the_way_back_nothing(indexed: Indexed) -> None:
    indexed.update()
    indexed.repository.git("checkout", "-q", "-b", "other")
    indexed.repository.write("hello/tools.py", TOOLS + "\n\ndef extra():\n    return 1\n")
    indexed.repository.commit("Extra")
    assert indexed.update().embedded == 1
    assert "extra" in names(indexed)

    indexed.repository.git("checkout", "-q", "main")
    assert indexed.update().embedded == 0
    assert "extra" not in names(indexed)

    indexed.repository.git("checkout", "-q", "other")
    assert indexed.update().embedded == 0
    assert "extra" in names(indexed)


def test_a_renamed_file_is_found_at_its_new_place_and_embeds_nothing(indexed: Indexed) -> None:
    indexed.update()
    indexed.repository.git("mv", "hello/tools.py", "hello/mesh_tools.py")
    assert indexed.update().embedded == 0
    assert {e[0] for e in indexed.content() if e[3] == "smooth"} == {"hello/mesh_tools.py"}


def test_uncommitted_work_is_seen_and_what_git_ignores_is_not(indexed: Indexed) -> None:
    indexed.update()
    indexed.repository.write(".gitignore", "*.generated.py\n")
    indexed.repository.write("hello/new.py", "def fresh():\n    pass\n")
    indexed.repository.write("hello/a.generated.py", "def hidden():\n    pass\n")
    (indexed.repository.root / "README.md").unlink()

    indexed.update()

    assert "fresh" in names(indexed)
    assert "hidden" not in names(indexed)
    assert not any(e[0] == "README.md" for e in indexed.content())


def test_a_commit_is_indexed_as_it_was_whatever_lies_there(indexed: Indexed) -> None:
    start = indexed.repository.git("rev-parse", "HEAD")
    indexed.update()
    committed = indexed.content()
    indexed.repository.write("hello/tools.py", "def other(): pass\n")
    indexed.repository.commit("Replace")
    indexed.update()
    assert indexed.update(at=start).embedded == 0
    assert indexed.content() == committed


def test_an_edit_of_equal_size_in_the_same_moment_is_seen(indexed: Indexed) -> None:
    file = indexed.repository.write("hello/tools.py", TOOLS)
    indexed.update()
    times = file.stat()
    indexed.repository.write("hello/tools.py", TOOLS.replace("smooth(mesh)", "smooth(mash)"))
    os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))

    assert indexed.update().embedded == 1


def test_touching_a_file_changes_nothing(indexed: Indexed) -> None:
    indexed.update()
    with indexed.store() as store:
        before = store.info()
    os.utime(indexed.repository.root / "hello/tools.py")
    assert indexed.update().embedded == 0
    with indexed.store() as store:
        assert store.info().generation == before.generation


def test_a_fork_in_another_folder_embeds_its_difference_alone(indexed: Indexed, tmp_path: Path) -> None:
    indexed.update()
    indexed.repository.git("clone", "-q", str(indexed.repository.root), str(tmp_path / "fork"))
    fork = Indexed(Repository(tmp_path / "fork"), indexed.wanted.cache)
    fork.repository.write("hello/tools.py", TOOLS.replace("Smooth a mesh", "Smooth a mesh well"))

    stats = fork.update()

    assert stats.embedded == len(set(fork.keys()) - set(indexed.keys()))
    assert stats.reused > 0
    assert fork.path != indexed.path


def test_another_embedder_embeds_everything_once_and_the_first_is_kept(indexed: Indexed, tmp_path: Path) -> None:
    first = indexed.update()
    bare = Indexed(indexed.repository, indexed.wanted.cache, "none")
    assert bare.update().embedded == 0
    with bare.store() as store:
        assert store.info().model == "none"
    assert Indexed(indexed.repository, indexed.wanted.cache, "static").update().embedded == 0
    assert indexed.update().chunks == first.chunks


def test_an_index_remembers_its_embedder(indexed: Indexed) -> None:
    Indexed(indexed.repository, indexed.wanted.cache, "none").update()
    indexed.update()
    with indexed.store() as store:
        assert store.info().embedder == "none"


def test_links_submodules_and_odd_names_are_left_out_and_listed(indexed: Indexed, tmp_path: Path) -> None:
    library = addon(tmp_path / "library")
    indexed.repository.git("submodule", "--quiet", "add", str(library.root), "vendored_library")
    (indexed.repository.root / "link.py").symlink_to("hello/tools.py")
    os.mkfifo(indexed.repository.root / "pipe.py")
    (indexed.repository.root / os.fsdecode(b"caf\xe9.py")).write_text("x = 1\n")
    indexed.update()
    skipped = indexed.skipped()
    assert skipped["link.py"] == "a link"
    assert skipped["vendored_library"] == "a submodule"
    assert skipped["caf\\xe9.py"] == "a name that is no UTF-8"
    assert not any(str(e[0]).startswith(("link", "pipe", "vendored")) for e in indexed.content())
    assert indexed.update().embedded == 0


class Slipping(Worktree):
    """A working tree in which a file goes away, or is closed to us, between being listed and being read."""

    def read(self, files: Sequence[TreeFile]) -> Iterator[bytes | None]:
        gone = self.checkout.root / "hello/tools.py"
        gone.unlink()
        gone.mkdir()  # what cannot be read even by root
        return super().read(files)


def test_a_file_that_cannot_be_read_is_listed_and_seen_when_it_can_be(indexed: Indexed) -> None:
    checkout = Checkout.open(indexed.repository.root)
    index(checkout, indexed.wanted, tree=Slipping(checkout))
    assert indexed.skipped()["hello/tools.py"] == "cannot be read"
    assert "HELLO_PT_panel" in names(indexed)

    (indexed.repository.root / "hello/tools.py").rmdir()
    indexed.repository.write("hello/tools.py", TOOLS)
    indexed.update()
    assert "smooth" in names(indexed)


def test_a_rewritten_history_ends_where_a_fresh_build_does(indexed: Indexed, tmp_path: Path) -> None:
    indexed.repository.write("hello/tools.py", TOOLS.replace("True", "False"))
    indexed.repository.commit("Fix #3: the mesh stays flat")
    indexed.update()
    assert any(str(e[3]).startswith("Fix #3") for e in indexed.content())

    indexed.repository.git("reset", "-q", "--hard", "HEAD~1")
    indexed.repository.git("commit", "-q", "--amend", "-m", "Another start")
    indexed.repository.git("reflog", "expire", "--expire=now", "--all")
    indexed.repository.git("gc", "-q", "--prune=now")
    indexed.update()

    fresh = Indexed(indexed.repository, tmp_path / "elsewhere")
    fresh.update()
    assert indexed.content() == fresh.content()
    assert not any(str(e[3]).startswith("Fix #3") for e in indexed.content())


def test_shallow_clones_detached_heads_and_plain_folders_are_indexed(indexed: Indexed, tmp_path: Path) -> None:
    indexed.repository.commit("Second")
    shallow = tmp_path / "shallow"
    indexed.repository.git("clone", "-q", "--depth=1", f"file://{indexed.repository.root}", str(shallow))
    indexed.repository.git("checkout", "-q", "--detach", "HEAD")
    plain = tmp_path / "plain"
    (plain / "hello").mkdir(parents=True)
    (plain / "hello" / "tools.py").write_text(TOOLS)
    empty = tmp_path / "empty"
    Repository(empty)

    assert indexed.update().chunks > 0
    assert index(Checkout.open(shallow), indexed.wanted).chunks > 0
    assert index(Checkout.open(plain), indexed.wanted).chunks > 0
    assert index(Checkout.open(empty), indexed.wanted).chunks == 0


TEXTS = st.sampled_from([PANEL, TOOLS, README, TOOLS.replace("mesh", "curve"), "def broken(:\n  x", "", "x = 1\n"])
PATHS = st.sampled_from(["a.py", "b.py", "pkg/c.py", "README.md", "pkg/d.py"])
EDITS = st.lists(st.tuples(PATHS, st.one_of(st.none(), TEXTS), st.booleans()), min_size=1, max_size=6)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(edits=EDITS)
def test_after_any_edits_the_index_is_what_a_fresh_build_makes(
    edits: list[tuple[str, str | None, bool]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("any")
    indexed = Indexed(addon(folder / "repo"), folder / "cache")
    indexed.update()
    for path, text, commit in edits:
        if text is None:
            (indexed.repository.root / path).unlink(missing_ok=True)
        else:
            indexed.repository.write(path, text)
        if commit:
            indexed.repository.commit()
        indexed.update()
    fresh = Indexed(indexed.repository, folder / "elsewhere")
    fresh.update()
    assert indexed.keys() == fresh.keys()
    assert indexed.content() == fresh.content()
