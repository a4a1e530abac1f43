"""The systems that are measured: BM25 as the yardstick, and the index through one update after the other."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from indexer.embedders.registry import create
from indexer.evaluation.bm25 import Bm25
from indexer.evaluation.commits import History
from indexer.evaluation.history import mine
from indexer.evaluation.ours import BM25, DEFAULT, Shared, ladder
from indexer.evaluation.running import run
from indexer.evaluation.systems import Snapshot
from indexer.evaluation.tables import difference, history_table, rows

pytest.importorskip("bm25s")

Commit = Callable[..., str]

EXPORT = "def export_armature(scene):\n    bones = collect(scene)\n    return write(bones)\n"
TEXTURE = '''\
class Baker:
    """Bakes textures."""

    size = 1024

    def bake_texture(self, image):
        return image.pixels

    def save_image(self, image):
        return image.save()
'''


@pytest.fixture
def history(repository: Path, commit: Commit) -> History:
    commit("Start", export_py=EXPORT, texture_py=TEXTURE)
    commit("Fix texture baking of float pixels", texture_py=TEXTURE.replace("image.pixels", "list(image.pixels)"))
    commit("Fix armature export without bones", export_py=EXPORT.replace("write(bones)", "write(bones or [])"))
    return History.open(repository)


def snapshot(history: History, name: str = "HEAD") -> Snapshot:
    commit = history.resolve(name)
    return Snapshot(history.root, commit, history.tree(commit), history.read)


def test_bm25_ranks_by_rare_words() -> None:
    index = Bm25([["bone", "the"], ["texture", "the"], ["texture", "bake", "the"]])
    assert index.best(["bake", "texture"], 10) == [2, 1]
    assert index.best(["bake", "texture"], 1) == [2]
    assert index.best(["nothing"], 10) == []


@pytest.mark.parametrize("documents", [[], [[]], [[], []]])
def test_bm25_of_nothing_finds_nothing(documents: list[list[str]]) -> None:
    assert Bm25(documents).best(["word"], 10) == []


def test_every_system_of_the_ladder_answers_every_case(history: History, tmp_path: Path) -> None:
    cases = mine(history, "r")
    assert len(cases) == 2
    shared = Shared(tmp_path / "index.sqlite", create("static"))
    systems = ladder(shared)
    outcomes = list(run(history, cases, systems))
    shared.close()
    assert len({system.name for system in systems}) == len(systems)
    assert {row.system for row in rows(outcomes)} == {system.name for system in systems}
    assert all(row.cases == 2 for row in rows(outcomes))
    yardstick = next(row for row in rows(outcomes) if row.system == BM25)
    assert yardstick.means["file_recall"] == 1, "each message names what its file is about"
    assert difference(outcomes, DEFAULT, BM25, "file_recall").pairs == 2
    assert DEFAULT in history_table(outcomes)


def test_only_what_changed_from_tree_to_tree_is_embedded(history: History, tmp_path: Path) -> None:
    shared = Shared(tmp_path / "index.sqlite", create("static"))
    shared.load(snapshot(history, "HEAD~2"))
    first = shared.embedded
    shared.load(snapshot(history, "HEAD~1"))
    assert 0 < shared.embedded - first < first
    second = shared.embedded
    shared.load(snapshot(history, "HEAD~2"))
    assert shared.embedded == second, "a tree that was there before costs nothing"
    shared.close()


def test_an_answer_is_about_the_tree_that_was_loaded_last(history: History, tmp_path: Path) -> None:
    shared = Shared(tmp_path / "index.sqlite", create("none"))
    for system in ladder(shared):
        for name, there in (("HEAD", True), ("HEAD~2", True)):
            system.load(snapshot(history, name))
            if "dense" not in system.name:
                assert ("export.py" in {place.path for place in system.rank("export armature bones", 5)}) == there
    shared.close()


def test_the_chunk_of_a_class_is_not_its_methods(history: History, tmp_path: Path) -> None:
    shared = Shared(tmp_path / "index.sqlite", create("none"))
    shared.load(snapshot(history))
    chunks = shared.store.chunks(row.id for row in shared.store.names())
    (place,) = [shared.place(chunk) for chunk in chunks.values() if chunk.role == "class"]
    shared.close()
    shown = {line for start, end in place.shown for line in range(start, end + 1)}
    assert 4 in shown, "its attributes are its own"
    assert not shown & {6, 7, 9, 10}, "its methods' lines are not"
