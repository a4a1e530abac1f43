"""The environment chooses the shelf; an address that is none is not repeated, for it can hold a password."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.errors import UsageError
from indexer.shelves.database import Database
from indexer.shelves.files import Files
from indexer.shelves.registry import VARIABLE, chosen


@pytest.mark.parametrize("value", [None, "", "  "])
def test_indexes_are_files_unless_a_database_is_named(
    value: str | None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    if value is not None:
        monkeypatch.setenv(VARIABLE, value)
    assert chosen(tmp_path) == Files(tmp_path)


@pytest.mark.parametrize("scheme", ["postgresql", "postgres"])
def test_a_database_is_named_by_its_address_which_is_never_shown(
    scheme: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(VARIABLE, f"{scheme}://me:horse@host/x\n")
    shelf = chosen(tmp_path)
    assert shelf == Database(f"{scheme}://me:horse@host/x")
    assert "horse" not in repr(shelf)


@pytest.mark.parametrize("value", ["mysql://me:horse@host/x", "host=x password=horse", "/var/lib/horse", "horse"])
def test_anything_else_is_wrong_use(value: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(VARIABLE, value)
    with pytest.raises(UsageError) as caught:
        chosen(tmp_path)
    assert "horse" not in f"{caught.value} {caught.value.cure}"
    assert "postgresql://" in caught.value.cure
