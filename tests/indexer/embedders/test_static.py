"""The model that ships: it is what its provenance says, it knows words, and it says so when it is damaged."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.embedders.static import MODEL, StaticEmbedder
from indexer.errors import MissingError

MEGABYTES = 9
ONE = StaticEmbedder()  # reads nothing before it is used


@pytest.fixture(scope="module")
def embedder() -> StaticEmbedder:
    return ONE


def test_files_are_what_the_provenance_says(embedder: StaticEmbedder) -> None:
    about = json.loads((MODEL / "model.json").read_text("utf-8"))
    for name, expected in about["sha256"].items():
        assert hashlib.sha256((MODEL / name).read_bytes()).hexdigest() == expected, name
    assert embedder.name == f"static-minilm-256-{about['sha256']['vectors.npy'][:8]}"
    assert embedder.dimensions == 256


def test_licence_and_provenance_ship_with_it() -> None:
    assert "Apache License" in (MODEL / "LICENSE").read_text("utf-8")
    readme = (MODEL / "README.md").read_text("utf-8")
    assert "all-MiniLM-L6-v2" in readme
    assert "benchmarks/distil.py" in readme
    assert sum(path.stat().st_size for path in MODEL.iterdir()) < MEGABYTES * 1e6


@pytest.mark.parametrize(
    ("one", "near", "far"),
    [
        ("use_auto_smooth", "smooth shading automatically", "delete a file"),
        ("hide an object", "object.hide_set(True)", "export the animation"),
        ("picture", "image", "skeleton"),
        ("bones of an armature", "EditBone", "light energy"),
        ("read a text file", "with open(path) as file: file.read()", "mesh.vertices.add(count)"),
    ],
)
def test_near_in_meaning_is_near(embedder: StaticEmbedder, one: str, near: str, far: str) -> None:
    question = embedder.query(one)
    good, bad = embedder.documents([near, far]) @ question
    assert good > bad


@pytest.mark.parametrize("spelling", ["useAutoSmooth", "UseAutoSmooth", "use auto smooth", "use-auto-smooth"])
def test_an_identifier_is_its_words(embedder: StaticEmbedder, spelling: str) -> None:
    np.testing.assert_array_equal(embedder.query("use_auto_smooth"), embedder.query(spelling))


@given(st.lists(st.text(max_size=200), min_size=1, max_size=8))
@settings(deadline=None)
def test_batches_change_no_bit(texts: list[str]) -> None:
    together = ONE.documents(texts)
    for row, text in zip(together, texts, strict=True):
        np.testing.assert_array_equal(row, ONE.query(text))


def test_nothing_known_is_nothing(embedder: StaticEmbedder) -> None:
    assert not embedder.documents(["", "!!! ???", "模型"]).any()


def test_needs_no_model_library() -> None:
    code = (
        "import sys; from indexer.embedders.registry import create; create('static').query('smooth a mesh');"
        "print([name for name in ('torch', 'tokenizers', 'huggingface_hub', 'model2vec') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=MODEL.parents[2]
    )
    assert done.stdout.strip() == "[]"


def cut(folder: Path) -> None:
    (folder / "vectors.npy").write_bytes((folder / "vectors.npy").read_bytes()[:5_000])


def pickled(folder: Path) -> None:
    np.save(folder / "vectors.npy", np.array([{"a": 1}], dtype=object), allow_pickle=True)


def other_rows(folder: Path) -> None:
    (folder / "words.txt").write_text("mesh\n", encoding="utf-8")


def no_name(folder: Path) -> None:
    (folder / "model.json").write_text("[]", encoding="utf-8")


def no_about(folder: Path) -> None:
    (folder / "model.json").unlink()


@pytest.mark.parametrize("damage", [cut, pickled, other_rows, no_name, no_about])
def test_damage_is_said_with_its_cure(tmp_path: Path, damage: Callable[[Path], None]) -> None:
    folder = Path(shutil.copytree(MODEL, tmp_path / "static"))
    damage(folder)
    with pytest.raises(MissingError, match="missing or damaged") as caught:
        StaticEmbedder(folder).query("mesh")
    assert "pip install" in caught.value.cure
