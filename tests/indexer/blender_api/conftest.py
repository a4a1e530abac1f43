from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from indexer.blender_api import stubs
from indexer.blender_api.described import ApiSymbol
from indexer.blender_api.described_reader import read_described
from indexer.errors import Unreachable


@pytest.fixture(scope="session")
def described(pytestconfig: pytest.Config) -> Callable[[str], Mapping[str, ApiSymbol]]:
    """Everything a release's real stubs say: downloaded once, kept in pytest's cache; skips only without an index."""
    cache = pytestconfig.cache
    assert cache is not None
    read: dict[str, Mapping[str, ApiSymbol]] = {}

    def get(release: str) -> Mapping[str, ApiSymbol]:
        if release not in read:
            folder = cache.mkdir(f"stubs-{release}")
            wheel = next(folder.glob("*.whl"), None)
            try:
                wheel = wheel or stubs.download(release, folder)
            except Unreachable as error:
                pytest.skip(f"the package index is not reachable: {error}")
            read[release] = read_described(wheel).symbols
        return read[release]

    return get
