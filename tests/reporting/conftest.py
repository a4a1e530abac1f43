from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from bot.models.report import Report


@pytest.fixture(scope="session")
def sample() -> ModuleType:
    spec = importlib.util.spec_from_file_location("reporting_sample", Path(__file__).with_name("sample.py"))
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session", autouse=True)
def terminal() -> Iterator[None]:
    """A terminal that has a width: in a dumb one, rich does not look at it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TERM", "xterm-256color")
        yield


@pytest.fixture(scope="session")
def report(sample: ModuleType) -> Report:
    made = sample.report()
    assert isinstance(made, Report)
    return made


@pytest.fixture(scope="session")
def diff(sample: ModuleType) -> str:
    return str(sample.diff())


@pytest.fixture(scope="session")
def bundle(sample: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bundle")
    sample.write_bundle(folder)
    return folder
