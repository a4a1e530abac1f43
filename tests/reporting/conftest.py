from __future__ import annotations

import importlib.util
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import ModuleType

import pytest

from bot.models.report import Report


def loaded(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"reporting_{name}", Path(__file__).with_name(f"{name}.py"))
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def sample() -> ModuleType:
    return loaded("sample")


@pytest.fixture(scope="session")
def models(report: Report) -> Mapping[str, Report]:
    """Runs in which a model had a part, by name: `everything`, `answered`, `unproven`, `silent`."""
    return {name: make(report) for name, make in loaded("sample_model").SAMPLES.items()}


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
