from __future__ import annotations

from collections.abc import Callable

import pytest

from indexer.blender_api import stubs
from indexer.blender_api.table import ApiTable
from indexer.errors import Unreachable


@pytest.fixture(scope="session")
def api(pytestconfig: pytest.Config) -> Callable[[str], ApiTable]:
    """The real API of a release: downloaded once, kept in pytest's cache; skips only without an index."""
    cache = pytestconfig.cache
    assert cache is not None
    folder = cache.mkdir("api")
    tables: dict[str, ApiTable] = {}

    def get(release: str) -> ApiTable:
        if release not in tables:
            table = stubs.load(release, folder)
            if table is None:
                try:
                    stubs.fetch(release, folder)
                except Unreachable as error:
                    pytest.skip(f"the package index is not reachable: {error}")
                table = stubs.load(release, folder)
            assert table is not None
            tables[release] = table
        return tables[release]

    return get
