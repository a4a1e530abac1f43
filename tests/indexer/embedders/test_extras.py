"""What models on disk share: fingerprints, and rows that can be compared."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from indexer.embedders.extras import fingerprint, load, plain, unit, weights
from indexer.errors import MissingError


def write(folder: Path, weights: bytes) -> Path:
    folder.mkdir()
    (folder / "config.json").write_text("{}", encoding="utf-8")
    (folder / "model.safetensors").write_bytes(weights)
    return folder


def test_equal_files_have_one_fingerprint(tmp_path: Path) -> None:
    one = fingerprint(write(tmp_path / "one", b"abc"))
    assert one == fingerprint(write(tmp_path / "two", b"abc"))
    assert len(one) == 8


def test_what_is_no_part_of_the_model_does_not_count(tmp_path: Path) -> None:
    folder = write(tmp_path / "one", b"abc")
    before = fingerprint(folder)
    (folder / ".gitattributes").write_text("x", encoding="utf-8")
    (folder / "picture.png").write_bytes(b"x")
    assert fingerprint(folder) == before


@pytest.mark.parametrize("size", [100, 5 << 20])
def test_other_weights_have_another_fingerprint(tmp_path: Path, size: int) -> None:
    drawn = np.random.default_rng(0)
    one = fingerprint(write(tmp_path / "one", drawn.bytes(size)))
    assert one != fingerprint(write(tmp_path / "two", drawn.bytes(size)))
    assert one != fingerprint(write(tmp_path / "three", drawn.bytes(size + 1)))


def test_rows_get_length_one() -> None:
    found = unit([[3.0, 4.0], [0.0, 0.0], [np.inf, 1.0], [np.nan, 1.0]])
    np.testing.assert_allclose(found, [[0.6, 0.8], [0, 0], [0, 0], [0, 0]], atol=1e-6)
    assert found.dtype == np.float32


def test_no_rows_keep_their_width() -> None:
    assert unit([], 5).shape == (0, 5)


def test_plain_text_can_be_encoded() -> None:
    assert plain("a\udc80b" * 10, 4) == "a?ba"


def test_a_missing_package_says_how_to_get_it() -> None:
    with pytest.raises(MissingError, match="Reading minds needs the package no_such_package") as caught:
        load("no_such_package", "minilm", "Reading minds")
    assert caught.value.cure == "Install it: pip install 'bcrag[minilm]'"


def test_a_name_is_found_in_the_hubs_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hub = pytest.importorskip("huggingface_hub.constants", reason="needs the extra minilm")
    monkeypatch.setattr(hub, "HF_HUB_OFFLINE", True)
    monkeypatch.setattr(hub, "HF_HUB_CACHE", str(tmp_path))
    commit = "0123456789012345678901234567890123456789"
    cached = tmp_path / "models--some--model"
    (cached / "refs").mkdir(parents=True)
    (cached / "refs" / "main").write_text(commit, encoding="utf-8")
    (cached / "snapshots").mkdir()
    folder = write(cached / "snapshots" / commit, b"abc")
    assert weights("some/model") == folder
