"""What indexes in files promise beyond the contract of every shelf: old names last, fresh vectors are taken over."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from indexer.errors import IndexerError
from indexer.places import api_index, code_index
from indexer.shelves.base import api
from indexer.shelves.files import Files
from indexer.stores.base import Info, Store


def of_model(model: str) -> object:
    def work(store: Store) -> None:
        with store.write() as writer:
            writer.describe(Info("code", "c0ffee", model, 2, "test"))
        store.add_vectors(model, ["0" * 64], np.eye(2, dtype=np.float32)[:1])

    return work


def test_indexes_lie_where_they_are_looked_for(tmp_path: Path) -> None:
    shelf = Files(tmp_path)
    assert shelf.path(shelf.code(tmp_path / "my addon")) == code_index(tmp_path, tmp_path / "my addon")
    assert shelf.path(api("4.5")) == api_index(tmp_path, "4.5")


def test_donors_are_others_of_the_same_kind_and_model(tmp_path: Path) -> None:
    shelf = Files(tmp_path)
    for name, model in (("mine", "a"), ("same", "a"), ("other", "b"), ("api-4.5", "a")):
        shelf.write(name, of_model(model), print)  # type: ignore[arg-type]
    (tmp_path / "index" / "diary.sqlite").write_text("dear diary")
    donors = list(shelf.donors("mine", "a"))
    assert [Path(donor.place).name for donor in donors] == ["same.sqlite"]
    for donor in donors:
        with closing(donor):
            assert donor.missing("a", ["0" * 64]) == []


def test_a_place_that_cannot_be_looked_at_is_named(tmp_path: Path) -> None:
    shelf = Files(tmp_path / ("x" * 300))
    with pytest.raises(IndexerError, match="cannot be opened") as caught:
        shelf.read("any")
    assert "--cache" in caught.value.cure
    assert shelf.exists("any")  # reading it says why not
