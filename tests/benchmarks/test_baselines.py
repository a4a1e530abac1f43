"""The baselines that retrieval is measured against do what their descriptions say."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.evaluation.systems import Snapshot

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))

from baselines.checkout import Folder
from baselines.pieces import PieceTrees, cut
from baselines.plain_bm25 import PlainBm25
from baselines.ripgrep import WINDOW, Ripgrep, windows, words_of

MESH = """\
import bpy


def triangulate(mesh):
    return mesh.loops


class Exporter:
    def write(self):
        pass
"""
BONE = "def roll(bone):\n    return bone.roll\n"


def snapshot(files: Mapping[str, str], commit: str = "1") -> Snapshot:
    def read(blobs: Sequence[str]) -> Iterator[bytes]:
        return (blob.encode() for blob in blobs)

    return Snapshot(Path(), commit, dict(files), read)


def test_a_file_is_cut_before_every_definition() -> None:
    found = [(piece.start, piece.end, piece.text.split()[:2]) for piece in cut("a.py", MESH)]
    assert found == [
        (1, 3, ["import", "bpy"]),
        (4, 7, ["def", "triangulate(mesh):"]),
        (8, 8, ["class", "Exporter:"]),
        (9, 10, ["def", "write(self):"]),
    ]


@given(
    st.lists(st.sampled_from(["def f():", "    x = 1", "class C:", "", "    async def g(self):", "# é"]), max_size=12)
)
def test_pieces_are_the_lines_they_say(lines: list[str]) -> None:
    text = "\n".join(lines)
    for piece in cut("a.py", text):
        assert piece.text.rstrip("\n") == "\n".join(lines[piece.start - 1 : piece.end]).rstrip("\n")


def test_bm25_over_pieces_follows_the_tree() -> None:
    pytest.importorskip("bm25s")
    system = PlainBm25(PieceTrees())
    system.load(snapshot({"mesh.py": MESH, "bone.py": BONE}))
    assert [place.path for place in system.rank("roll bone", 5)] == ["bone.py"]
    system.load(snapshot({"mesh.py": MESH, "readme.md": BONE}, "2"))
    assert system.rank("roll bone", 5) == []


def test_the_folder_becomes_each_tree_in_turn(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    assert folder.load(snapshot({"a.py": MESH, "sub/b.py": BONE, "../evil.py": BONE, "c.md": ""}))
    assert {path.name for path in tmp_path.rglob("*.py")} == {"a.py", "b.py"}
    assert not (tmp_path.parent / "evil.py").exists()
    assert folder.load(snapshot({"a.py": BONE}, "2"))
    assert [path.read_text() for path in tmp_path.rglob("*.py")] == [BONE]
    assert not folder.load(snapshot({"a.py": BONE}, "3"))


@pytest.mark.skipif(shutil.which("rg") is None, reason="ripgrep (rg) is not installed")
def test_ripgrep_puts_the_file_with_most_different_words_first(tmp_path: Path) -> None:
    system = Ripgrep(Folder(tmp_path))
    system.load(snapshot({"a.py": "roll\n" * 50, "b.py": "the bone\nmay roll\n", "c.py": "nothing\n"}))
    places = system.rank("Where does the BONE roll?", 10)
    assert [place.path for place in places][:2] == ["b.py", "a.py"]
    assert "c.py" not in {place.path for place in places}
    assert system.rank("is it the", 10) == []


def test_words_are_asked_for_once_without_the_commonest() -> None:
    assert words_of("What does Mesh.loops do to the mesh.loops?") == ["mesh.loops", "loops"]


@given(st.dictionaries(st.integers(1, 500), st.sets(st.sampled_from("abc"), min_size=1), min_size=1, max_size=40))
def test_windows_do_not_overlap_and_the_best_is_first(lines: dict[int, set[str]]) -> None:
    found = windows("a.py", lines)
    starts = sorted(place.start for place in found)
    assert all(second - first >= WINDOW for first, second in pairwise(starts))
    held = [len(set().union(*(w for n, w in lines.items() if p.start <= n <= p.end))) for p in found]
    assert held[0] == max(held)
